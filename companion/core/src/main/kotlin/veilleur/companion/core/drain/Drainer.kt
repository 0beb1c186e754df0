/**
 * Decides what of the spool is sent, and when: receipts and PUBACKs in, seqs out. No clock, no socket.
 *
 * A PUBACK means that the broker has a message, a receipt that the daemon has stored it: only that moves anything on.
 */
package veilleur.companion.core.drain

import veilleur.companion.core.wire.MAX_SEQ
import veilleur.companion.core.wire.Receipt

/**
 * How far the drainer runs ahead of the receipt, and how long it waits on silence: doubled up to the longest.
 *
 * Requests to send again are served [resendPauseMs] apart: two databases that answer one device ask without end.
 * A broker that answers nothing for [answerWithinMs] is left and sought again.
 */
data class Pace(
    val mostBeyondReceipt: Long = 1_000,
    val resendPauseMs: Long = 1_000,
    val firstSilenceMs: Long = 30_000,
    val longestSilenceMs: Long = 15 * 60_000,
    val answerWithinMs: Long = 60_000,
)

/** No receipt makes a spool pass over more seqs than these: as many again are left to give out. */
const val MOST_SPENT_SEQS = MAX_SEQ / 2

/** How the broker answered one message. */
enum class Puback {
    TAKEN,
    REFUSED,

    /** Nothing of this device is taken just now, whatever it holds. */
    FORBIDDEN,
}

/** Send what stands at [fromSeq], at most [limit] of them. */
data class Due(val fromSeq: Long, val limit: Int)

/**
 * What a receipt asks of the spool: to trim by [inForce], and to answer for the seqs [refused] with `lost`.
 *
 * [spentThrough] is there where the daemon has stored seqs that this spool never gave out: it must not give them
 * out any more. The disk, or whoever put back an older copy of the folder, lost what came after. Beyond
 * MOST_SPENT_SEQS nobody has stored anything: such a receipt asks nothing.
 */
data class Taken(val inForce: Receipt? = null, val refused: List<Long> = emptyList(), val spentThrough: Long? = null)

/**
 * One epoch's way to the daemon; `nowMs` is any clock that never goes back. For one thread.
 *
 * At most 1,000 envelopes are under way beyond the receipt. Everything from the receipt on is sent again when the
 * daemon asks (a new store or round) and, where the broker had not answered, after a reconnect. On silence the first
 * unreceipted one alone is repeated; if that helps, what was sent after it was lost on the way too and is sent again.
 */
class Drainer(private val epoch: String, private var receipt: Receipt?, private val pace: Pace) {
    /** Whether the last receipt of this epoch covers seqs that no spool gives out; it changed nothing. */
    var isMisled = false
        private set

    private val silence = Silence(pace)
    private val refusals = Refusals(pace)
    private val unanswered = HashSet<Long>()
    private val seqOfPayload = LinkedHashMap<String, Long>()
    private var asked = receipt?.let { it.store to it.round }
    private var cursor = through + 1
    private var isConnected = false
    private var resendDueMs: Long? = null
    private var mayResendMs = Long.MIN_VALUE

    /** Begins to send: the broker took us and our subscriptions. */
    fun connected(nowMs: Long) {
        isConnected = true
        silence.hush(nowMs)
    }

    /** Sends again later what the broker had not answered. */
    fun disconnected() {
        isConnected = false
        cursor = minOf(cursor, unanswered.minOrNull() ?: cursor)
        unanswered.clear()
    }

    /** Takes a receipt in, whichever it is: of another epoch, lower than known, or beyond what was given out too. */
    fun receipt(heard: Receipt, nextSeq: Long, nowMs: Long): Taken {
        val isAsked = isRequest(heard)
        val refused = newlyRefused(heard).onEach(refusals::giveUp)
        val isOurs = heard.epoch == epoch
        val isAhead = isOurs && heard.throughSeq >= nextSeq
        if (isOurs) isMisled = isAhead && heard.throughSeq > MOST_SPENT_SEQS
        val inForce = if (isOurs && !isAhead) putInForce(heard, nowMs) else null
        if (isAsked) resendDueMs = maxOf(nowMs, mayResendMs)
        return Taken(inForce, refused, heard.throughSeq.takeIf { isAhead && !isMisled })
    }

    /** Takes the broker's answer in; returns the seq where it is to be given up: refused for the third time. */
    fun puback(seq: Long, answer: Puback, nowMs: Long): Long? {
        unanswered.remove(seq)
        return when (refusals.verdict(seq, answer, nowMs)) {
            Verdict.FINE, Verdict.AGAIN -> null
            Verdict.HELD -> null.also { cursor = minOf(cursor, seq) }
            Verdict.GIVEN_UP -> seq
        }
    }

    /** Returns what to send now; [room] is how many more the broker will take. Say [sent] for each that was. */
    fun due(nextSeq: Long, room: Int, nowMs: Long): Due? {
        if (!isConnected || room <= 0 || refusals.isHeldBack(nowMs)) return null
        if (resendDueMs.let { it != null && nowMs >= it }) {
            resendDueMs = null
            mayResendMs = nowMs + pace.resendPauseMs
            cursor = through + 1
        }
        val limit = if (refusals.isForbidden && unanswered.isNotEmpty()) 0 else if (refusals.isForbidden) 1 else room
        refusals.nextAgain(through)?.let { return Due(it, 1) }
        val beyond = minOf(nextSeq, through + pace.mostBeyondReceipt + 1) - cursor
        if (beyond > 0 && limit > 0) return Due(cursor, minOf(limit.toLong(), beyond).toInt())
        val first = through + 1
        return if (first !in unanswered && silence.isRepeatDue(through, nowMs)) Due(first, 1) else null
    }

    /** Tells whether the daemon said that nobody can read these bytes. */
    fun isRefused(payloadSha256: String): Boolean = receipt?.refused?.contains(payloadSha256) ?: false

    /** Remembers that what stands at these seqs is under way. */
    fun sent(seq: Long, throughSeq: Long, payloadSha256: String, nowMs: Long) {
        silence.sent(seq, throughSeq, through, nowMs)
        unanswered += seq
        seqOfPayload[payloadSha256] = seq
        if (cursor in seq..throughSeq) cursor = throughSeq + 1
    }

    /** Returns how long what was sent has waited for a receipt; null while nothing waits. */
    fun silentMs(nowMs: Long): Long? = silence.lengthMs(through, nowMs)

    /** Whether the broker takes nothing from this device. */
    val isForbidden: Boolean get() = refusals.isForbidden

    private val through: Long get() = receipt?.throughSeq ?: 0

    private fun isRequest(heard: Receipt): Boolean {
        val before = asked
        asked = if (before?.first == heard.store) heard.store to maxOf(before.second, heard.round) else heard.store to heard.round
        return asked != before
    }

    private fun putInForce(heard: Receipt, nowMs: Long): Receipt? {
        val isNewStore = receipt?.store != heard.store
        if (!isNewStore && heard.throughSeq < through) return null
        val hasMoved = isNewStore || heard.throughSeq > through
        receipt = heard
        cursor = maxOf(cursor, through + 1)
        if (hasMoved) {
            if (silence.broken(through, nowMs)) cursor = through + 1
            refusals.forget(through)
            if (seqOfPayload.size > 2 * pace.mostBeyondReceipt) seqOfPayload.values.removeAll { it <= through }
        }
        return heard
    }

    private fun newlyRefused(heard: Receipt): List<Long> =
        heard.refused.mapNotNull(seqOfPayload::get).filter { it > through && !refusals.isGivenUp(it) }.distinct()
}
