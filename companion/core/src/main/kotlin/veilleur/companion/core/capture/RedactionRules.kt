package veilleur.companion.core.capture

import java.io.InputStream
import veilleur.companion.core.wire.JsonTree

/** What stands where a number was. */
data class Marks(val otp: String, val card: String, val iban: String)

/** Which members of a notification hold words, beside the extras that hold white space. */
data class WordRules(val heading: List<String>, val texts: List<String>, val lists: List<String>, val messages: List<String>)

/** What may stand between groups of digits, as code points. */
data class SeparatorRules(val spaces: Set<Int>, val dashes: Set<Int>, val atMost: Int)

/** How long a card number is, and the groups it is written in inside longer rows of digits. */
data class CardRules(val digits: IntRange, val shapes: List<List<Int>>)

/** How long a one-time code is, and the words that announce one; `*` stands for further letters. */
data class OtpRules(
    val digits: IntRange,
    val maxGroup: Int,
    val maxPhoneDigits: Int,
    val codeWords: Set<String>,
    val notCodeWords: Set<String>,
)

/** The contract's redaction rules (`bridge/contract/redaction`), packed into this program. */
data class RedactionRules(
    val marks: Marks,
    val words: WordRules,
    val separators: SeparatorRules,
    val card: CardRules,
    val ibanLengths: Map<String, Int>,
    val otp: OtpRules,
    val hiddenSentences: Set<String>,
) {
    /** Return rules that know more words that announce a code, and more phrases that do not. */
    fun withFurtherWords(codeWords: List<String>, notCodeWords: List<String>): RedactionRules =
        copy(otp = otp.copy(codeWords = otp.codeWords + codeWords, notCodeWords = otp.notCodeWords + notCodeWords))

    /** Return rules that know more sentences which a system shows in the place of words that it hides. */
    fun withHiddenSentences(sentences: List<String>): RedactionRules = copy(hiddenSentences = hiddenSentences + sentences)

    companion object {
        private const val FOLDER = "/veilleur/companion/core/redaction"

        /** Read the rules that are packed beside the classes. */
        fun load(): RedactionRules {
            val rules = Rules(rootOf("rules.json"))
            val hidden = Rules(rootOf("hidden.json"))
            return rulesOf(rules, hidden.inner("sentences").allTexts())
        }

        private fun rootOf(name: String): Map<*, *> {
            val source = checkNotNull(RedactionRules::class.java.getResourceAsStream("$FOLDER/$name")) {
                "This build lacks $FOLDER/$name: build it with Maven."
            }
            return (JsonTree.read(source.use(InputStream::readBytes)) as JsonTree.Read).root as Map<*, *>
        }
    }
}

private fun rulesOf(rules: Rules, hiddenSentences: Set<String>): RedactionRules {
    val marks = rules.inner("marks")
    val words = rules.inner("words")
    val separators = rules.inner("separators")
    val card = rules.inner("card")
    return RedactionRules(
        marks = Marks(marks.text("otp"), marks.text("card"), marks.text("iban")),
        words = WordRules(words.texts("heading"), words.texts("texts"), words.texts("lists"), words.texts("messages")),
        separators = SeparatorRules(separators.codePoints("spaces"), separators.codePoints("dashes"), separators.whole("at_most")),
        card = CardRules(card.whole("min_digits")..card.whole("max_digits"), card.shapes("shapes")),
        ibanLengths = rules.inner("iban").inner("lengths").allWholes(),
        otp = otpRulesOf(rules.inner("otp")),
        hiddenSentences = hiddenSentences,
    )
}

private fun otpRulesOf(otp: Rules) = OtpRules(
    digits = otp.whole("min_digits")..otp.whole("max_digits"),
    maxGroup = otp.whole("max_group"),
    maxPhoneDigits = otp.whole("max_phone_digits"),
    codeWords = otp.inner("code_words").allTexts(),
    notCodeWords = otp.inner("not_code_words").allTexts(),
)

/** Members of a file that this build packs: what is missing there is a broken build. */
private class Rules(private val members: Map<*, *>) {
    fun inner(name: String) = Rules(member(name) as Map<*, *>)

    fun text(name: String): String = member(name) as String

    fun whole(name: String): Int = (member(name) as Long).toInt()

    fun texts(name: String): List<String> = (member(name) as List<*>).map { it as String }

    fun codePoints(name: String): Set<Int> = texts(name).map { it.removePrefix("U+").toInt(16) }.toSet()

    fun shapes(name: String): List<List<Int>> =
        (member(name) as List<*>).map { shape -> (shape as List<*>).map { (it as Long).toInt() } }

    fun allTexts(): Set<String> = members.keys.flatMap { texts(it as String) }.toSet()

    fun allWholes(): Map<String, Int> = members.keys.associate { it as String to whole(it) }

    private fun member(name: String): Any = checkNotNull(members[name]) { "The packed redaction rules lack $name." }
}
