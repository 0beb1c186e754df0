package veilleur.companion.core.capture

/** Finds card numbers: 13 to 19 digits that pass Luhn (ISO/IEC 7812-1), outside links. */
class CardFinder(rules: RedactionRules, private val rows: DigitRows) : NumberFinder {
    private val sizes = rules.card.digits
    private val shapes = rules.card.shapes.sortedByDescending(List<Int>::sum)

    override fun find(text: DigitText): List<Span> =
        rows.of(text, sizes.first).flatMap { inRow(text, it) }.filterNot { isInLink(text, it.from) }

    private fun inRow(text: DigitText, blocks: List<Span>): List<Span> {
        val whole = spanOf(blocks)
        if (blocks.sumOf(Span::size) in sizes && passesLuhn(text.digits(whole))) return listOf(whole)
        val found = mutableListOf<Span>()
        var index = 0
        while (index < blocks.size) {
            val count = countAt(text, blocks, index)
            if (count > 0) found += spanOf(blocks.subList(index, index + count))
            index += maxOf(count, 1)
        }
        return found
    }

    /** Return how many blocks from `index` on are a card number, or 0. */
    private fun countAt(text: DigitText, blocks: List<Span>, index: Int): Int {
        if (blocks[index].size in sizes) return if (passesLuhn(text.digits(blocks[index]))) 1 else 0
        val shape = shapes.firstOrNull { shape ->
            index + shape.size <= blocks.size &&
                shape.indices.all { blocks[index + it].size == shape[it] } &&
                passesLuhn(text.digits(spanOf(blocks.subList(index, index + shape.size))))
        }
        return shape?.size ?: 0
    }

    private fun spanOf(blocks: List<Span>) = Span(blocks.first().from, blocks.last().until)

    private fun isInLink(text: DigitText, start: Int): Boolean {
        var from = start
        while (from > 0 && start - from < LINK_REACH && !isSpace(text.at(from - 1))) from--
        val before = text.slice(Span(from, start)).joinToString("") { String(Character.toChars(it)) }
        return LINK.containsMatchIn(before)
    }

    private fun passesLuhn(digits: String): Boolean {
        val sum = digits.reversed().withIndex().sumOf { (place, digit) ->
            val value = (digit - '0') * if (place % 2 == 0) 1 else 2
            if (value > NINE) value - NINE else value
        }
        return sum % TEN == 0
    }

    private companion object {
        const val LINK_REACH = 300
        const val NINE = 9
        const val TEN = 10
        val LINK = Regex("://|\\.[A-Za-z]{2,24}/")
    }
}
