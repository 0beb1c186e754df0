package veilleur.companion.core.wire

import com.grack.nanojson.JsonStringWriter
import com.grack.nanojson.JsonWriter
import java.time.Instant

/**
 * Writes one JSON object, member after member; what is null is left out.
 *
 * What JSON in UTF-8 cannot hold stops no record: numbers that are not finite are left out, and half of a surrogate
 * pair becomes U+FFFD.
 */
class JsonObjectText private constructor(private val writer: JsonStringWriter) {
    constructor() : this(JsonWriter.string().`object`())

    fun text(name: String, value: String?) {
        if (value != null) writer.value(name, value.inWholePairs())
    }

    fun whole(name: String, value: Long?) {
        if (value != null) writer.value(name, value)
    }

    fun fraction(name: String, value: Double?) {
        if (value != null && value.isFinite()) writer.value(name, value)
    }

    fun flag(name: String, value: Boolean?) {
        if (value != null) writer.value(name, value)
    }

    fun texts(name: String, values: List<String>?) {
        if (values == null) return
        writer.array(name)
        values.forEach { writer.value(it.inWholePairs()) }
        writer.end()
    }

    fun inner(name: String, write: JsonObjectText.() -> Unit) {
        writer.`object`(name)
        write()
        writer.end()
    }

    fun <T> each(name: String, items: List<T>?, write: JsonObjectText.(T) -> Unit) {
        if (items == null) return
        writer.array(name)
        for (item in items) {
            writer.`object`()
            write(item)
            writer.end()
        }
        writer.end()
    }

    /** Write a tree of maps, lists, texts, truth values and numbers. */
    fun tree(name: String, members: Map<String, Any?>?) {
        if (members != null) writer.`object`(name, writable(members) as Map<*, *>)
    }

    fun toBytes(): ByteArray = writer.end().done().toByteArray()
}

/** Write a time. */
fun JsonObjectText.instant(name: String, value: Instant?) = text(name, value?.let(::writeInstant))

/** Write an object of counts. */
fun JsonObjectText.counts(name: String, values: Map<String, Long>?) = tree(name, values)

private fun writable(value: Any?): Any? = when (value) {
    null, is Boolean -> value
    is Number -> value.takeIf { it.toDouble().isFinite() }
    is Map<*, *> -> value.entries
        .mapNotNull { (name, inside) -> writable(inside)?.let { name.toString().inWholePairs() to it } }
        .toMap()
    is List<*> -> value.mapNotNull(::writable)
    else -> value.toString().inWholePairs()
}

private fun String.inWholePairs(): String {
    if (none(Char::isSurrogate)) return this
    val whole = StringBuilder(length)
    var at = 0
    while (at < length) {
        val isPair = this[at].isHighSurrogate() && at + 1 < length && this[at + 1].isLowSurrogate()
        when {
            isPair -> whole.append(this[at++]).append(this[at])
            this[at].isSurrogate() -> whole.append('\uFFFD')
            else -> whole.append(this[at])
        }
        at++
    }
    return whole.toString()
}
