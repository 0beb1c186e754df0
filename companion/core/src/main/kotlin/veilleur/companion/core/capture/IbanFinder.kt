package veilleur.companion.core.capture

/** Finds IBANs: a country's own length, and mod 97 (ISO 13616, ISO/IEC 7064). */
class IbanFinder(rules: RedactionRules, private val rows: DigitRows) : NumberFinder {
    private val lengths = rules.ibanLengths

    override fun find(text: DigitText): List<Span> {
        val found = mutableListOf<Span>()
        var at = 0
        while (at < text.size) {
            val iban = ibanAt(text, at)
            if (iban != null) found += iban
            at = iban?.until ?: (at + 1)
        }
        return found
    }

    private fun ibanAt(text: DigitText, start: Int): Span? {
        if (!isLetter(text.at(start)) || !isLetter(text.at(start + 1)) || isAlphanumeric(text.at(start - 1))) return null
        val country = String(intArrayOf(text.at(start), text.at(start + 1)), 0, 2).uppercase()
        val length = lengths[country] ?: return null
        val firstDigit = rows.afterSeparators(text, start + 2)
        if (!isAsciiDigit(text.at(firstDigit)) || !isAsciiDigit(text.at(firstDigit + 1))) return null
        val places = placesOf(text, start, length) ?: return null
        return Span(start, places.last() + 1).takeIf { passesMod97(places.map(text::at)) }
    }

    /** Return where the characters of an IBAN of this length stand, or null where there are fewer or more. */
    private fun placesOf(text: DigitText, start: Int, length: Int): List<Int>? {
        val places = mutableListOf(start)
        while (places.size < length) {
            val next = rows.afterSeparators(text, places.last() + 1)
            if (!isAlphanumeric(text.at(next))) return null
            places += next
        }
        return places.takeUnless { isAlphanumeric(text.at(it.last() + 1)) }
    }

    private fun passesMod97(characters: List<Int>): Boolean {
        val turned = characters.drop(HEAD) + characters.take(HEAD)
        val rest = turned.fold(0) { rest, character ->
            val value = Character.digit(character, ALPHANUMERIC)
            (rest * (if (value > NINE) HUNDRED else TEN) + value) % MODULUS
        }
        return rest == 1
    }

    private fun isLetter(point: Int): Boolean = point in 'a'.code..'z'.code || point in 'A'.code..'Z'.code

    private fun isAsciiDigit(point: Int): Boolean = point in '0'.code..'9'.code

    private fun isAlphanumeric(point: Int): Boolean = isLetter(point) || isAsciiDigit(point)

    private companion object {
        const val HEAD = 4
        const val ALPHANUMERIC = 36
        const val NINE = 9
        const val TEN = 10
        const val HUNDRED = 100
        const val MODULUS = 97
    }
}
