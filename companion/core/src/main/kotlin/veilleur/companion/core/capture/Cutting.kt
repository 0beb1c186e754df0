package veilleur.companion.core.capture

import veilleur.companion.core.wire.Envelope
import veilleur.companion.core.wire.EnvelopeCodec
import veilleur.companion.core.wire.MAX_ENVELOPE_BYTES
import veilleur.companion.core.wire.RawNotification

private const val NAMING_BYTES = 48 // what naming the cut in `truncated` takes itself
private val LONG_TEXTS = listOf("big_text", "text_lines", "text")
private val OTHER_WORDS =
    listOf("ticker", "summary_text", "sub_text", "info_text", "title", "conversation_title", "actions", "people")

private val CUTS: List<Cut> = listOf(
    without("picture") { shown -> if (shown.picture == null) null else shown.copy(picture = null) },
    without("historic_messages") { shown -> if (shown.historicMessages == null) null else shown.copy(historicMessages = null) },
    without("extras") { shown -> if (shown.extras == null) null else shown.copy(extras = null) },
    Cut("notification.messages", ::withoutOldestMessages),
    longestOf(LONG_TEXTS),
    Cut("notification.messages", ::withShorterMessage),
    longestOf(OTHER_WORDS),
    without("messages") { shown -> if (shown.messages == null) null else shown.copy(messages = null) },
)

/**
 * Return the envelope's bytes, cut in the contract's order where they are too many and naming in `truncated` what was cut.
 *
 * Null where even the cut ones are too many: then its ids alone are absurd.
 */
fun encodeWithin(envelope: Envelope, mostBytes: Int = MAX_ENVELOPE_BYTES): ByteArray? {
    var cutSoFar = envelope
    var payload = EnvelopeCodec.encode(envelope)
    for (cut in CUTS) {
        while (payload.size > mostBytes) {
            val shown = cutSoFar.notification ?: return null
            val shortened = cut.apply(shown, payload.size - mostBytes + NAMING_BYTES) ?: break
            cutSoFar = cutSoFar.copy(notification = shortened.notification, truncated = named(cutSoFar, shortened.name))
            payload = EnvelopeCodec.encode(cutSoFar)
        }
    }
    return payload.takeIf { it.size <= mostBytes }
}

private class Shortened(val notification: RawNotification, val name: String)

/** Makes a notification shorter by about so many bytes, or returns null where it has nothing left to cut here. */
private class Cut(val apply: (RawNotification, Int) -> Shortened?) {
    constructor(name: String, shorten: (RawNotification, Int) -> RawNotification?) :
        this({ shown, excessBytes -> shorten(shown, excessBytes)?.let { Shortened(it, name) } })
}

private fun named(envelope: Envelope, name: String): List<String> = (envelope.truncated.orEmpty() + name).distinct()

private fun without(name: String, drop: (RawNotification) -> RawNotification?) =
    Cut("notification.$name") { shown, _ -> drop(shown) }

private fun withoutOldestMessages(shown: RawNotification, excessBytes: Int): RawNotification? {
    val messages = shown.messages.orEmpty()
    var left = excessBytes
    var dropped = 0
    while (dropped < messages.size - 1 && left > 0) left -= bytesOf(messages[dropped++].text.orEmpty())
    return if (dropped == 0) null else shown.copy(messages = messages.drop(dropped))
}

private fun withShorterMessage(shown: RawNotification, excessBytes: Int): RawNotification? {
    val last = shown.messages.orEmpty().lastOrNull() ?: return null
    val text = last.text?.ifEmpty { null } ?: return null
    val shorter = last.copy(text = shortened(text, excessBytes))
    return shown.copy(messages = shown.messages.orEmpty().dropLast(1) + shorter)
}

private fun longestOf(names: List<String>): Cut {
    val parts = names.map(::part)
    return Cut { shown, excessBytes ->
        val longest = parts.maxByOrNull { it.bytes(shown) }?.takeIf { it.bytes(shown) > 0 }
        longest?.let { Shortened(it.shorten(shown, excessBytes), "notification.${it.name}") }
    }
}

/** One text or list of texts that can be shortened; what becomes empty is absent. */
private class Part(val name: String, val bytes: (RawNotification) -> Int, val shorten: (RawNotification, Int) -> RawNotification)

private fun part(name: String): Part {
    val text = TEXT_FIELDS.find { it.name == name } ?: return listPart(name)
    return Part(name, { bytesOf(text.get(it).orEmpty()) }) { shown, excessBytes ->
        text.with(shown, shortened(text.get(shown).orEmpty(), excessBytes).ifEmpty { null })
    }
}

private fun listPart(name: String): Part {
    val list = LIST_FIELDS.named(listOf(name)).single()
    return Part(name, { shown -> list.get(shown).orEmpty().sumOf(::bytesOf) }) { shown, excessBytes ->
        list.with(shown, withShorterLongest(list.get(shown).orEmpty(), excessBytes).ifEmpty { null })
    }
}

private fun withShorterLongest(texts: List<String>, excessBytes: Int): List<String> {
    val longest = texts.indices.maxByOrNull { texts[it].length } ?: return texts
    val rest = shortened(texts[longest], excessBytes)
    return texts.take(longest) + listOf(rest).filter(String::isNotEmpty) + texts.drop(longest + 1)
}

private fun bytesOf(text: String): Int = text.toByteArray().size

/** Return the text without its last bytes in UTF-8, cut at a code point. */
private fun shortened(text: String, excessBytes: Int): String {
    var end = text.length
    var left = excessBytes
    while (end > 0 && left > 0) {
        val point = text.codePointBefore(end)
        end -= Character.charCount(point)
        left -= utf8Bytes(point)
    }
    return text.substring(0, end)
}

private fun utf8Bytes(point: Int): Int = when {
    point < 0x80 -> 1
    point < 0x800 -> 2
    point < 0x10000 -> 3
    else -> 4
}
