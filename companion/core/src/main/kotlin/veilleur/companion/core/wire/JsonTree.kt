package veilleur.companion.core.wire

import com.grack.nanojson.JsonParser
import com.grack.nanojson.JsonParserException
import java.nio.ByteBuffer
import java.nio.charset.CharacterCodingException
import java.nio.charset.StandardCharsets

/** A JSON text as maps, lists, texts, truth values, Long and Double; null members and elements are absent. */
sealed class JsonTree {
    data class Read(val root: Any) : JsonTree()

    data class Refused(val reason: RejectReason) : JsonTree()

    companion object {
        /** Read one JSON text (RFC 8259) in UTF-8, at most MAX_DEPTH deep, with integers of 64 bits. */
        fun read(payload: ByteArray): JsonTree {
            val text = strictText(payload) ?: return Refused(RejectReason.NOT_UTF8)
            if (text.isBlank()) return Refused(RejectReason.EMPTY)
            val outsideStrings = outsideStrings(text)
            if (depthOf(outsideStrings) > MAX_DEPTH) return Refused(RejectReason.TOO_DEEP)
            return try {
                Read(plain(JsonParser.any().withLazyNumbers().from(text)) ?: Absent)
            } catch (_: JsonParserException) {
                val hasConstant = "NaN" in outsideStrings || "Infinity" in outsideStrings
                Refused(if (hasConstant) RejectReason.BAD_NUMBER else RejectReason.NOT_JSON)
            } catch (refused: RefusedValue) {
                Refused(refused.reason)
            }
        }
    }
}

private object Absent

private class RefusedValue(val reason: RejectReason) : Exception()

private fun strictText(payload: ByteArray): String? = try {
    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString()
} catch (_: CharacterCodingException) {
    null
}

private fun outsideStrings(text: String): String {
    val outside = StringBuilder()
    var isInString = false
    var at = 0
    while (at < text.length) {
        val character = text[at]
        if (character == '"') isInString = !isInString
        if (isInString && character == '\\') at++
        if (!isInString) outside.append(character)
        at++
    }
    return outside.toString()
}

private fun depthOf(outsideStrings: String): Int {
    var depth = 0
    var deepest = 0
    for (character in outsideStrings) {
        when (character) {
            '[', '{' -> deepest = maxOf(deepest, ++depth)
            ']', '}' -> depth--
        }
    }
    return deepest
}

private fun plain(value: Any?): Any? = when (value) {
    is Map<*, *> -> value.entries
        .mapNotNull { (name, inside) -> plain(inside)?.let { checked(name as String) to it } }
        .toMap()
    is List<*> -> value.mapNotNull(::plain)
    is String -> checked(value)
    is Number -> number(value.toString())
    else -> value
}

private fun number(written: String): Number {
    val isWhole = written.none { it in ".eE" }
    val number: Number? = if (isWhole) written.toLongOrNull() else written.toDouble().takeIf(Double::isFinite)
    return number ?: throw RefusedValue(RejectReason.BAD_NUMBER)
}

private fun checked(text: String): String {
    if (text.any(Char::isSurrogate) && !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
        throw RefusedValue(RejectReason.LONE_SURROGATE)
    }
    return text
}
