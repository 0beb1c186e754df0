package veilleur.companion.core.wire

import java.time.Instant

const val MAX_ID_LENGTH = 64
const val MAX_PACKAGE_LENGTH = 255
const val MAX_TEXT_LENGTH = 4096
private const val MAX_MESSAGE_BYTES = 256 * 1024

/** One JSON object's members, read by type. What is absent or of another kind is null; the latter stands in `wrong`. */
class Members(private val members: Map<*, *>, val wrong: MutableList<String> = mutableListOf()) {
    val names: List<String> get() = members.keys.filterIsInstance<String>()

    fun has(name: String): Boolean = members[name] != null

    fun string(name: String): String? = checked(name, members[name] as? String)

    fun strings(name: String): List<String>? =
        checked(name, (members[name] as? List<*>)?.takeIf { it.all { item -> item is String } }?.map { it as String })

    fun integer(name: String, least: Long = 0, most: Long = MAX_SEQ): Long? =
        checked(name, (members[name] as? Long)?.takeIf { it in least..most })

    fun number(name: String, least: Double = -MAX_SEQ.toDouble()): Double? =
        checked(name, (members[name] as? Number)?.toDouble()?.takeIf { it >= least && it <= MAX_SEQ })

    fun flag(name: String): Boolean? = checked(name, members[name] as? Boolean)

    fun inner(name: String): Members? = checked(name, (members[name] as? Map<*, *>)?.let { Members(it, wrong) })

    fun each(name: String): List<Members>? = checked(
        name,
        (members[name] as? List<*>)?.takeIf { it.all { item -> item is Map<*, *> } }?.map { Members(it as Map<*, *>, wrong) },
    )

    /** Return the members as a tree. */
    fun tree(): Map<String, Any> = members.entries.associate { (name, value) -> name as String to value as Any }

    /** Return what was found, and name the member in `wrong` where it is there and nothing was found. */
    fun <T> checked(name: String, found: T?): T? {
        if (found == null && has(name)) wrong.add(name)
        return found
    }

    companion object {
        /** Return the members of a message of contract version 1, or null for any other bytes. */
        fun of(payload: ByteArray): Members? {
            if (payload.size > MAX_MESSAGE_BYTES) return null
            val root = (JsonTree.read(payload) as? JsonTree.Read)?.root as? Map<*, *> ?: return null
            return Members(root).takeIf { root["v"] == CONTRACT_VERSION.toLong() }
        }
    }
}

/** Count as wrong those of the named members that are absent. */
fun Members.require(vararg required: String) {
    wrong += required.filterNot(::has)
}

/** Return a text of at least one character. */
fun Members.text(name: String, longest: Int = MAX_TEXT_LENGTH): String? =
    string(name)?.let { found -> checked(name, found.takeIf { isText(it, longest) }) }

/** Return a list of texts of at least one character. */
fun Members.texts(name: String): List<String>? =
    strings(name)?.let { found -> checked(name, found.takeIf { it.all { text -> isText(text, MAX_TEXT_LENGTH) } }) }

/** Return an RFC 3339 time. */
fun Members.instant(name: String): Instant? = string(name)?.let { checked(name, readInstant(it)) }

/** Return the choice of this word. */
fun <T> Members.choice(name: String, choices: Map<String, T>): T? = string(name)?.let { checked(name, choices[it]) }

/** Return an object's counts by name; what is no count is left out. */
fun Members.counts(): Map<String, Long> = names.mapNotNull { name -> integer(name)?.let { name to it } }.toMap()

/** Return an object's choices by name; what is none is left out. */
fun <T> Members.choices(choices: Map<String, T>): Map<String, T> =
    names.mapNotNull { name -> choice(name, choices)?.let { name to it } }.toMap()

private fun isText(text: String, longest: Int): Boolean =
    text.isNotEmpty() && text.codePointCount(0, text.length) <= longest && '\u0000' !in text
