package veilleur.companion.core.capture

/** Finds numbers of one kind in a text; every search is linear in the text. */
fun interface NumberFinder {
    fun find(text: DigitText): List<Span>
}

/** Finds numbers shaped like one-time codes: 4 to 8 digits in one block, or in equal groups (`123-456`). */
class CodeFinder(rules: RedactionRules, private val rows: DigitRows) : NumberFinder {
    private val sizes = rules.otp.digits
    private val maxGroup = rules.otp.maxGroup

    override fun find(text: DigitText): List<Span> = rows.of(text, sizes.first).flatMap { inRow(Row(text, it)) }

    private fun inRow(row: Row): List<Span> {
        val found = mutableListOf<Span>()
        var index = 0
        while (index < row.blocks.size) {
            val count = groupSize(row, index)
            val span = Span(row.blocks[index].from, row.blocks[index + count - 1].until)
            if (isCode(row, index, count) && !isJoined(row.text, span)) found += span
            index += count
        }
        return found
    }

    /** Return how many blocks of one size, with one separator, start at `index`; 1 where no group does. */
    private fun groupSize(row: Row, index: Int): Int {
        val size = row.blocks[index].size
        val separator = row.gapBefore(index + 1)
        if (size > maxGroup || separator == null || !mayStartGroup(row, index)) return 1
        var count = 1
        while (row.gapBefore(index + count) == separator && row.blocks[index + count].size == size) count++
        return count
    }

    /** Tell whether a group may start here: `1 482 913` goes on, `10:30 482 913` begins anew. */
    private fun mayStartGroup(row: Row, index: Int): Boolean =
        index == 0 || row.gapBefore(index) != row.gapBefore(index + 1) || isJoinedBefore(row.text, row.blocks[index - 1].from)

    private fun isCode(row: Row, index: Int, count: Int): Boolean {
        val digits = (index until index + count).sumOf { row.blocks[it].size }
        if (digits !in sizes) return false
        return count > 1 || (isApart(row, index) && isApart(row, index + 1))
    }

    /** Tell whether only spaces, or nothing of this row, stand before the block at `index`. */
    private fun isApart(row: Row, index: Int): Boolean = row.gapBefore(index)?.let(rows.spaces::containsAll) ?: true

    private fun isJoined(text: DigitText, span: Span): Boolean {
        val after = text.at(span.until)
        return joinsWord(after) || (joinsNumber(after) && text.isDigit(span.until + 1)) || isJoinedBefore(text, span.from)
    }

    private fun isJoinedBefore(text: DigitText, from: Int): Boolean {
        val before = text.at(from - 1)
        return joinsWord(before) || (joinsNumber(before) && text.isDigit(from - 2))
    }

    private fun joinsWord(point: Int): Boolean =
        point in 'a'.code..'z'.code || point in 'A'.code..'Z'.code || point == '_'.code

    private fun joinsNumber(point: Int): Boolean =
        point == '.'.code || point == ','.code || point == ':'.code || point == '/'.code

    private class Row(val text: DigitText, val blocks: List<Span>) {
        fun gapBefore(index: Int): List<Int>? =
            if (index in 1 until blocks.size) text.slice(Span(blocks[index - 1].until, blocks[index].from)) else null
    }
}
