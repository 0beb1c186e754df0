package veilleur.companion

import java.util.ArrayDeque
import veilleur.companion.core.capture.Captured

private const val MOST_WAITING = 500

/** What takes events once there is one; `lost` says how many came before it and could not wait. */
class Taker(val take: (Captured) -> Unit, val lost: (Int) -> Unit)

/** Hands events over in the order they come; before there is a taker, a bounded number waits for it. Any thread. */
class Intake(private val most: Int = MOST_WAITING) {
    private val waiting = ArrayDeque<Captured>()
    private var taker: Taker? = null
    private var mayWait = true
    private var lost = 0

    @Synchronized
    fun take(captured: Captured) {
        val known = taker
        when {
            known != null -> known.take(captured)
            !mayWait -> Unit
            waiting.size < most -> waiting.add(captured)
            else -> lost++
        }
    }

    /** Hands over what waited, and from now on all that comes. */
    @Synchronized
    fun open(taker: Taker) {
        this.taker = taker
        waiting.forEach(taker.take)
        if (lost > 0) taker.lost(lost)
        clear()
    }

    /** Lets go of the taker; without one to come, nothing waits for it. */
    @Synchronized
    fun close(awaitsNext: Boolean) {
        taker = null
        mayWait = awaitsNext
        if (!awaitsNext) clear()
    }

    private fun clear() {
        waiting.clear()
        lost = 0
    }
}
