/** What we post ourselves: the notice that we watch, and the canary. */
package veilleur.companion.alive

import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.PendingIntent
import android.content.Context
import android.content.Intent
import veilleur.companion.service
import veilleur.companion.R
import veilleur.companion.health.SensorState
import veilleur.companion.health.standingOf
import veilleur.companion.screen.Figures
import veilleur.companion.screen.StatusActivity
import veilleur.companion.screen.Wording

const val CANARY_CHANNEL = "canary"
const val WATCHING_CHANNEL = "watching"
const val WATCHING_ID = 1
private const val CANARY_ID = 7
private const val CANARY_TAG = "canary"
private const val CANARY_LIFE_MS = 120_000L

/** Our own two notifications: the one that says that we are watching, and the canary. */
class Notices(private val context: Context) {
    private val manager = context.service<NotificationManager>()

    @Volatile private var shown: Notification? = null

    fun makeChannels() {
        channel(WATCHING_CHANNEL, R.string.channel_watching, R.string.channel_watching_about, NotificationManager.IMPORTANCE_LOW)
        channel(CANARY_CHANNEL, R.string.channel_canary, R.string.channel_canary_about, NotificationManager.IMPORTANCE_MIN)
    }

    /** Whether our notices come through, the canary's among them, whose channel can be switched off by itself. */
    fun mayPost(): Boolean {
        val canary = manager.getNotificationChannel(CANARY_CHANNEL) ?: return false
        return manager.areNotificationsEnabled() && canary.importance != NotificationManager.IMPORTANCE_NONE
    }

    /** The notice as it was last shown; before the first reading, without a word of how things stand. */
    fun latest(): Notification = shown ?: watching(context.getString(R.string.app_name), due = null)

    fun watching(state: SensorState): Notification {
        val wording = Wording(context)
        val headline = wording.headline(standingOf(state).headline)
        val title = context.getString(R.string.notice, headline, Figures(context).waiting(state.spool.waiting))
        return watching(title, wording.openingsDue(state))
    }

    private fun watching(title: String, due: String?): Notification =
        Notification.Builder(context, WATCHING_CHANNEL)
            .setSmallIcon(R.drawable.ic_watching)
            .setContentTitle(title)
            .setContentText(due)
            .setStyle(due?.let { Notification.BigTextStyle().bigText(it) })
            .setContentIntent(openStatus())
            .setOngoing(true)
            .setOnlyAlertOnce(true)
            .setShowWhen(false)
            .setCategory(Notification.CATEGORY_SERVICE)
            .setVisibility(Notification.VISIBILITY_PUBLIC)
            .build()

    /** Brings the notice up to date, where its words have changed. */
    fun show(state: SensorState) {
        val notice = watching(state)
        if (wordsOf(notice) == shown?.let(::wordsOf)) return
        shown = notice
        manager.notify(WATCHING_ID, notice)
    }

    /** Posts the marked notification that must come back through the listener; it goes by itself. */
    fun postCanary(mark: String) {
        val canary = Notification.Builder(context, CANARY_CHANNEL)
            .setSmallIcon(R.drawable.ic_watching)
            .setContentTitle(context.getString(R.string.app_name))
            .setContentText(mark)
            .setTimeoutAfter(CANARY_LIFE_MS)
            .build()
        manager.notify(CANARY_TAG, CANARY_ID, canary)
    }

    private fun wordsOf(notice: Notification) =
        listOf(Notification.EXTRA_TITLE, Notification.EXTRA_TEXT).map { notice.extras.getCharSequence(it)?.toString() }

    private fun channel(id: String, name: Int, about: Int, importance: Int) {
        val channel = NotificationChannel(id, context.getString(name), importance)
        channel.description = context.getString(about)
        channel.setShowBadge(false)
        manager.createNotificationChannel(channel)
    }

    private fun openStatus(): PendingIntent =
        PendingIntent.getActivity(context, 0, Intent(context, StatusActivity::class.java), PendingIntent.FLAG_IMMUTABLE)
}
