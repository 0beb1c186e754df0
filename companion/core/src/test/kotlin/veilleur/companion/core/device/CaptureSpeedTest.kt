package veilleur.companion.core.device

import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import veilleur.companion.core.capture.NOON
import veilleur.companion.core.capture.NotificationScreen
import veilleur.companion.core.capture.RedactionRules
import veilleur.companion.core.capture.captured
import veilleur.companion.core.capture.thread
import veilleur.companion.core.wire.Sender
import veilleur.companion.core.wire.SourceInfo

class CaptureSpeedTest {
    @Test
    fun `a typical notification is screened and encoded in tens of microseconds`() {
        val screen = NotificationScreen(RedactionRules.load())
        val maker = EnvelopeMaker(Sender("salon-1", SourceInfo("companion", "1.0.0")), { "fr-FR" }, { NOON })
        val event = captured(notification = thread("Bonjour, la table est prête ?", "Oui, au 12 rue Pasteur", "Merci, à 20 h 30 alors \uD83D\uDE00"))
        fun once() = maker.payloadOf(maker.envelopeOf(event, screen.screen(event.notification), wantsPicture = false), "e1", 7)
        repeat(5_000) { once() }

        val bestNs = List(20) {
            val startNs = System.nanoTime()
            repeat(200) { once() }
            (System.nanoTime() - startNs) / 200
        }.min()

        println("screen + encode: $bestNs ns a notification of 3 messages")
        assertTrue(bestNs < 200_000, "$bestNs ns")
    }
}
