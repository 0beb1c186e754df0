package veilleur.companion.core.drain

/** What follows from a broker's answer. */
internal enum class Verdict { FINE, AGAIN, HELD, GIVEN_UP }

/** Messages that a broker refused: sent again, given up after the third time, or all held back for a while. */
internal class Refusals(private val pace: Pace) {
    private val times = HashMap<Long, Int>()
    private val givenUp = HashSet<Long>()
    private val again = ArrayDeque<Long>()
    private var heldUntilMs: Long? = null
    private var holdMs = pace.firstSilenceMs

    /** Whether the broker takes nothing from this device. */
    val isForbidden: Boolean get() = heldUntilMs != null

    /** Tells whether nothing may be sent yet. */
    fun isHeldBack(nowMs: Long): Boolean = heldUntilMs.let { it != null && nowMs < it }

    /** Tells whether this seq is answered for with `lost`. */
    fun isGivenUp(seq: Long): Boolean = seq in givenUp

    /** Judges an answer. */
    fun verdict(seq: Long, answer: Puback, nowMs: Long): Verdict {
        if (answer == Puback.TAKEN) {
            heldUntilMs = null
            holdMs = pace.firstSilenceMs
            return Verdict.FINE
        }
        val count = (times[seq] ?: 0) + 1
        times[seq] = count
        return when {
            answer == Puback.FORBIDDEN || seq in givenUp -> Verdict.HELD.also { hold(nowMs) }
            count < TIMES_TO_GIVE_UP -> Verdict.AGAIN.also { again += seq }
            else -> Verdict.GIVEN_UP.also { giveUp(seq) }
        }
    }

    /** Has this seq sent once more, as `lost`. */
    fun giveUp(seq: Long) {
        givenUp += seq
        again += seq
    }

    /** Returns the next seq to send once more, above [through]; each is returned once. */
    fun nextAgain(through: Long): Long? {
        while (again.isNotEmpty()) again.removeFirst().let { if (it > through) return it }
        return null
    }

    /** Forgets what a receipt covers. */
    fun forget(through: Long) {
        givenUp.removeAll { it <= through }
        times.keys.removeAll { it <= through }
    }

    private fun hold(nowMs: Long) {
        if (isHeldBack(nowMs)) return
        heldUntilMs = nowMs + holdMs
        holdMs = minOf(2 * holdMs, pace.longestSilenceMs)
    }

    private companion object {
        const val TIMES_TO_GIVE_UP = 3
    }
}
