package veilleur.companion.capture

import android.app.Notification
import android.os.Bundle
import android.service.notification.NotificationListenerService.Ranking
import android.service.notification.StatusBarNotification
import veilleur.companion.core.wire.RawNotification

/** Says in the contract's fields what Android shows: every word as it stands, nothing judged. */
object NotificationMapper {
    fun map(posted: StatusBarNotification, ranking: Ranking?): RawNotification {
        val shown = posted.notification
        val extras = shown.extras ?: Bundle.EMPTY
        val bare = RawNotification(
            key = posted.key,
            id = posted.id.toLong(),
            tag = posted.tag,
            group = shown.group,
            isGroupSummary = shown.flags has Notification.FLAG_GROUP_SUMMARY,
            channel = shown.channelId,
            channelName = ranking?.channel?.name.words(),
            category = shown.category,
            importance = ranking?.importance?.takeIf { it >= 0 }?.toLong(),
            visibility = shown.visibility.toLong(),
            flags = shown.flags.toLong(),
            postedAtMs = posted.postTime,
            whenMs = shown.`when`,
            ongoing = shown.flags has Notification.FLAG_ONGOING_EVENT,
            shortcutId = shown.shortcutId,
            ticker = shown.tickerText.words(),
            number = shown.number.takeIf { it != 0 }?.toLong(),
            actions = shown.actions?.mapNotNull { it?.title.words() }.unlessEmpty(),
        )
        return withWords(bare, extras)
    }

    /** A removal carries the key alone: its words were said when it was posted. */
    fun mapRemoved(removed: StatusBarNotification): RawNotification =
        RawNotification(key = removed.key, postedAtMs = removed.postTime)

    private fun withWords(bare: RawNotification, extras: Bundle): RawNotification = bare.copy(
        title = extras.words(Notification.EXTRA_TITLE),
        text = extras.words(Notification.EXTRA_TEXT),
        bigText = extras.words(Notification.EXTRA_BIG_TEXT),
        subText = extras.words(Notification.EXTRA_SUB_TEXT),
        summaryText = extras.words(Notification.EXTRA_SUMMARY_TEXT),
        infoText = extras.words(Notification.EXTRA_INFO_TEXT),
        textLines = extras.lines(Notification.EXTRA_TEXT_LINES),
        conversationTitle = extras.words(Notification.EXTRA_CONVERSATION_TITLE),
        isGroupConversation = extras.truth(EXTRA_IS_GROUP_CONVERSATION),
        selfName = People.selfName(extras),
        messages = Messages.read(extras, Notification.EXTRA_MESSAGES),
        historicMessages = Messages.read(extras, Notification.EXTRA_HISTORIC_MESSAGES),
        template = extras.words(Notification.EXTRA_TEMPLATE),
        people = People.read(extras),
        progress = progressOf(extras),
        extras = OtherExtras.read(extras),
    )

    /** Android writes a progress of 0 into every notification: only one that has a bar means it. */
    private fun progressOf(extras: Bundle): Long? {
        val hasBar = (extras.number(Notification.EXTRA_PROGRESS_MAX) ?: 0) != 0L ||
            extras.truth(Notification.EXTRA_PROGRESS_INDETERMINATE) == true
        return if (hasBar) extras.number(Notification.EXTRA_PROGRESS) ?: 0 else null
    }

    private infix fun Int.has(flag: Int): Boolean = this and flag != 0
}
