package veilleur.companion.core.drain

/** How long nothing was receipted, and when the first unreceipted one is repeated: ever more slowly. */
internal class Silence(private val pace: Pace) {
    private var sentThrough = 0L
    private var progressMs = 0L
    private var quietMs = 0L
    private var pauseMs = pace.firstSilenceMs
    private var repeated: Long? = null

    /** Waits anew before anything is repeated. */
    fun hush(nowMs: Long) {
        quietMs = nowMs
    }

    /** Notes what went out; [through] is what the receipt covers. */
    fun sent(seq: Long, throughSeq: Long, through: Long, nowMs: Long) {
        if (!isWaiting(through)) progressMs = nowMs
        if (seq == through + 1) quietMs = nowMs
        sentThrough = maxOf(sentThrough, throughSeq)
    }

    /** Notes a receipt that moved; tells whether a repeat helped, so that what was sent after it was lost as well. */
    fun broken(through: Long, nowMs: Long): Boolean {
        progressMs = nowMs
        quietMs = nowMs
        pauseMs = pace.firstSilenceMs
        val hasHelped = repeated.let { it != null && it <= through }
        repeated = null
        return hasHelped
    }

    /** Tells whether it is time to repeat what stands after [through]; asked with true, it counts as done. */
    fun isRepeatDue(through: Long, nowMs: Long): Boolean {
        if (!isWaiting(through) || nowMs < quietMs + pauseMs) return false
        quietMs = nowMs
        pauseMs = minOf(2 * pauseMs, pace.longestSilenceMs)
        repeated = through + 1
        return true
    }

    /** Returns how long what was sent has waited; null while nothing waits. */
    fun lengthMs(through: Long, nowMs: Long): Long? = (nowMs - progressMs).takeIf { isWaiting(through) }

    private fun isWaiting(through: Long): Boolean = sentThrough > through
}
