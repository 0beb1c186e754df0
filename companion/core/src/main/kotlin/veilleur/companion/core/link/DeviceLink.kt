/** A device's connection: drains the spool, hears receipts and configs, and says how the device is. */
package veilleur.companion.core.link

import java.io.Closeable
import java.security.MessageDigest
import java.time.Duration
import veilleur.companion.core.drain.Drainer
import veilleur.companion.core.drain.Due
import veilleur.companion.core.drain.Pace
import veilleur.companion.core.drain.Puback
import veilleur.companion.core.spool.LostSpan
import veilleur.companion.core.spool.Spool
import veilleur.companion.core.spool.SpoolItem
import veilleur.companion.core.spool.SpoolRecord
import veilleur.companion.core.wire.DeviceChannel
import veilleur.companion.core.wire.LostReason
import veilleur.companion.core.wire.ReceiptCodec
import veilleur.companion.core.wire.deviceTopic

/** The device behind the link, whose words the link carries; called on the link's thread, [will] also before. */
interface DeviceHost {
    /** The device's name, as it stands in its topics. */
    val device: String

    /** Returns the status that stands once the device is gone. */
    fun will(): ByteArray

    /** Returns what the device says of itself now. */
    fun status(): ByteArray

    /** Returns the envelope that answers for seqs which can no longer be sent. */
    fun lost(span: LostSpan): ByteArray

    /** Takes the daemon's newest config in, whatever it holds. */
    fun takeConfig(payload: ByteArray)

    /** Returns how long it is until the next status. */
    fun statusInterval(): Duration
}

