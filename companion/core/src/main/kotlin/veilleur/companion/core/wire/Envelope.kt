package veilleur.companion.core.wire

import java.time.Instant

/** The only version of the contract that this program speaks. */
const val CONTRACT_VERSION = 1
const val MAX_ENVELOPE_BYTES = 256 * 1024
const val MAX_DEPTH = 64
const val MAX_SEQ = 1L shl 53
const val SPOOL_PACKAGE = "veilleur.spool"
const val COMPANION_PACKAGE = "veilleur.companion"

/** What happened to a notification; `wire` is its word in an envelope. */
enum class EventKind(val wire: String) {
    POSTED("posted"),
    UPDATED("updated"),
    REMOVED("removed"),
    ACTIVE("active"),
    LOST("lost"),
}

/** Why a device can no longer send a seq that it gave out. */
enum class LostReason(val wire: String) {
    CORRUPT("corrupt"),
    OVERSIZE("oversize"),
    CAP("cap"),
    REFUSED("refused"),
    TRIMMED("trimmed"),
}

/** What is taken out of words, as `redacted` names it. */
enum class RedactionKind(val wire: String) {
    OTP("otp"),
    CARD("card"),
    IBAN("iban"),
    SENSITIVE("sensitive"),
}

/** The program that made an envelope. */
data class SourceInfo(val kind: String, val version: String? = null)

/** The app whose notification it is. */
data class AppInfo(val packageName: String, val label: String? = null, val version: String? = null)

/**
 * One event of one notification, as captured by one device: the whole of a message on the wire.
 *
 * `event` is a word of EventKind, or one that only a later release knows.
 */
data class Envelope(
    val id: String,
    val device: String,
    val event: String,
    val capturedAt: Instant,
    val source: SourceInfo,
    val app: AppInfo,
    val epoch: String? = null,
    val seq: Long? = null,
    val removalReason: String? = null,
    val locale: String? = null,
    val user: Long? = null,
    val redacted: List<String>? = null,
    val truncated: List<String>? = null,
    val notification: RawNotification? = null,
    val throughSeq: Long? = null,
    val reason: String? = null,
)
