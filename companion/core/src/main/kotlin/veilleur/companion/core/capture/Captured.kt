package veilleur.companion.core.capture

import java.time.Instant
import veilleur.companion.core.wire.AppInfo
import veilleur.companion.core.wire.EventKind
import veilleur.companion.core.wire.Picture
import veilleur.companion.core.wire.RawNotification

/**
 * One event of one notification as Android told it, before policy, screen and spool.
 *
 * `picture` makes the thumbnail; it is called only where the config wants pictures of this app.
 */
data class Captured(
    val event: EventKind,
    val capturedAt: Instant,
    val app: AppInfo,
    val notification: RawNotification,
    val user: Long? = null,
    val locale: String? = null,
    val removalReason: String? = null,
    val picture: (() -> Picture?)? = null,
)

/** Why an event takes no seq and is only counted. */
enum class DropReason(val wire: String) {
    NO_CONFIG("no_config"),
    APP("app"),
    CHANNEL("channel"),
    CHAT("chat"),
    ONGOING("ongoing"),
    MEDIA("media"),
    PROGRESS("progress"),

    /** The disk takes nothing, and no more events can wait in memory. */
    OVERFLOW("overflow"),

    /** A fault of this program: the event could not be made into an envelope. */
    OWN_ERROR("own_error"),
}
