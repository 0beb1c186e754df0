package veilleur.companion.core.capture

import veilleur.companion.core.wire.RawNotification

/** One text of a notification; `path` names its place as the contract does (`notification.messages[2].text`). */
data class PlacedText(val path: String, val text: String)

/** Reads the words of notifications, and nothing else of them. */
class WordReader(rules: WordRules) {
    private val headings = TEXT_FIELDS.named(rules.heading)
    private val singles = TEXT_FIELDS.named(rules.heading + rules.texts)
    private val lists = LIST_FIELDS.named(rules.lists)
    private val threads = MESSAGE_FIELDS.named(rules.messages)

    /** Return every text with its place. */
    fun placed(shown: RawNotification): List<PlacedText> {
        val found = mutableListOf<PlacedText>()
        replaced(shown) { path, text -> text.also { found += PlacedText(path, it) } }
        return found
    }

    /** Return every text, in the order of `placed`. */
    fun texts(shown: RawNotification): List<String> {
        val found = ArrayList<String>()
        singles.forEach { field -> field.get(shown)?.let(found::add) }
        lists.forEach { field -> field.get(shown)?.let(found::addAll) }
        threads.forEach { field -> field.get(shown)?.forEach { message -> message.text?.let(found::add) } }
        shown.extras?.values?.forEach { if (it is String && isPhrase(it)) found += it }
        return found
    }

    /** Return the notification with other texts in the places of `placed`, in that order. */
    fun with(shown: RawNotification, texts: List<String>): RawNotification {
        val next = texts.iterator()
        return replaced(shown) { _, _ -> next.next() }
    }

    /** Return what stands above the texts and may announce a code in them; none above a thread of messages. */
    fun headings(shown: RawNotification): List<String> {
        if (threads.any { !it.get(shown).isNullOrEmpty() }) return emptyList()
        return headings.mapNotNull { it.get(shown) }
    }

    private fun replaced(shown: RawNotification, replace: (String, String) -> String): RawNotification {
        var now = shown
        for (field in singles) {
            field.get(shown)?.let { now = field.with(now, replace("notification.${field.name}", it)) }
        }
        for (field in lists) {
            val texts = field.get(shown) ?: continue
            now = field.with(now, texts.mapIndexed { index, text -> replace("notification.${field.name}[$index]", text) })
        }
        for (field in threads) {
            val messages = field.get(shown) ?: continue
            val replaced = messages.mapIndexed { index, message ->
                message.copy(text = message.text?.let { replace("notification.${field.name}[$index].text", it) })
            }
            now = field.with(now, replaced)
        }
        return now.copy(extras = shown.extras?.mapValues { (name, value) -> extra(name, value, replace) })
    }

    private fun extra(name: String, value: Any?, replace: (String, String) -> String): Any? =
        if (value is String && isPhrase(value)) replace("notification.extras.$name", value) else value

    /** Tell whether a text holds white space between words: a link, a key or a number alone does not. */
    private fun isPhrase(text: String): Boolean = text.trim { isSpace(it.code) }.any { isSpace(it.code) }
}
