package veilleur.companion.core.device

import java.io.Closeable
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import kotlin.concurrent.thread
import veilleur.companion.core.capture.Captured
import veilleur.companion.core.capture.DropReason
import veilleur.companion.core.spool.MakeEnvelope
import veilleur.companion.core.spool.Spool
import veilleur.companion.core.spool.SpoolException
import veilleur.companion.core.wire.Envelope
import veilleur.companion.core.wire.EventKind
import veilleur.companion.core.wire.RawNotification

private const val MOST_WAITING = 5_000
private const val MOST_AT_ONCE = 500
private const val LONGEST_WAIT_MS = 60_000L
private const val RETRY_MS = 1_000L

/** What the writer tells and asks of the program around it; called on the writer's thread. */
internal interface WriterHost {
    /** These are on disk; they are cleared after this. */
    fun spooled(envelopes: List<Envelope>)

    /** Clear these notifications. */
    fun clear(keys: List<String>)

    /** Do what is due now; return how long it is until something is due again. */
    fun tick(): Long

    /** What the status says has changed. */
    fun changed()

    /** Have all that is active handed over again: some of it may have been missed. */
    fun requestActive()
}

/**
 * The one thread between Android's callbacks and the disk.
 *
 * It takes what waits, spools it with one sync, remembers it, and only then has it cleared. Where the disk does not
 * take it, it tries again, and what waits beyond MOST_WAITING is dropped with a count.
 */
internal class CaptureWriter(
    private val spool: Spool,
    private val desk: CaptureDesk,
    private val maker: EnvelopeMaker,
    private val counts: EventCounts,
    private val host: WriterHost,
) : Closeable {
    private val waiting = LinkedBlockingQueue<Work>(MOST_WAITING)
    private val thread = thread(start = false, name = "capture", block = ::run)

    @Volatile private var isClosing = false

    @Volatile private var mayHaveMissed = false

    /** Whether the disk did not take what was last tried. */
    @Volatile
    var cannotWrite = false
        private set

    /** How many faults of our own were contained. */
    @Volatile
    var containedErrors = 0
        private set

    fun start() = thread.start()

    /** Take one event, from any thread. */
    fun take(captured: Captured) = put(Work.Event(captured))

    /** Take everything that is active now, from any thread. */
    fun catchUp(active: List<Captured>) = put(Work.CatchUp(active))

    /** Look at what is due, and at what another config may want. */
    fun wake() = put(Work.Wake)

    /** Write what waits, and end. */
    override fun close() {
        isClosing = true
        put(Work.Wake)
        thread.join()
    }

    private fun put(work: Work) {
        if (waiting.offer(work)) return
        counts.addDropped(List(work.captured.size) { DropReason.OVERFLOW })
        mayHaveMissed = true
    }

    private fun run() {
        var waitMs = 0L
        while (!isClosing || waiting.isNotEmpty()) {
            val first = waiting.poll(waitMs, TimeUnit.MILLISECONDS)
            waitMs = contained {
                if (first != null) handle(first)
                if (waiting.isEmpty()) askForWhatWasMissed()
                minOf(host.tick(), LONGEST_WAIT_MS)
            } ?: RETRY_MS
        }
    }

    /** The boundary of this thread: a fault of our own is counted, shown in the status, and ends nothing. */
    private fun <T> contained(onFault: () -> Unit = {}, work: () -> T): T? = try {
        work()
    } catch (_: Exception) {
        containedErrors++
        onFault()
        null
    }

    private fun handle(first: Work) {
        val works = arrayListOf(first)
        waiting.drainTo(works, MOST_AT_ONCE - 1)
        val accepted = works.flatMap(::accepted)
        val spooled = spooled(accepted)
        if (spooled.isNotEmpty()) settle(spooled, unspooled = accepted - spooled.toSet())
    }

    private fun askForWhatWasMissed() {
        if (!mayHaveMissed) return
        mayHaveMissed = false
        host.requestActive()
    }

    /** Return what is on disk now: all of it, but for what itself cannot be written for a fault of our own. */
    private fun spooled(accepted: List<Accepted>): List<Accepted> {
        if (accepted.isEmpty()) return accepted
        val isDone = contained { spool(accepted.map(Accepted::envelope)) }
        return when {
            isDone == true -> accepted
            isDone == false -> emptyList()
            accepted.size > 1 -> accepted.flatMap { spooled(listOf(it)) }
            else -> emptyList<Accepted>().also { giveUp(accepted.single()) }
        }
    }

    private fun giveUp(accepted: Accepted) {
        desk.forget(accepted)
        countOwnError()
    }

    private fun accepted(work: Work): List<Accepted> = when (work) {
        is Work.CatchUp -> {
            contained { desk.beginAnew(work.captured) }
            work.captured.mapNotNull(::accepted)
        }
        else -> work.captured.mapNotNull(::accepted)
    }

    private fun accepted(captured: Captured): Accepted? = contained(::countOwnError) { desk.accept(captured) }

    private fun countOwnError() = counts.addDropped(listOf(DropReason.OWN_ERROR))

    private fun settle(spooled: List<Accepted>, unspooled: List<Accepted>) {
        desk.save()
        counts.addSpooled(spooled.map(Accepted::envelope))
        host.spooled(spooled.map(Accepted::envelope))
        val keys = keysToClear(spooled) - unspooled.mapNotNull { it.envelope.notification?.key }.toSet()
        if (keys.isNotEmpty()) host.clear(keys.toList())
    }

    /** Android clears whatever has the key now: where a newer version is still in memory alone, its own turn comes. */
    private fun keysToClear(spooled: List<Accepted>): Set<String> {
        val shown = spooled.filter(Accepted::clears).mapNotNull { it.envelope.notification }.associateBy(RawNotification::key)
        val newer = waiting.flatMap(Work::captured).filter { it.event != EventKind.ACTIVE || isOther(it.notification, shown) }
        return shown.keys - newer.map { it.notification.key }.toSet()
    }

    /** What is shown while catching up may be the very version that was just spooled. */
    private fun isOther(active: RawNotification, spooled: Map<String, RawNotification>): Boolean =
        active.postedAtMs != spooled[active.key]?.postedAtMs

    /** Return true once the envelopes are on disk, false where the program ends before the disk takes them. */
    private fun spool(envelopes: List<Envelope>): Boolean {
        val makes = envelopes.map<Envelope, MakeEnvelope> { envelope -> { epoch, seq -> maker.payloadOf(envelope, epoch, seq) } }
        while (true) {
            try {
                spool.appendAll(makes)
                noteWriting(failed = false)
                return true
            } catch (_: SpoolException) {
                noteWriting(failed = true)
                if (isClosing) return false
                Thread.sleep(RETRY_MS)
            }
        }
    }

    private fun noteWriting(failed: Boolean) {
        if (cannotWrite == failed) return
        cannotWrite = failed
        if (!failed) mayHaveMissed = true
        host.changed()
    }

    private sealed class Work(val captured: List<Captured>) {
        class Event(captured: Captured) : Work(listOf(captured))

        class CatchUp(active: List<Captured>) : Work(active)

        object Wake : Work(emptyList())
    }
}
