package veilleur.companion.core.device

import kotlin.random.Random

private const val MARK_BYTES = 4
private const val FAILURES_TO_TELL = 2

/** How long a canary may take to come back; after the first failure the next goes out sooner than usual. */
data class CanaryPace(val answerWithinMs: Long = 60_000, val retryAfterMs: Long = 60_000)

/** What is to be done for the canary now. */
sealed class CanaryStep {
    /** Post the companion's own notification with this text. */
    data class Post(val mark: String) : CanaryStep()

    /** The listener heard nothing of it: have it bound anew. */
    object Rebind : CanaryStep()
}

/**
 * Proves that the listener hears, by a notification of our own; `nowMs` is any clock that never goes back.
 *
 * Written by one thread, read by any.
 */
class Canary(private val pace: CanaryPace, private val random: Random = Random.Default) {
    private var awaited: String? = null
    private var postedMs = 0L
    private var nextMs = Long.MIN_VALUE

    @Volatile private var seenMs: Long? = null

    @Volatile private var failures = 0

    /** Whether two in a row did not come back. */
    val isUnseen: Boolean get() = failures >= FAILURES_TO_TELL

    /** Return what is due, or null; whatever is returned is taken as done. */
    fun step(nowMs: Long, intervalMs: Long): CanaryStep? = when {
        awaited != null && nowMs >= postedMs + pace.answerWithinMs -> fail(nowMs, intervalMs)
        awaited == null && nowMs >= nextMs -> post(nowMs, intervalMs)
        else -> null
    }

    /** Return how long it is until something is due. */
    fun waitMs(nowMs: Long): Long {
        val dueMs = if (awaited == null) nextMs else postedMs + pace.answerWithinMs
        return if (dueMs <= nowMs) 0 else dueMs - nowMs
    }

    /** Take in that the last one could not be posted: none is awaited, and nobody is to blame. */
    fun notPosted() {
        awaited = null
        failures = 0
    }

    /** Take in that the listener heard a canary of this text. */
    fun seen(mark: String?, nowMs: Long) {
        if (mark == null || mark != awaited) return
        awaited = null
        failures = 0
        seenMs = nowMs
    }

    /** Return the seconds since one last came back; null before the first. */
    fun ageS(nowMs: Long): Double? = seenMs?.let { (nowMs - it) / 1_000.0 }

    private fun post(nowMs: Long, intervalMs: Long): CanaryStep {
        val mark = "canary " + random.nextBytes(MARK_BYTES).joinToString("") { "%02x".format(it) }
        awaited = mark
        postedMs = nowMs
        nextMs = nowMs + intervalMs
        return CanaryStep.Post(mark)
    }

    private fun fail(nowMs: Long, intervalMs: Long): CanaryStep {
        awaited = null
        failures++
        nextMs = nowMs + if (isUnseen) intervalMs else minOf(pace.retryAfterMs, intervalMs)
        return CanaryStep.Rebind
    }
}
