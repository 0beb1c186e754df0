/** The tablet's story: what a log tells is posted at its pace, and the program is watched until all of it is stored. */
package veilleur.companion.tablet

import java.time.Instant
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import veilleur.companion.core.capture.Captured
import veilleur.companion.core.device.DevicePorts
import veilleur.companion.core.device.DeviceProgram
import veilleur.companion.core.device.DeviceSettings
import veilleur.companion.core.wire.AppInfo
import veilleur.companion.core.wire.COMPANION_PACKAGE
import veilleur.companion.core.wire.Envelope
import veilleur.companion.core.wire.EventKind
import veilleur.companion.core.wire.RawNotification

private const val CANARY = "canary"
private const val LOOK_MS = 10L
private const val MOST_UNSEEN = 500
private const val NS_PER_S = 1e9
private const val KILLED = 137

/** Posts what a log tells; a marked notification of our own proves that all before it is on disk. */
internal class Simulation(settings: DeviceSettings, private val device: String) : AutoCloseable {
    private val program = DeviceProgram(settings, Ports())
    private val stopping = CountDownLatch(1)
    private var marks = 0

    /** Posts the envelopes; [killAfter] of them are on disk when the process ends as by a power cut. */
    fun post(envelopes: List<Envelope>, ratePerSecond: Double?, killAfter: Int?) {
        val beganNs = System.nanoTime()
        envelopes.forEachIndexed { index, envelope ->
            val notification = envelope.notification
            if (stopping.count == 0L || notification == null) return
            if (ratePerSecond != null) waitUntil(beganNs + (index / ratePerSecond * NS_PER_S).toLong())
            program.take(captured(envelope, notification, Instant.now()))
            if ((index + 1) % MOST_UNSEEN == 0) waitUntilWritten()
            if (index + 1 == killAfter) {
                waitUntilWritten()
                Runtime.getRuntime().halt(KILLED)
            }
        }
        waitUntilWritten()
    }

    /** Waits until a receipt covers everything; tells whether one does. */
    fun waitUntilDrained(): Boolean {
        while (program.state().spool.depth > 0) if (stopping.await(LOOK_MS, TimeUnit.MILLISECONDS)) break
        return program.state().spool.depth == 0L
    }

    /** Stays until told to stop. */
    fun stay() = stopping.await()

    /** Ends the story early, from any thread. */
    fun stop() = stopping.countDown()

    /** Returns what was done, on one line. */
    fun summary(): String {
        val state = program.state()
        val dropped = state.counts.dropped.values.sum()
        val reason = state.link.detail?.let { " ($it)" }.orEmpty()
        return "$device: ${state.spool.nextSeq - 1} spooled in epoch ${state.spool.epoch}, $dropped dropped as the configuration asks, " +
            "${state.spool.depth} waiting to be stored, connected ${state.link.connections} times$reason"
    }

    override fun close() = program.close()

    private fun waitUntilWritten() {
        val marked = marked("end ${marks++}")
        program.take(marked)
        while (program.state().recent.none { it.packageName == COMPANION_PACKAGE && it.capturedAt == marked.capturedAt }) {
            if (stopping.await(LOOK_MS, TimeUnit.MILLISECONDS)) return
        }
    }

    private fun waitUntil(ns: Long) {
        val leftNs = ns - System.nanoTime()
        if (leftNs > 0) stopping.await(leftNs, TimeUnit.NANOSECONDS)
    }

    private fun marked(text: String): Captured {
        val now = Instant.now()
        val shown = RawNotification(key = "0|$COMPANION_PACKAGE|1|$CANARY|0", tag = CANARY, channel = CANARY, text = text, whenMs = now.toEpochMilli())
        return Captured(EventKind.POSTED, now, AppInfo(COMPANION_PACKAGE, "Veilleur"), shown)
    }

    private inner class Ports : DevicePorts {
        override fun now(): Instant = Instant.now()

        override fun clear(keys: List<String>) = Unit

        override fun postCanary(mark: String): Boolean {
            program.take(marked(mark))
            return true
        }

        override fun rebindListener() = Unit

        override fun requestActive() = Unit
    }
}
