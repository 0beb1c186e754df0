package veilleur.companion.core.capture

/** A stretch of a text in code points: `from` included, `until` not. */
data class Span(val from: Int, val until: Int) {
    val size: Int get() = until - from
}

/** A text by code points, with the digits of every script known. */
class DigitText(text: String) {
    private val points: IntArray = text.codePoints().toArray()
    val size: Int get() = points.size

    fun at(index: Int): Int = if (index in points.indices) points[index] else NONE

    fun isDigit(index: Int): Boolean = index in points.indices && Character.isDigit(points[index])

    /** Return the digits of a span without what separates them, as 0 to 9. */
    fun digits(span: Span): String = buildString {
        for (index in span.from until span.until) if (isDigit(index)) append(Character.digit(at(index), DECIMAL))
    }

    fun slice(span: Span): List<Int> = points.slice(span.from until span.until)

    /** Return the text with a mark in the place of each span; spans are in order and apart. */
    fun withMark(spans: List<Span>, mark: String): String = buildString {
        var last = 0
        for (span in spans) {
            append(String(points, last, span.from - last)).append(mark)
            last = span.until
        }
        append(String(points, last, size - last))
    }

    private companion object {
        const val NONE = -1
        const val DECIMAL = 10
    }
}

/** Rows of digits in a text, as people write long numbers: blocks with a space or a dash between them. */
class DigitRows(private val rules: RedactionRules) {
    val spaces: Set<Int> get() = rules.separators.spaces
    private val separators = rules.separators.spaces + rules.separators.dashes

    /** Return the blocks of each row that may hold so many digits, without a phone number that a `+` announces. */
    fun of(text: DigitText, minDigits: Int): List<List<Span>> {
        val rows = mutableListOf<List<Span>>()
        var at = 0
        while (at < text.size) {
            if (!text.isDigit(at)) {
                at++
                continue
            }
            val blocks = rowAt(text, at)
            val end = blocks.last().until
            if (end - at >= minDigits) rows += if (text.at(at - 1) == '+'.code) afterPhone(blocks) else blocks
            at = end
        }
        return rows.filter { it.isNotEmpty() }
    }

    /** Return where the separators from `at` on end; at most so many as the rules allow are taken. */
    fun afterSeparators(text: DigitText, at: Int): Int {
        var end = at
        while (end - at < rules.separators.atMost && text.at(end) in separators) end++
        return end
    }

    private fun rowAt(text: DigitText, start: Int): List<Span> {
        val blocks = mutableListOf<Span>()
        var from = start
        while (true) {
            var until = from
            while (text.isDigit(until)) until++
            blocks += Span(from, until)
            from = afterSeparators(text, until)
            if (from == until || !text.isDigit(from)) return blocks
        }
    }

    private fun afterPhone(blocks: List<Span>): List<Span> {
        var digits = 0
        return blocks.dropWhile { block ->
            digits += block.size
            digits <= rules.otp.maxPhoneDigits
        }
    }
}
