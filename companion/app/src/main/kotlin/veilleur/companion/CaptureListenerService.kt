/** Where Android hands its notifications over. The user's grant is tied to this class' name: it never changes. */
package veilleur.companion

import android.service.notification.NotificationListenerService
import android.service.notification.StatusBarNotification
import veilleur.companion.capture.ActiveKeys
import veilleur.companion.core.wire.EventKind

/** Maps and hands over on the main thread; whatever takes time happens in the program's own threads. */
class CaptureListenerService : NotificationListenerService() {
    private val keys = ActiveKeys()
    private val sensor: Sensor get() = (application as CompanionApplication).sensor

    override fun onListenerConnected() = tellActive()

    /** Hands over all that is up now; on connecting, and whenever the program asks. */
    fun tellActive() {
        val active = activeOrNull()
        if (active != null) keys.replaceAll(active.map { it.key })
        val map = contained { currentRanking }
        val wanted = active?.filter(sensor.capturer::isWanted)
        sensor.listenerConnected(this, wanted?.mapNotNull { contained { captured(EventKind.ACTIVE, it, map) } })
    }

    override fun onListenerDisconnected() = sensor.listenerDisconnected()

    override fun onDestroy() {
        sensor.listenerDisconnected()
        super.onDestroy()
    }

    override fun onNotificationPosted(posted: StatusBarNotification, ranking: RankingMap) {
        contained { if (sensor.capturer.isWanted(posted)) sensor.take(captured(keys.posted(posted.key), posted, ranking)) }
    }

    override fun onNotificationRemoved(removed: StatusBarNotification, ranking: RankingMap, reason: Int) {
        keys.removed(removed.key)
        contained { if (sensor.capturer.isRemovalWanted(removed)) sensor.take(sensor.capturer.removed(removed, reason)) }
    }

    /** Clears notifications that are safely on disk; any thread. */
    fun clear(keys: List<String>) = try {
        cancelNotifications(keys.toTypedArray())
    } catch (_: SecurityException) {
        Unit
    }

    /** What Android has up now; null where it does not say, as while it is letting go of us. */
    private fun activeOrNull(): List<StatusBarNotification>? = try {
        activeNotifications?.filterNotNull()
    } catch (_: RuntimeException) {
        null
    }

    /** The boundary of Android's callbacks: a fault costs the one notification, and is counted. */
    private fun <T> contained(work: () -> T): T? = try {
        work()
    } catch (_: RuntimeException) {
        sensor.noteFault()
        null
    }

    private fun captured(event: EventKind, posted: StatusBarNotification, map: RankingMap?) =
        sensor.capturer.posted(event, posted, Ranking().takeIf { map?.getRanking(posted.key, it) == true })
}
