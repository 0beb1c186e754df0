/** What the drainer sends after each receipt, PUBACK, reconnect and silence. */
package veilleur.companion.core.drain

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import veilleur.companion.core.wire.Receipt

private const val EPOCH = "e1"
private const val ROOM = 10_000
private val NOTHING = emptyList<Long>()

private fun receipt(throughSeq: Long, round: Long = 1, store: String = "s1", epoch: String = EPOCH, refused: String? = null) =
    Receipt(store, round, epoch, throughSeq, listOfNotNull(refused))

private fun seqs(range: LongRange): List<Long> = range.toList()

/** A drainer, the number of seqs given out, and a time that the test moves. */
private class Device(givenOut: Long = 0, remembered: Receipt? = null) {
    val drainer = Drainer(EPOCH, remembered, Pace())
    var nextSeq = givenOut + 1
    var nowMs = 1_000_000L

    init {
        drainer.connected(nowMs)
    }

    /** Sends all that is due and returns its seqs. */
    fun send(room: Int = ROOM): List<Long> {
        val sent = ArrayList<Long>()
        while (true) {
            val due = drainer.due(nextSeq, room - sent.size, nowMs) ?: return sent
            for (seq in due.fromSeq until due.fromSeq + due.limit) {
                drainer.sent(seq, seq, "sha$seq", nowMs)
                sent += seq
            }
        }
    }

    fun hear(heard: Receipt): Taken = drainer.receipt(heard, nextSeq, nowMs)

    fun taken(seqs: List<Long>) = seqs.forEach { assertNull(drainer.puback(it, Puback.TAKEN, nowMs)) }

    fun refused(seq: Long, answer: Puback = Puback.REFUSED): Long? = drainer.puback(seq, answer, nowMs)

    fun after(seconds: Double): List<Long> {
        nowMs += (seconds * 1000).toLong()
        return send()
    }

    fun after(seconds: Int): List<Long> = after(seconds.toDouble())
}

class DrainerTest {
    @Test
    fun `at most a thousand are sent beyond the receipt`() {
        val device = Device(5000, receipt(0))

        assertEquals(seqs(1L..1000), device.send())
        assertEquals(NOTHING, device.send())

        device.hear(receipt(400))
        assertEquals(seqs(1001L..1400), device.send())
    }

    @Test
    fun `no more is sent than the broker has room for`() = assertEquals(seqs(1L..20), Device(50).send(room = 20))

    @Test
    fun `nothing is sent while there is no connection`() {
        val device = Device(5)
        device.drainer.disconnected()

        assertEquals(NOTHING, device.send())
    }

    @Test
    fun `a restarted device begins after the receipt that it remembers`() =
        assertEquals(listOf(8L, 9L, 10L), Device(10, receipt(7)).send())

    @Test
    fun `a changed round or store asks for all beyond the receipt again`() {
        for (asking in listOf(receipt(3, round = 2), receipt(3, store = "s2"))) {
            val device = Device(6, receipt(3))
            device.taken(device.send())

            device.hear(asking)

            assertEquals(listOf(4L, 5L, 6L), device.send())
            device.hear(asking)
            assertEquals(NOTHING, device.send())
        }
    }

    @Test
    fun `the first receipt of all asks for all beyond it too`() {
        val device = Device(6)
        device.taken(device.send())

        device.hear(receipt(3))

        assertEquals(listOf(4L, 5L, 6L), device.send())
    }

    @Test
    fun `two stores that contradict each other are served a second apart`() {
        val device = Device(6, receipt(3))
        device.taken(device.send())

        device.hear(receipt(3, store = "s2"))
        assertEquals(listOf(4L, 5L, 6L), device.send())
        repeat(10) {
            device.hear(receipt(3, store = "s1"))
            device.hear(receipt(3, store = "s2"))
            assertEquals(NOTHING, device.after(0.05))
        }

        assertEquals(listOf(4L, 5L, 6L), device.after(0.6))
    }

    @Test
    fun `a round that is over asks for nothing`() {
        val device = Device(6, receipt(3, round = 5))
        device.taken(device.send())

        device.hear(receipt(3, round = 4))

        assertEquals(NOTHING, device.send())
    }

    @Test
    fun `a lower receipt of the same store is ignored`() {
        val device = Device(9, receipt(6))
        device.send()

        assertNull(device.hear(receipt(2)).inForce)
        assertEquals(NOTHING, device.send())
    }

    @Test
    fun `a lower receipt of a new store is accepted`() {
        val device = Device(9, receipt(6))
        device.send()

        assertEquals(receipt(2, store = "s2"), device.hear(receipt(2, store = "s2")).inForce)
        assertEquals(seqs(3L..9), device.send())
    }

    @Test
    fun `a receipt of another epoch trims nothing but its round counts`() {
        val device = Device(5, receipt(2))
        device.taken(device.send())

        assertNull(device.hear(receipt(4, epoch = "e0")).inForce)
        assertEquals(NOTHING, device.send())
        assertNull(device.hear(receipt(4, epoch = "e0", round = 2)).inForce)
        assertEquals(listOf(3L, 4L, 5L), device.send())
    }

    @Test
    fun `a receipt that would leave no seqs to give out moves nothing, and is told until a sound one comes`() {
        val device = Device(5, receipt(2))

        assertEquals(Taken(), device.hear(receipt(MOST_SPENT_SEQS + 1)))
        assertTrue(device.drainer.isMisled)
        assertEquals(Taken(spentThrough = MOST_SPENT_SEQS), device.hear(receipt(MOST_SPENT_SEQS)))
        device.hear(receipt(MOST_SPENT_SEQS + 1))
        device.hear(receipt(3))
        assertFalse(device.drainer.isMisled)
    }

