/** A lasting link to a broker: one thread that connects, keeps turning, and begins again with a jittered back-off. */
package veilleur.companion.core.link

import java.io.Closeable
import java.time.Instant
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.Semaphore
import java.util.concurrent.TimeUnit
import kotlin.concurrent.thread
import kotlin.random.Random

private const val TURN_MS = 1_000L
private const val SILENT_AFTER_MS = 30_000L
private const val FIRST_PAUSE_MS = 200L
private const val SETTLED_AFTER_MS = 5_000L

/** How the link is: [sinceAt] is the last change of [isUp]; [containedErrors] counts our own faults. */
data class LinkState(
    val isUp: Boolean,
    val sinceAt: Instant,
    val address: String?,
    val problem: LinkProblem?,
    val detail: String?,
    val connections: Int,
    val containedErrors: Int,
)

/** Who uses a link; called on the link's thread only. */
internal interface LinkUser {
    /** Handles what came and sends what waits; called each turn, also with no events. BrokerException reconnects. */
    fun takeEvents(connection: PahoConnection, events: List<LinkEvent>)

    /** Says the last words of a connection that stands. */
    fun leave(connection: PahoConnection)

    /** Forgets what belonged to the connection that just ended. */
    fun connectionOver()
}

/** What a connection begins with: who speaks for us once we are gone, and what we listen to. */
internal class Greeting(val will: Outgoing, val subscriptions: List<String>)

/** Keeps one connection at a time for its user, from [start] to [close]. */
internal class MqttLink(
    private val settings: LinkSettings,
    private val greeting: Greeting,
    private val user: LinkUser,
    private val clocks: Clocks,
    search: ServerSearch = MdnsSearch(),
) : Closeable {
    private val whereabouts = Whereabouts(settings, search)
    private val backOff = BackOff(FIRST_PAUSE_MS, settings.longestPauseMs, Random.Default)
    private val moved = Semaphore(0)

    @Volatile private var events = LinkedBlockingQueue<LinkEvent>()

    @Volatile private var thread: Thread? = null

    @Volatile private var isClosing = false

    @Volatile private var state = LinkState(false, clocks.now(), null, null, null, 0, 0)

    @Volatile private var lastTurnMs = nowMs()

    /** Begins to connect. */
    fun start() {
        thread = thread(name = "mqtt link", isDaemon = true) { run() }
    }

    /** Returns how the link is; a thread that died or hangs counts as down whatever the socket says. */
    fun state(): LinkState {
        val isTurning = thread?.isAlive == true && nowMs() - lastTurnMs < SILENT_AFTER_MS
        return state.copy(isUp = state.isUp && isTurning)
    }

    /** Lets the user's `takeEvents` run soon, from any thread; starts the thread again should it have died. */
    fun wake() {
        if (events.isEmpty()) events.offer(LinkEvent.Wake)
        if (thread?.isAlive == false && !isClosing) start()
    }

    /** Tries at once instead of waiting: the network is another one. */
    fun networkChanged() = moved.release()

    /** Says the last words, disconnects and ends the thread. */
    override fun close() {
        isClosing = true
        networkChanged()
        wake()
        thread?.join(CLOSES_WITHIN_MS)
    }

    private fun run() {
        while (!isClosing) {
            try {
                holdOneConnection()
            } catch (error: BrokerException) {
                noteDown(error.problem, error.message)
            } catch (error: InterruptedException) {
                return
            } catch (error: Exception) {
                state = state.copy(containedErrors = state.containedErrors + 1)
                noteDown(LinkProblem.OWN_ERROR, "an error of our own was contained: ${error.javaClass.simpleName}")
            }
            pause()
        }
    }

    private fun holdOneConnection() {
        val address = whereabouts.next()
        val heard = LinkedBlockingQueue<LinkEvent>().also { events = it }
        val nowAt = { maxOf(clocks.now(), settings.builtAt) }
        PahoConnection(address, settings, nowAt, heard).use { connection ->
            try {
                lastTurnMs = nowMs()
                connection.open(greeting.will, greeting.subscriptions)
                whereabouts.worked(address)
                val connections = state.connections + 1
                state = LinkState(true, clocks.now(), address.toString(), null, null, connections, state.containedErrors)
                heard.offer(LinkEvent.Ready)
                turn(connection, heard)
            } finally {
                user.connectionOver()
            }
        }
    }

    private fun turn(connection: PahoConnection, heard: LinkedBlockingQueue<LinkEvent>) {
        val beganMs = nowMs()
        while (!isClosing) {
            val news = ArrayList<LinkEvent>()
            heard.poll(TURN_MS, TimeUnit.MILLISECONDS)?.let { news += it }
            heard.drainTo(news)
            lastTurnMs = nowMs()
            user.takeEvents(connection, news)
            val end = news.filterIsInstance<LinkEvent.Over>().firstOrNull()
            if (end != null) throw BrokerException(LinkProblem.LOST, "lost the broker: ${end.reason}")
            if (nowMs() - beganMs > SETTLED_AFTER_MS) backOff.reset()
        }
        user.leave(connection)
        connection.leave()
    }

    private fun nowMs(): Long = clocks.monotonicMs()

    private fun noteDown(problem: LinkProblem, detail: String?) {
        val sinceAt = if (state.isUp) clocks.now() else state.sinceAt
        state = state.copy(isUp = false, sinceAt = sinceAt, problem = problem, detail = detail)
    }

    private fun pause() {
        if (moved.tryAcquire(backOff.next(), TimeUnit.MILLISECONDS)) {
            moved.drainPermits()
            backOff.reset()
        }
    }

    private companion object {
        const val CLOSES_WITHIN_MS = 8_000L
    }
}
