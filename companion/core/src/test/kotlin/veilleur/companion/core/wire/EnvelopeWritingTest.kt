package veilleur.companion.core.wire

import java.time.Instant
import kotlin.random.Random
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class EnvelopeWritingTest {
    private val bare = Envelope("i", "d", "lost", Instant.parse("2026-11-21T00:00:00Z"), SourceInfo("companion"), AppInfo("a.b"))

    @Test
    fun `nothing is written for what is absent`() {
        assertEquals(
            """{"v":1,"id":"i","device":"d","event":"lost","captured_at":"2026-11-21T00:00:00.000Z",""" +
                """"source":{"kind":"companion"},"app":{"package":"a.b"}}""",
            String(EnvelopeCodec.encode(bare)),
        )
    }

    @Test
    fun `the head stands first`() {
        val payload = EnvelopeCodec.encode(bare.copy(epoch = "e1", seq = 7))

        assertTrue(String(payload).startsWith("""{"v":1,"id":"i","device":"d","epoch":"e1","seq":7,"""))
        assertEquals(Head("i", "d", "e1", 7), readHead(payload))
    }

    @Test
    fun `what JSON cannot hold stops no record`() {
        val extras = mapOf("score" to Double.NaN, "far" to Float.POSITIVE_INFINITY, "half\uD83D" to listOf(null, 1.5), "none" to null)
        val shown = RawNotification("k", text = "a\uD83D b\uD83D\uDE00\uDE00", extras = extras)

        val written = Contract.tree(String(EnvelopeCodec.encode(bare.copy(notification = shown))))["notification"]

        assertEquals(
            mapOf("key" to "k", "text" to "a\uFFFD b\uD83D\uDE00\uFFFD", "extras" to mapOf("half\uFFFD" to listOf(1.5))),
            written,
        )
    }

    @Test
    fun `times are written in UTC with milliseconds, cut and not rounded`() {
        assertEquals("2026-11-21T18:04:05.120Z", writeInstant(checkNotNull(readInstant("2026-11-21T19:04:05.120999+01:00"))))
    }

    @Test
    fun `an envelope comes back as it was`() {
        val random = Random(5)
        repeat(2_000) {
            val envelope = bare.copy(
                event = listOf("posted", "updated", "removed", "active").random(random),
                epoch = "e1",
                seq = random.nextLong(1, MAX_SEQ + 1),
                user = random.number(),
                redacted = listOf("otp", "card").takeIf { random.nextBoolean() },
                notification = random.notification(),
            )

            assertEquals(Decoded.Read(envelope, emptyList()), EnvelopeCodec.decode(EnvelopeCodec.encode(envelope), "d"))
        }
    }

    @Test
    fun `ids differ, sort by their time and are of version 7`() {
        val ids = EventIds()
        val earlier = ids.next(Instant.ofEpochMilli(1_700_000_000_000))
        val later = ids.next(Instant.ofEpochMilli(1_700_000_000_001))

        assertTrue(earlier < later)
        assertNotEquals(earlier, ids.next(Instant.ofEpochMilli(1_700_000_000_000)))
        assertTrue(Regex("018bcfe5-6800-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}").matches(earlier))
        assertTrue(ids.next(Instant.ofEpochMilli(-5)).startsWith("00000000-0000-7"))
    }

    @Test
    fun `the same lost span has the same id as on any other device program`() {
        val sender = Sender("salon-1", SourceInfo("companion", "1"))
        val lost = lostEnvelope(3L..9L, LostReason.CAP, sender, "e1", Instant.EPOCH)

        assertEquals("1ff051ec-6413-5661-aac2-a938ac1ebf27", lost.id)
        assertTrue(EnvelopeCodec.decode(EnvelopeCodec.encode(lost), "salon-1") is Decoded.Read)
    }

    private fun Random.number(): Long? = if (nextInt(3) == 0) null else nextLong()

    private fun Random.words(): String? =
        if (nextInt(3) == 0) null else List(nextInt(9)) { listOf("a", "é", "\"", "\\", "\n", "\u2028", "\uD83D\uDE00", "</", "\u0001").random(this) }.joinToString("")

    private fun Random.message() = Message(number(), words(), words(), words(), words(), words())

    private fun Random.notification() = RawNotification(
        key = "k",
        id = number(),
        isGroupSummary = listOf(true, false, null).random(this),
        title = words(),
        textLines = listOf(null, emptyList(), listOf("a", "#é")).random(this),
        messages = listOf(null, List(nextInt(3)) { message() }).random(this),
        picture = listOf(null, Picture(width = number(), data = "aGk=")).random(this),
        extras = listOf(null, mapOf("a.b" to true, "n" to 5L, "f" to 1.5, "t" to words().orEmpty())).random(this),
    )
}
