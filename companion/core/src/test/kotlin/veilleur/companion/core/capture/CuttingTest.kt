package veilleur.companion.core.capture

import kotlin.random.Random
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import veilleur.companion.core.wire.AppInfo
import veilleur.companion.core.wire.Decoded
import veilleur.companion.core.wire.Envelope
import veilleur.companion.core.wire.EnvelopeCodec
import veilleur.companion.core.wire.MAX_ENVELOPE_BYTES
import veilleur.companion.core.wire.Message
import veilleur.companion.core.wire.Picture
import veilleur.companion.core.wire.RawNotification
import veilleur.companion.core.wire.SourceInfo

class CuttingTest {
    @Test
    fun `what fits is not cut`() {
        val envelope = envelopeOf(thread("Bonjour"))

        assertEquals(String(EnvelopeCodec.encode(envelope)), String(checkNotNull(encodeWithin(envelope))))
    }

    @Test
    fun `a notification of 2 MiB is cut to 256 KiB and says so`() {
        val cut = cut(RawNotification("k", title = "Nadia", text = "é".repeat(1024 * 1024)))

        assertEquals(listOf("notification.text"), cut.truncated)
        assertEquals("Nadia", cut.notification?.title)
        assertTrue(checkNotNull(cut.notification?.text).length > 100_000)
    }

    @Test
    fun `things go in the contract's order, each only as far as it must`() {
        val messages = List(10) { Message(it.toLong(), "Nadia", text = "$it" + "m".repeat(999)) }
        val shown = RawNotification(
            "k",
            text = "t".repeat(3_000),
            bigText = "b".repeat(4_000),
            picture = Picture(data = "p".repeat(5_000)),
            historicMessages = messages,
            messages = messages,
            extras = mapOf("x" to "e".repeat(1_000)),
        )

        assertEquals(listOf("picture"), namesCut(shown, 30_000))
        assertEquals(listOf("picture", "historic_messages"), namesCut(shown, 20_000))
        assertEquals(listOf("picture", "historic_messages", "extras", "messages"), namesCut(shown, 16_000))
        assertEquals(listOf("picture", "historic_messages", "extras", "messages", "big_text"), namesCut(shown, 8_000))
        assertEquals(listOf("picture", "historic_messages", "extras", "messages", "big_text", "text"), namesCut(shown, 3_000))
    }

    @Test
    fun `of a thread the newest messages stay`() {
        val cut = cut(RawNotification("k", messages = List(10) { Message(text = "$it" + "m".repeat(999)) }), 5_000)

        assertEquals("9", checkNotNull(cut.notification?.messages).last().text?.take(1))
        assertTrue(checkNotNull(cut.notification.messages).size in 3..4)
    }

    @Test
    fun `whatever is long, what comes out fits, can be read and is cut at a code point`() {
        val random = Random(3)
        repeat(300) {
            val most = random.nextInt(600, 4_000)
            val shown = RawNotification(
                "k",
                title = random.words(),
                text = random.words(),
                bigText = random.words(),
                ticker = random.words(),
                textLines = List(random.nextInt(5)) { random.words() },
                actions = List(random.nextInt(3)) { random.words() },
                messages = List(random.nextInt(4)) { Message(text = random.words()) },
            )

            val payload = checkNotNull(encodeWithin(envelopeOf(shown), most))

            assertTrue(payload.size <= most)
            assertTrue(EnvelopeCodec.decode(payload, "d") is Decoded.Read)
            assertTrue('\uFFFD' !in String(payload))
        }
    }

    @Test
    fun `a key that is too long alone cannot be cut`() {
        assertNull(encodeWithin(envelopeOf(RawNotification("k".repeat(MAX_ENVELOPE_BYTES)))))
        assertNotNull(encodeWithin(envelopeOf(RawNotification("k".repeat(MAX_ENVELOPE_BYTES - 1_000), text = "t".repeat(9_000)))))
    }

    private fun namesCut(shown: RawNotification, mostBytes: Int) =
        cut(shown, mostBytes).truncated?.map { it.removePrefix("notification.") }

    private fun cut(shown: RawNotification, mostBytes: Int = MAX_ENVELOPE_BYTES): Envelope {
        val payload = checkNotNull(encodeWithin(envelopeOf(shown), mostBytes))
        assertTrue(payload.size <= mostBytes)
        return (EnvelopeCodec.decode(payload, "d") as Decoded.Read).envelope
    }

    private fun envelopeOf(shown: RawNotification) =
        Envelope("i", "d", "posted", NOON, SourceInfo("companion"), AppInfo("a.b"), "e1", 1, notification = shown)

    private fun Random.words() = listOf("a", "é", "漢", "\uD83D\uDE00").random(this).repeat(nextInt(1_500))
}