    @Test
    fun `a receipt for seqs that were never given out trims nothing and marks them as spent`() =
        assertEquals(Taken(spentThrough = 6), Device(5, receipt(2)).hear(receipt(6)))

    @Test
    fun `on silence the first unreceipted one is repeated ever more slowly`() {
        val device = Device(3, receipt(1))
        device.taken(device.send())

        assertEquals(NOTHING, device.after(29.9))
        assertEquals(listOf(2L), device.after(0.1))
        device.taken(listOf(2))
        assertEquals(NOTHING, device.after(59.9))
        assertEquals(listOf(2L), device.after(0.1))
        repeat(10) {
            device.taken(listOf(2))
            device.after(15 * 60)
        }
        device.taken(listOf(2))
        assertEquals(NOTHING, device.after(15 * 60 - 1))
        assertEquals(listOf(2L), device.after(1))
    }

    @Test
    fun `one that the broker has not answered is not repeated`() {
        val device = Device(3)
        device.send()

        assertEquals(NOTHING, device.after(3_600))
    }

    @Test
    fun `nothing is repeated once all is receipted`() {
        val device = Device(3)
        device.taken(device.send())
        device.hear(receipt(3))

        assertEquals(NOTHING, device.after(3_600))
    }

    @Test
    fun `a receipt that moves on ends the silence`() {
        val device = Device(9)
        device.taken(device.send())
        assertEquals(listOf(1L), device.after(30))
        device.taken(listOf(1))

        device.nowMs += 50_000
        device.hear(receipt(9))
        device.nextSeq = 12
        device.taken(device.send())

        assertEquals(NOTHING, device.after(29))
        assertEquals(listOf(10L), device.after(1))
    }

    @Test
    fun `where a repeat helped the rest was lost too and is sent again`() {
        val device = Device(9, receipt(0))
        device.taken(device.send())
        assertEquals(listOf(1L), device.after(30))

        device.hear(receipt(1))

        assertEquals(seqs(2L..9), device.send())
    }

    @Test
    fun `after a reconnect what the broker had not answered is sent again`() {
        val device = Device(6)
        device.send()
        device.taken(listOf(1, 2, 4))

        device.drainer.disconnected()
        device.drainer.connected(device.nowMs)

        assertEquals(seqs(3L..6), device.send())
    }

    @Test
    fun `a payload that nobody can read is given up once`() {
        val device = Device(4, receipt(0))
        device.taken(device.send())

        assertEquals(listOf(2L), device.hear(receipt(1, refused = "sha2")).refused)
        assertEquals(listOf(2L), device.send())
        assertEquals(NOTHING, device.hear(receipt(1, refused = "sha2")).refused)
        assertTrue(device.drainer.isRefused("sha2"))
        assertFalse(device.drainer.isRefused("sha3"))
    }

    @Test
    fun `a message refused three times is given up`() {
        val device = Device(2)
        device.send()

        repeat(2) {
            assertNull(device.refused(2))
            assertEquals(listOf(2L), device.send())
        }
        assertEquals(2L, device.refused(2))
        assertEquals(listOf(2L), device.send())
    }

    @Test
    fun `a device that may send nothing gives nothing up and tries one at a time`() {
        val device = Device(5)
        device.send()
        for (seq in 1L..5) assertNull(device.refused(seq, Puback.FORBIDDEN))

        assertEquals(NOTHING, device.after(29))
        assertEquals(listOf(1L), device.after(1))
        assertNull(device.refused(1, Puback.FORBIDDEN))
        assertEquals(NOTHING, device.after(59))
        assertEquals(listOf(1L), device.after(1))
        device.taken(listOf(1))
        assertEquals(seqs(2L..5), device.send())
    }

    @Test
    fun `a lost answer that is refused too is not hammered`() {
        val device = Device(1)
        device.send()
        repeat(2) {
            device.refused(1)
            device.send()
        }
        assertEquals(1L, device.refused(1))
        device.send()

        device.refused(1)

        assertEquals(NOTHING, device.send())
        assertEquals(listOf(1L), device.after(30))
    }

    @Test
    fun `a span of lost seqs counts as one message of the window`() {
        val device = Device(5000)
        assertEquals(Due(1, 1000), device.drainer.due(device.nextSeq, ROOM, device.nowMs))

        device.drainer.sent(1, 4000, "sha", device.nowMs)

        assertEquals(NOTHING, device.send())
        device.hear(receipt(4000))
        assertEquals(seqs(4001L..5000), device.send())
    }

    @Test
    fun `the silence goes on over repeats reconnects and refusals`() {
        val device = Device(3)
        device.taken(device.send())
        assertEquals(listOf(1L), device.after(30))
        device.drainer.disconnected()
        device.drainer.connected(device.nowMs)
        assertEquals(seqs(1L..3), device.send())
        device.refused(1, Puback.FORBIDDEN)

        assertEquals(30_000L, device.drainer.silentMs(device.nowMs))
    }

    @Test
    fun `the silence is told while something waits`() {
        val device = Device(3)
        assertNull(device.drainer.silentMs(device.nowMs))
        device.send()

        assertEquals(70_000L, device.drainer.silentMs(device.nowMs + 70_000))
        device.hear(receipt(3))
        assertNull(device.drainer.silentMs(device.nowMs + 70_000))
    }
}
