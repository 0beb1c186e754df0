package veilleur.companion.core.capture

import kotlin.random.Random
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import veilleur.companion.core.wire.Message
import veilleur.companion.core.wire.RawNotification
import veilleur.companion.core.wire.RedactionChoice
import veilleur.companion.core.wire.RedactionKind

class NotificationScreenTest {
    private val rules = RedactionRules.load()
    private val screen = NotificationScreen(rules)
    private val hidden = "Sensitive notification content hidden"

    @Test
    fun `Android's own hiding is marked as sensitive, in English, in French and in the device's own words`() {
        val finnish = NotificationScreen(rules.withHiddenSentences(listOf("Ilmoituksen arkaluontoinen sisältö piilotettu")))

        assertEquals(listOf(RedactionKind.SENSITIVE), screen.screen(RawNotification("k", text = hidden)).redacted)
        assertEquals(
            listOf(RedactionKind.SENSITIVE),
            screen.screen(RawNotification("k", text = "\u200ELe contenu sensible de la notification a été masqué ")).redacted,
        )
        assertEquals(
            listOf(RedactionKind.SENSITIVE),
            finnish.screen(RawNotification("k", text = "Ilmoituksen arkaluontoinen sisältö piilotettu")).redacted,
        )
        assertEquals(
            listOf(RedactionKind.SENSITIVE),
            screen.screen(RawNotification("k", text = hidden, messages = listOf(Message(text = hidden)))).redacted,
        )
    }

    @Test
    fun `somebody who writes Android's sentence into a thread hides nothing of the others`() {
        assertEquals(emptyList<RedactionKind>(), screen.screen(thread("Il y a du retard", hidden)).redacted)
        assertEquals(emptyList<RedactionKind>(), screen.screen(RawNotification("k", text = "$hidden, said he")).redacted)
    }

    @Test
    fun `a config may leave a kind in, and adds words that announce a code`() {
        val card = RawNotification("k", text = "4111 1111 1111 1111")
        val pass = RawNotification("k", text = "Laissez-passer 482913")
        val chosen = NotificationScreen.by(rules, RedactionChoice(card = false, codeWords = listOf("laissez-passer")))

        assertEquals(card, chosen.screen(card).notification)
        assertEquals("[card]", screen.screen(card).notification.text)
        assertEquals("Laissez-passer [otp]", chosen.screen(pass).notification.text)
        assertEquals(pass, screen.screen(pass).notification)
    }

    @Test
    fun `only words are read, never keys, tags or people`() {
        val shown = RawNotification(
            "4111111111111111",
            tag = "code 482913",
            people = listOf("code 482913"),
            shortcutId = "code 482913",
            text = "code",
            extras = mapOf("link" to "https://example.org/code/482913"),
        )

        assertEquals(ScreenedNotification(shown), screen.screen(shown))
    }

    @Test
    fun `no announced code and no card number survives, wherever it stands`() {
        val random = Random(11)
        repeat(3_000) {
            val code = List(random.nextInt(4, 9)) { random.nextInt(10) }.joinToString("")
            val card = withCheckDigit(List(15) { random.nextInt(10) })
            val around = listOf("à 10 h", "voyez", "\uD83D\uDE00", "12 rue", "…", "")
            val text = "${around.random(random)} Votre code : $code ${around.random(random)}, carte $card ${around.random(random)}"
            val shown = listOf(
                RawNotification("k", text = text),
                RawNotification("k", textLines = listOf("a", text)),
                thread("bonjour", text),
                RawNotification("k", extras = mapOf("x" to text)),
            ).random(random)

            val screened = screen.screen(shown)

            val words = WordReader(rules.words).texts(screened.notification).joinToString("\n")
            assertTrue(code !in words, text)
            assertTrue(card !in words, text)
            assertEquals(setOf(RedactionKind.OTP, RedactionKind.CARD), screened.redacted.toSet(), text)
        }
    }

    @Test
    fun `a text made to be slow is screened in no time`() {
        val texts = listOf("1 ".repeat(32_768), "1-2 ".repeat(16_384), "FR76".repeat(16_384), "code ".repeat(13_000) + "1234", "a.b/".repeat(16_384))
        val startNs = System.nanoTime()

        texts.forEach { screen.screen(RawNotification("k", text = it)) }

        assertTrue(System.nanoTime() - startNs < 10_000_000_000, "longer than 10 s")
    }

    private fun withCheckDigit(digits: List<Int>): String {
        val sum = digits.reversed().mapIndexed { place, digit -> if (place % 2 == 0) digit * 2 / 10 + digit * 2 % 10 else digit }.sum()
        return digits.joinToString("") + (10 - sum % 10) % 10
    }
}