/** Sends one spool to one broker, from [start] to [close]; any thread. */
class DeviceLink(
    settings: LinkSettings,
    private val spool: Spool,
    private val host: DeviceHost,
    private val pace: Pace,
    private val clocks: Clocks,
    search: ServerSearch = MdnsSearch(),
) : Closeable {
    private val topics = DeviceChannel.values().associateWith { deviceTopic(host.device, it) }
    private val drainer = Drainer(spool.epoch, spool.state().receipt, pace)
    private val unanswered = HashMap<Long, Int>()
    private val window = settings.window
    private var isReady = false
    private var isProven = false
    private var answeredMs = 0L
    private var hasToldUnheard = false

    @Volatile private var nextStatusMs = 0L

    @Volatile private var waitsSinceMs: Long? = null

    @Volatile private var isHeld = false

    @Volatile private var isMisled = false
    private val heardFrom = object : LinkUser {
        override fun takeEvents(connection: PahoConnection, events: List<LinkEvent>) = this@DeviceLink.takeEvents(connection, events)

        override fun leave(connection: PahoConnection) = connection.publish(outgoing(DeviceChannel.STATUS, host.will()))

        override fun connectionOver() = this@DeviceLink.connectionOver()
    }
    // the spool remembers: a session kept at the broker would only be left behind
    private val greeting = Greeting(
        outgoing(DeviceChannel.STATUS, host.will()),
        listOf(topics.getValue(DeviceChannel.RECEIPT), topics.getValue(DeviceChannel.CONFIG)),
    )
    private val link = MqttLink(settings, greeting, heardFrom, clocks, search)

    /** Begins to connect. */
    fun start() = link.start()

    /** Sends soon what was just spooled. */
    fun wake() = link.wake()

    /** Sends a status soon: something that it says has changed. */
    fun saySoon() {
        nextStatusMs = 0
        link.wake()
    }

    /** Tries at once instead of waiting: the network is another one. */
    fun networkChanged() = link.networkChanged()

    /** Returns how the connection is. */
    fun state(): LinkState = link.state()

    /** Returns for how long nothing of what was sent has been receipted; null while nothing waits. */
    fun silentFor(): Duration? = waitsSinceMs?.let { Duration.ofMillis(clocks.monotonicMs() - it) }

    /** Tells whether the receipt of what was sent is overdue: the first repetition did not help either. */
    fun isUnheard(): Boolean = silentFor().let { it != null && it.toMillis() >= pace.firstSilenceMs * OVERDUE_SILENCES }

    /** Tells whether the broker takes nothing from this device. */
    fun isForbidden(): Boolean = isHeld

    /** Tells whether the last receipt covers seqs that no spool gives out: somebody else may have written it. */
    fun isMisled(): Boolean = isMisled

    /** Says that the device leaves, and disconnects; the spool keeps what is unreceipted. */
    override fun close() = link.close()

    private fun takeEvents(connection: PahoConnection, events: List<LinkEvent>) {
        val nowMs = clocks.monotonicMs()
        for (event in events) take(event, nowMs)
        if (unanswered.isNotEmpty() && nowMs > answeredMs + pace.answerWithinMs) {
            throw BrokerException(LinkProblem.UNANSWERED, "the broker takes messages and no longer answers for them: connecting again")
        }
        if (hasToldUnheard != isUnheard()) {
            hasToldUnheard = !hasToldUnheard
            nextStatusMs = 0
        }
        if (isReady) {
            sendStatus(connection, nowMs)
            drain(connection, nowMs)
        }
        waitsSinceMs = drainer.silentMs(nowMs)?.let { nowMs - it }
        isHeld = drainer.isForbidden
        isMisled = drainer.isMisled
    }

    private fun take(event: LinkEvent, nowMs: Long) {
        when (event) {
            is LinkEvent.Ready -> {
                isReady = true
                nextStatusMs = 0
                drainer.connected(nowMs)
            }
            is LinkEvent.Received -> hear(event, nowMs)
            is LinkEvent.Answered -> settle(event.seq, nowMs)
            is LinkEvent.Over, is LinkEvent.Wake -> Unit
        }
    }

    private fun connectionOver() {
        isReady = false
        isProven = false
        unanswered.clear()
        drainer.disconnected()
    }

    private fun hear(message: LinkEvent.Received, nowMs: Long) {
        if (message.topic == topics[DeviceChannel.CONFIG]) {
            host.takeConfig(message.payload)
            nextStatusMs = 0
        } else if (message.topic == topics[DeviceChannel.RECEIPT]) {
            takeReceipt(message.payload, nowMs)
        }
    }

    private fun takeReceipt(payload: ByteArray, nowMs: Long) {
        val receipt = ReceiptCodec.read(payload) ?: return
        val taken = drainer.receipt(receipt, spool.nextSeq, nowMs)
        taken.refused.forEach { spool.giveUp(it, LostReason.REFUSED) }
        taken.inForce?.let(spool::trim)
        taken.spentThrough?.let(spool::skipPast)
    }

    private fun settle(seq: Long, nowMs: Long) {
        answeredMs = nowMs
        isProven = true
        val left = unanswered.getOrDefault(seq, 0) - 1
        if (left > 0) unanswered[seq] = left else unanswered.remove(seq)
        // MQTT 3.1.1 has no other answer than that a message was taken
        drainer.puback(seq, Puback.TAKEN, nowMs)
    }

    private fun drain(connection: PahoConnection, nowMs: Long) {
        while (true) {
            // The first goes alone: a broker that denies it hangs up, and a full line would swallow its answer.
            val most = if (isProven) window else 1
            val due = drainer.due(spool.nextSeq, most - unanswered.values.sum(), nowMs) ?: return
            send(connection, due, nowMs)
        }
    }

    private fun send(connection: PahoConnection, due: Due, nowMs: Long) {
        for (item in spool.read(due.fromSeq, due.limit).take(due.limit)) {
            val read = payloadOf(item)
            val isRefused = drainer.isRefused(sha256(read))
            if (isRefused) spool.giveUp(item.seq, LostReason.REFUSED)
            val payload = if (isRefused) host.lost(LostSpan(item.seq, item.seq, LostReason.REFUSED)) else read
            if (unanswered.isEmpty()) answeredMs = nowMs
            connection.publish(outgoing(DeviceChannel.NOTIFICATIONS, payload, item.seq))
            unanswered[item.seq] = unanswered.getOrDefault(item.seq, 0) + 1
            drainer.sent(item.seq, item.throughSeq, sha256(payload), nowMs)
        }
    }

    private fun payloadOf(item: SpoolItem): ByteArray = when (item) {
        is SpoolRecord -> item.payload
        is LostSpan -> host.lost(item)
    }

    private fun sendStatus(connection: PahoConnection, nowMs: Long) {
        if (nowMs < nextStatusMs) return
        nextStatusMs = nowMs + host.statusInterval().toMillis()
        spool.tidy()
        connection.publish(outgoing(DeviceChannel.STATUS, host.status()))
    }

    private fun outgoing(channel: DeviceChannel, payload: ByteArray, seq: Long? = null) =
        Outgoing(topics.getValue(channel), payload, isRetained = channel == DeviceChannel.STATUS, seq = seq)

    private companion object {
        const val OVERDUE_SILENCES = 1.2

        fun sha256(payload: ByteArray): String =
            MessageDigest.getInstance("SHA-256").digest(payload).joinToString("") { "%02x".format(it) }
    }
}
