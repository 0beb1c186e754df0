package veilleur.companion.core.link

import kotlin.random.Random

/** How long to wait before the next try: ever longer, spread by chance so that a fleet does not come back at once. */
class BackOff(private val firstMs: Long, private val longestMs: Long, private val chance: Random) {
    private var failures = 0

    /** Returns the pause after one more failure: between half of and the whole doubled one. */
    fun next(): Long {
        val whole = minOf(longestMs, firstMs shl minOf(failures, MOST_DOUBLINGS))
        failures++
        return chance.nextLong(whole / 2, whole + 1)
    }

    /** Begins small again: a connection held, or the network changed. */
    fun reset() {
        failures = 0
    }

    private companion object {
        const val MOST_DOUBLINGS = 20
    }
}
