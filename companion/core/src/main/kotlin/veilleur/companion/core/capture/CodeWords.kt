package veilleur.companion.core.capture

import java.text.Normalizer
import java.util.Locale

/** The code words of the rules, and the phrases that hold one but mean something else (`code postal`). */
class CodeWords(rules: OtpRules) {
    private val words = rules.codeWords.map(::CodeWord)
    private val others = rules.notCodeWords.map(::folded).sortedByDescending(String::length)

    /** Tell whether the text speaks of a code. */
    fun standIn(text: String): Boolean {
        val folded = folded(text)
        val found = words.filter { it.standsIn(folded) }
        if (found.isEmpty()) return false
        val rest = others.fold(folded) { left, phrase -> left.replace(phrase, " ") }
        return found.any { it.standsIn(rest) }
    }
}

/** One word or phrase of the rules; where `*` stands it may go on into further letters. */
private class CodeWord(written: String) {
    private val text = folded(written.trim(ANY_LETTERS))
    private val isOpenBefore = written.startsWith(ANY_LETTERS)
    private val isOpenAfter = written.endsWith(ANY_LETTERS)

    fun standsIn(folded: String): Boolean {
        var at = folded.indexOf(text)
        while (at >= 0) {
            val end = at + text.length
            val opens = isOpenBefore || at == 0 || !isLetter(folded.codePointBefore(at))
            if (opens && (isOpenAfter || end == folded.length || !isLetter(folded.codePointAt(end)))) return true
            at = folded.indexOf(text, at + 1)
        }
        return false
    }

    private companion object {
        const val ANY_LETTERS = '*'
    }
}

private fun folded(text: String): String {
    val plain = if (Normalizer.isNormalized(text, Normalizer.Form.NFC)) text else Normalizer.normalize(text, Normalizer.Form.NFC)
    val folded = StringBuilder(plain.length)
    var isGap = false
    for (character in plain.lowercase(Locale.ROOT)) {
        val wasGap = isGap
        isGap = isSpace(character.code) || character == '-' || character in '\u2010'..'\u2015'
        if (!isGap) folded.append(character) else if (!wasGap) folded.append(' ')
    }
    return folded.toString()
}

/** Tell whether a character is white space, the no-break ones included. */
internal fun isSpace(point: Int): Boolean =
    Character.isWhitespace(point) || Character.isSpaceChar(point) || point == NEXT_LINE

private const val NEXT_LINE = 0x85

private fun isLetter(point: Int): Boolean = when (Character.getType(point).toByte()) {
    Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK,
    Character.LETTER_NUMBER, Character.OTHER_NUMBER,
    -> true
    else -> Character.isLetterOrDigit(point)
}
