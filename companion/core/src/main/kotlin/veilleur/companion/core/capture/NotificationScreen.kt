package veilleur.companion.core.capture

import veilleur.companion.core.wire.RawNotification
import veilleur.companion.core.wire.RedactionChoice
import veilleur.companion.core.wire.RedactionKind

/** A notification that may be kept; `redacted` is what an envelope's member of that name lists. */
data class ScreenedNotification(val notification: RawNotification, val redacted: List<RedactionKind> = emptyList())

/** Takes one-time codes, card numbers and IBANs out of notifications, and knows where Android hid the words itself. */
class NotificationScreen(
    private val rules: RedactionRules,
    kinds: Set<RedactionKind> = setOf(RedactionKind.OTP, RedactionKind.CARD, RedactionKind.IBAN),
) {
    private val words = WordReader(rules.words)
    private val numbers = NumberScreen(rules, kinds)

    /** Return the notification with marks in the place of private numbers; screening twice changes nothing more. */
    fun screen(shown: RawNotification): ScreenedNotification {
        val hidden = if (isHidden(shown)) listOf(RedactionKind.SENSITIVE) else emptyList()
        val texts = words.texts(shown)
        if (!mayHoldNumbers(texts)) return ScreenedNotification(shown, hidden)
        val screened = numbers.screen(texts, words.headings(shown))
        val kinds = screened.flatMap(ScreenedText::kinds).distinct()
        if (kinds.isEmpty()) return ScreenedNotification(shown, hidden)
        return ScreenedNotification(words.with(shown, screened.map(ScreenedText::text)), hidden + kinds)
    }

    /** Tell whether nothing but the system's own sentence stands where the words were. */
    private fun isHidden(shown: RawNotification): Boolean {
        val messages = shown.messages.orEmpty()
        return shown.text?.let(::isHiddenSentence) == true && messages.all { message -> isHiddenSentence(message.text.orEmpty()) }
    }

    private fun isHiddenSentence(text: String): Boolean = text.trim { isSpace(it.code) || it in INVISIBLE } in rules.hiddenSentences

    companion object {
        private const val INVISIBLE = "\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069"

        /** Return the screen that a device's config asks for; without a choice all kinds by the rules alone. */
        fun by(rules: RedactionRules, choice: RedactionChoice?): NotificationScreen {
            if (choice == null) return NotificationScreen(rules)
            val wanted = mapOf(RedactionKind.OTP to choice.otp, RedactionKind.CARD to choice.card, RedactionKind.IBAN to choice.iban)
            return NotificationScreen(
                rules.withFurtherWords(choice.codeWords, choice.notCodeWords),
                wanted.filterValues { it != false }.keys,
            )
        }
    }
}
