package veilleur.companion.capture

import android.app.Notification
import android.os.Bundle
import android.os.Parcelable

/** Names that Android has had since API 28; the extras themselves are older. */
const val EXTRA_IS_GROUP_CONVERSATION = "android.isGroupConversation"
const val EXTRA_MESSAGING_PERSON = "android.messagingUser"
const val EXTRA_PEOPLE_LIST = "android.people.list"

/** Names that Android has since deprecated, and that apps go on using. */
const val EXTRA_SELF_NAME = "android.selfDisplayName"
const val EXTRA_PEOPLE_URIS = "android.people"
const val EXTRA_LARGE_ICON = "android.largeIcon"

/** The extras that have a field of their own in the contract. */
private val MAPPED = setOf(
    Notification.EXTRA_TITLE,
    Notification.EXTRA_TEXT,
    Notification.EXTRA_BIG_TEXT,
    Notification.EXTRA_SUB_TEXT,
    Notification.EXTRA_SUMMARY_TEXT,
    Notification.EXTRA_INFO_TEXT,
    Notification.EXTRA_CONVERSATION_TITLE,
    EXTRA_SELF_NAME,
    Notification.EXTRA_TEMPLATE,
    Notification.EXTRA_PROGRESS,
    Notification.EXTRA_PROGRESS_MAX,
    Notification.EXTRA_PROGRESS_INDETERMINATE,
    EXTRA_IS_GROUP_CONVERSATION,
)

/** The scalars among the extras that no field of the contract holds. */
object OtherExtras {
    fun read(extras: Bundle): Map<String, Any>? {
        val read = sortedMapOf<String, Any>()
        for (name in extras.names()) {
            if (name !in MAPPED) scalar(extras.value(name))?.let { read[name] = it }
        }
        return read.ifEmpty { null }
    }

    private fun scalar(value: Any?): Any? = when (value) {
        is Boolean, is Int, is Long -> value
        is Short, is Byte -> (value as Number).toInt()
        is Double -> value.takeIf { it.isFinite() }
        is Float -> value.takeIf { it.isFinite() }
        is CharSequence -> value.words()
        else -> null
    }
}

/** A text without its styles; an empty one says nothing. */
fun CharSequence?.words(): String? = this?.toString()?.ifEmpty { null }

fun <T> List<T>?.unlessEmpty(): List<T>? = this?.ifEmpty { null }

/** Some apps put a String where Android wants a CharSequence, some a number: all of them are words. */
fun Bundle.words(name: String): String? = value(name)?.toString()?.ifEmpty { null }

fun Bundle.truth(name: String): Boolean? = value(name) as? Boolean

fun Bundle.number(name: String): Long? = (value(name) as? Int)?.toLong()

fun Bundle.lines(name: String): List<String>? = when (val value = value(name)) {
    is Array<*> -> value.mapNotNull { it?.toString() }
    is List<*> -> value.mapNotNull { it?.toString() }
    else -> null
}.unlessEmpty()

fun Bundle.parcelables(name: String): List<Parcelable> = when (val value = value(name)) {
    is Array<*> -> value.filterIsInstance<Parcelable>()
    is List<*> -> value.filterIsInstance<Parcelable>()
    else -> emptyList()
}

/** The extras' names; none where they cannot be unparcelled. */
fun Bundle.names(): Set<String> = try {
    keySet()
} catch (_: RuntimeException) {
    emptySet()
}

/** Reads one extra of any type; what an app of a strange class loader put there is none. */
@Suppress("DEPRECATION")
fun Bundle.value(name: String): Any? = try {
    get(name)
} catch (_: RuntimeException) {
    null
}
