package veilleur.companion.core.capture

import java.util.Locale
import veilleur.companion.core.wire.AppRule
import veilleur.companion.core.wire.AutoClear
import veilleur.companion.core.wire.COMPANION_PACKAGE
import veilleur.companion.core.wire.ClearMode
import veilleur.companion.core.wire.DeviceConfig
import veilleur.companion.core.wire.EventKind
import veilleur.companion.core.wire.NoiseRule
import veilleur.companion.core.wire.RawNotification
import veilleur.companion.core.wire.Selection
import veilleur.companion.core.wire.SelectionMode

/** The channel, and the tag, of the companion's own marked notification. */
const val CANARY_CHANNEL = "canary"

/** From so many active notifications of one app on, Android is soon to shed further ones. */
const val MANY_ACTIVE = 20

private const val FLAG_ONGOING_EVENT = 0x02L
private const val FLAG_NO_CLEAR = 0x20L
private const val FLAG_FOREGROUND_SERVICE = 0x40L
private const val MEDIA_CATEGORY = "transport"
private const val MEDIA_TEMPLATE = "MediaStyle"
private const val PROGRESS_CATEGORY = "progress"
private val TIKTOK = setOf("com.zhiliaoapp.musically", "com.ss.android.ugc.trill")

/** One config as decisions; before the first config the companion's canary alone is captured. */
class CapturePolicy(private val config: DeviceConfig?) {
    private val rules = config?.apps.orEmpty().associateBy(AppRule::packageName)
    private val noise = config?.noise ?: NoiseRule()

    /** The apps on the allow-list. */
    val packages: Set<String> get() = rules.keys

    /** Return why the event is dropped, or null where it is captured; of what is over, the app alone is looked at. */
    fun reasonToDrop(captured: Captured): DropReason? {
        val shown = captured.notification
        if (captured.app.packageName == COMPANION_PACKAGE) {
            return if (shown.channel == CANARY_CHANNEL) null else DropReason.ONGOING
        }
        if (config == null) return DropReason.NO_CONFIG
        val rule = rules[captured.app.packageName] ?: return DropReason.APP
        return when {
            captured.event == EventKind.REMOVED -> null
            !admitsChannel(rule.channels, shown.channel) -> DropReason.CHANNEL
            !admitsChat(rule.chats, shown) -> DropReason.CHAT
            else -> noiseOf(shown)
        }
    }

    /** Tell whether thumbnails of this app are wanted. */
    fun wantsPictures(packageName: String): Boolean {
        val rule = rules[packageName] ?: return false
        return rule.pictures ?: config?.pictures ?: false
    }

    /**
     * Tell whether a captured notification is to be cleared once it is safely spooled.
     *
     * Where the config does not say, TikTok's always are and others' from 20 active ones of the app on. A group's
     * summary never is: Android clears the group with it, spooled or not.
     */
    fun clears(captured: Captured, activeOfApp: Int): Boolean {
        val shown = captured.notification
        val isClearable = (shown.flags ?: 0) and (FLAG_ONGOING_EVENT or FLAG_NO_CLEAR or FLAG_FOREGROUND_SERVICE) == 0L
        if (captured.event == EventKind.REMOVED || !isClearable || shown.isGroupSummary == true) return false
        if (captured.app.packageName == COMPANION_PACKAGE) return true
        val asked = rules[captured.app.packageName]?.autoClear ?: config?.autoClear ?: usual(captured.app.packageName)
        return when (asked.channels[shown.channel] ?: asked.mode) {
            ClearMode.NEVER -> false
            ClearMode.ALWAYS -> true
            ClearMode.FROM_COUNT -> activeOfApp >= (asked.fromCount ?: MANY_ACTIVE.toLong())
        }
    }

    private fun usual(packageName: String) =
        AutoClear(if (packageName in TIKTOK) ClearMode.ALWAYS else ClearMode.FROM_COUNT)

    private fun noiseOf(shown: RawNotification): DropReason? {
        val flags = shown.flags ?: 0
        val isMedia = shown.category == MEDIA_CATEGORY || shown.template.orEmpty().endsWith(MEDIA_TEMPLATE)
        val isProgress = shown.category == PROGRESS_CATEGORY || (shown.progress ?: 0) != 0L
        val isOngoing = shown.ongoing == true || flags and (FLAG_ONGOING_EVENT or FLAG_FOREGROUND_SERVICE) != 0L
        return when {
            noise.media != false && isMedia -> DropReason.MEDIA
            noise.progress != false && isProgress -> DropReason.PROGRESS
            noise.ongoing != false && isOngoing -> DropReason.ONGOING
            else -> null
        }
    }
}

private fun admitsChannel(selection: Selection?, channel: String?): Boolean {
    if (selection == null || selection.mode == SelectionMode.ALL) return true
    return (channel in selection.listed) == (selection.mode == SelectionMode.ONLY)
}

/** Tell whether the chat is wanted; what names no chat, or several as a summary does, is not. */
private fun admitsChat(selection: Selection?, shown: RawNotification): Boolean {
    if (selection == null || selection.mode == SelectionMode.ALL) return true
    val names = listOf(shown.shortcutId, shown.conversationTitle, shown.title)
    if (shown.isGroupSummary == true || names.all(String?::isNullOrEmpty)) return false
    val listed = selection.listed.map(::caseless)
    return if (selection.mode == SelectionMode.ONLY) {
        listed.any { isChat(it, shown) }
    } else {
        listed.none { isChat(it, shown) || mayBeChat(it, shown) }
    }
}

private fun isChat(name: String, shown: RawNotification): Boolean {
    if (name == caseless(shown.shortcutId) || name == caseless(shown.conversationTitle)) return true
    // without a conversation title, a group's message is titled “Group: Sender”
    val title = caseless(shown.title)
    return shown.conversationTitle == null && (title == name || title.startsWith("$name: "))
}

private fun mayBeChat(name: String, shown: RawNotification): Boolean =
    listOf(caseless(shown.conversationTitle), caseless(shown.title))
        .any { it == name || it.startsWith("$name:") || it.startsWith("$name (") }

private fun caseless(text: String?): String = text.orEmpty().uppercase(Locale.ROOT).lowercase(Locale.ROOT)
