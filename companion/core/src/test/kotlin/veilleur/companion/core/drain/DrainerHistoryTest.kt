/**
 * Whatever broker and daemon lose, in any order: once both work again, everything given out gets its receipt.
 *
 * A simulation: the broker is a queue that can be emptied or deaf, the daemon a set of seqs; time is moved by hand.
 */
package veilleur.companion.core.drain

import kotlin.random.Random
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import veilleur.companion.core.wire.Receipt

private val PACE = Pace(mostBeyondReceipt = 20)
private const val ROOM = 7
private val HEALS_WITHIN_MS = 2 * PACE.longestSilenceMs + 60_000
private const val HISTORIES = 400
private const val LONGEST_HISTORY = 60

/** A device, a broker and a daemon; `receipts` are under way to the device, `forgotten` was stored once. */
private class Way {
    val drainer = Drainer("e", null, PACE)
    var nowMs = 0L
    var nextSeq = 1L
    val unanswered = ArrayDeque<Long>()
    val queue = ArrayDeque<Long>()
    var isDeaf = false
    val stored = HashSet<Long>()
    val forgotten = HashSet<Long>()
    val receipts = ArrayDeque<Receipt>()
    var store = 1
    var round = 1L
    var trimmedThrough = 0L

    init {
        drainer.connected(0)
    }

    fun publishReceipt() {
        var through = 0L
        while (through + 1 in stored) through++
        receipts += Receipt("s$store", round, "e", through)
    }

    fun capture(share: Double) {
        nextSeq += 1 + (30 * share).toInt()
    }

    fun send() {
        while (true) {
            val due = drainer.due(nextSeq, ROOM - unanswered.size, nowMs) ?: return
            for (seq in due.fromSeq until due.fromSeq + due.limit) {
                assertTrue(seq < nextSeq)
                assertTrue(seq <= trimmedThrough + PACE.mostBeyondReceipt)
                drainer.sent(seq, seq, "$seq", nowMs)
                unanswered += seq
            }
            assertTrue(unanswered.size <= ROOM)
        }
    }

    fun brokerAnswers(share: Double = 1.0) = repeat((share * unanswered.size).toInt()) {
        val seq = unanswered.removeFirst()
        if (!isDeaf) queue += seq
        assertEquals(null, drainer.puback(seq, Puback.TAKEN, nowMs))
    }

    fun daemonStores(share: Double = 1.0) {
        val taken = List((share * queue.size).toInt()) { queue.removeFirst() }
        stored += taken
        if (taken.isNotEmpty()) publishReceipt()
    }

    fun receiptsArrive() {
        while (receipts.isNotEmpty()) {
            val taken = drainer.receipt(receipts.removeFirst(), nextSeq, nowMs)
            assertEquals(emptyList<Long>(), taken.refused)
            trimmedThrough = taken.inForce?.throughSeq ?: continue
            assertTrue((1..trimmedThrough).all { it in stored || it in forgotten })
        }
    }

    fun deviceReconnects() {
        unanswered.clear()
        drainer.disconnected()
        drainer.connected(nowMs)
    }

    fun daemonRestarts() {
        round++
        publishReceipt()
    }

    fun brokerDies() {
        queue.clear()
        deviceReconnects()
        daemonRestarts()
    }

    /** Goes back; what was trimmed meanwhile is answered for with `lost`, which the daemon stores as well. */
    fun databaseIsRestored(share: Double) {
        store++
        val gone = stored.filter { it > share * stored.size }
        forgotten += gone
        stored -= gone.toSet()
        publishReceipt()
    }
}

private val STEPS: List<Way.(Double) -> Unit> = listOf(
    { capture(it) }, { send() }, { send() }, { brokerAnswers(it) }, { brokerAnswers(it) }, { daemonStores(it) },
    { daemonStores(it) }, { receiptsArrive() }, { nowMs += (1_000_000 * it).toLong() }, { receipts.clear() },
    { queue.clear() }, { isDeaf = it > 0.5 }, { brokerDies() }, { deviceReconnects() }, { daemonRestarts() },
    { databaseIsRestored(it) },
)

class DrainerHistoryTest {
    @Test
    fun `once all works again everything is receipted`() {
        for (seed in 0 until HISTORIES) {
            val chance = Random(seed)
            val way = Way()
            repeat(chance.nextInt(LONGEST_HISTORY)) { STEPS.random(chance)(way, chance.nextDouble()) }

            heal(way)

            assertEquals(way.nextSeq - 1, way.trimmedThrough, "the history of seed $seed")
        }
    }

    private fun heal(way: Way) {
        way.isDeaf = false
        val deadlineMs = way.nowMs + HEALS_WITHIN_MS + way.nextSeq * 1_000
        while (way.trimmedThrough < way.nextSeq - 1 && way.nowMs < deadlineMs) {
            way.send()
            way.brokerAnswers()
            way.daemonStores()
            way.receiptsArrive()
            way.nowMs += 1_000
        }
    }
}
