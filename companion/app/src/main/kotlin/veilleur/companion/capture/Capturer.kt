package veilleur.companion.capture

import android.app.Notification
import android.content.Context
import android.service.notification.NotificationListenerService.Ranking
import android.service.notification.StatusBarNotification
import java.time.Instant
import veilleur.companion.alive.CANARY_CHANNEL
import veilleur.companion.core.capture.Captured
import veilleur.companion.core.wire.EventKind

/** Turns Android's callbacks into captured events: who, when, and the notification as it stands. */
class Capturer(
    private val context: Context,
    private val apps: AppCatalog,
    private val now: () -> Instant,
    private val wantsPictures: (String) -> Boolean,
) {
    private val thumbnails = Thumbnail(context)

    /** Of our own notifications the canary alone is one to capture. */
    fun isWanted(posted: StatusBarNotification): Boolean =
        posted.packageName != context.packageName || posted.notification.channelId == CANARY_CHANNEL

    fun isRemovalWanted(removed: StatusBarNotification): Boolean = removed.packageName != context.packageName

    fun posted(event: EventKind, posted: StatusBarNotification, ranking: Ranking?): Captured = Captured(
        event = event,
        capturedAt = now(),
        app = apps.describe(posted.packageName),
        notification = NotificationMapper.map(posted, ranking),
        user = userOf(posted),
        locale = locale(),
        picture = if (wantsPictures(posted.packageName)) pictureOf(posted.notification) else null,
    )

    fun removed(removed: StatusBarNotification, reason: Int): Captured = Captured(
        event = EventKind.REMOVED,
        capturedAt = now(),
        app = apps.describe(removed.packageName),
        notification = NotificationMapper.mapRemoved(removed),
        user = userOf(removed),
        locale = locale(),
        removalReason = RemovalReasons.nameOf(reason),
    )

    private fun pictureOf(shown: Notification) = shown.extras?.let { extras -> { thumbnails.of(extras) } }

    private fun locale(): String = context.resources.configuration.locales[0].toLanguageTag()

    /** The profile's number; its successor, UserHandle, keeps the number to itself. */
    @Suppress("DEPRECATION")
    private fun userOf(posted: StatusBarNotification): Long = posted.userId.toLong()
}
