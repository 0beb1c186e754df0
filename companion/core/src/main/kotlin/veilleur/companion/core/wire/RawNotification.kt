package veilleur.companion.core.wire

/** One message of a MessagingStyle notification; without `sender` it is the tablet's own user's. */
data class Message(
    val atMs: Long? = null,
    val sender: String? = null,
    val senderKey: String? = null,
    val senderUri: String? = null,
    val text: String? = null,
    val mime: String? = null,
)

/** A thumbnail; `data` is base64, `of` names the Android extra that it came from. */
data class Picture(
    val mime: String? = null,
    val width: Long? = null,
    val height: Long? = null,
    val sha256: String? = null,
    val data: String? = null,
    val of: String? = null,
)

/**
 * What Android showed, in Android's own words; times are integer milliseconds as Android gave them.
 *
 * `extras` holds scalars: text, truth values, whole numbers (Long, Int) and fractions (Double, Float).
 */
data class RawNotification(
    val key: String,
    val id: Long? = null,
    val tag: String? = null,
    val group: String? = null,
    val isGroupSummary: Boolean? = null,
    val channel: String? = null,
    val channelName: String? = null,
    val category: String? = null,
    val importance: Long? = null,
    val visibility: Long? = null,
    val flags: Long? = null,
    val postedAtMs: Long? = null,
    val whenMs: Long? = null,
    val ongoing: Boolean? = null,
    val shortcutId: String? = null,
    val title: String? = null,
    val text: String? = null,
    val bigText: String? = null,
    val subText: String? = null,
    val summaryText: String? = null,
    val infoText: String? = null,
    val ticker: String? = null,
    val textLines: List<String>? = null,
    val conversationTitle: String? = null,
    val isGroupConversation: Boolean? = null,
    val selfName: String? = null,
    val messages: List<Message>? = null,
    val historicMessages: List<Message>? = null,
    val template: String? = null,
    val people: List<String>? = null,
    val number: Long? = null,
    val progress: Long? = null,
    val actions: List<String>? = null,
    val picture: Picture? = null,
    val extras: Map<String, Any?>? = null,
)
