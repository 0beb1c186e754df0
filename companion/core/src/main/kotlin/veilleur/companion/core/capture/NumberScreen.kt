package veilleur.companion.core.capture

import veilleur.companion.core.wire.RedactionKind

private const val FEWEST_DIGITS = 4

/** A text with its marks, and the kinds of mark that were put in. */
data class ScreenedText(val text: String, val kinds: List<RedactionKind> = emptyList())

/** Finds private numbers of the wanted kinds by the rules of the contract: texts in, marked texts out. */
class NumberScreen(rules: RedactionRules, kinds: Set<RedactionKind>) {
    private val rows = DigitRows(rules)
    private val accounts = listOf(
        Account(RedactionKind.IBAN, rules.marks.iban, IbanFinder(rules, rows)),
        Account(RedactionKind.CARD, rules.marks.card, CardFinder(rules, rows)),
    ).filter { it.kind in kinds }
    private val seeksCodes = RedactionKind.OTP in kinds
    private val otpMark = rules.marks.otp
    private val codes = CodeFinder(rules, rows)
    private val codeWords = CodeWords(rules.otp)

    /**
     * Screen texts that belong together: a code that one of them gives away is taken out of all.
     *
     * A code is given away by a code word in its own text or in a heading.
     */
    fun screen(texts: List<String>, headings: List<String>): List<ScreenedText> {
        val marked = texts.map(::withoutAccounts)
        val candidates = marked.map { codesIn(it.text) }
        if (candidates.all(Map<Span, String>::isEmpty)) return marked
        val isAnnounced = headings.any(codeWords::standIn)
        val given = marked.zip(candidates)
            .filter { (screened, found) -> found.isNotEmpty() && (isAnnounced || codeWords.standIn(screened.text)) }
            .flatMap { (_, found) -> found.values }
            .toSet()
        return marked.zip(candidates) { screened, found ->
            withoutCodes(screened, found.filterValues(given::contains).keys.toList())
        }
    }

    private fun withoutAccounts(text: String): ScreenedText {
        if (!mayHoldNumbers(text)) return ScreenedText(text)
        return accounts.fold(ScreenedText(text)) { screened, account ->
            val found = DigitText(screened.text)
            val spans = account.finder.find(found)
            if (spans.isEmpty()) screened else ScreenedText(found.withMark(spans, account.mark), screened.kinds + account.kind)
        }
    }

    private fun codesIn(text: String): Map<Span, String> {
        if (!seeksCodes || !mayHoldNumbers(text)) return emptyMap()
        val digits = DigitText(text)
        return codes.find(digits).associateWith(digits::digits)
    }

    private fun withoutCodes(screened: ScreenedText, spans: List<Span>): ScreenedText {
        if (spans.isEmpty()) return screened
        return ScreenedText(DigitText(screened.text).withMark(spans, otpMark), screened.kinds + RedactionKind.OTP)
    }

    private class Account(val kind: RedactionKind, val mark: String, val finder: NumberFinder)
}

/** Tell quickly whether a closer look is due: no card number, IBAN or code has fewer than four digits. */
internal fun mayHoldNumbers(vararg texts: String): Boolean = mayHoldNumbers(texts.asList())

internal fun mayHoldNumbers(texts: List<String>): Boolean {
    var digits = 0
    for (text in texts) {
        var at = 0
        while (at < text.length) {
            val character = text[at]
            val point = if (character.isHighSurrogate()) text.codePointAt(at) else character.code
            if (Character.isDigit(point) && ++digits == FEWEST_DIGITS) return true
            at += Character.charCount(point)
        }
    }
    return false
}
