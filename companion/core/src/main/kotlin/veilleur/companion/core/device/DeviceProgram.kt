package veilleur.companion.core.device

import java.io.Closeable
import java.time.Duration
import java.time.Instant
import veilleur.companion.core.capture.ActiveCounts
import veilleur.companion.core.capture.ActiveMemory
import veilleur.companion.core.capture.Captured
import veilleur.companion.core.capture.DropReason
import veilleur.companion.core.capture.RedactionRules
import veilleur.companion.core.link.Clocks
import veilleur.companion.core.link.DeviceHost
import veilleur.companion.core.link.DeviceLink
import veilleur.companion.core.spool.LostSpan
import veilleur.companion.core.spool.Spool
import veilleur.companion.core.spool.SpoolState
import veilleur.companion.core.wire.COMPANION_PACKAGE
import veilleur.companion.core.wire.DeviceStatus
import veilleur.companion.core.wire.Envelope
import veilleur.companion.core.wire.ReceiptInForce
import veilleur.companion.core.wire.Sender
import veilleur.companion.core.wire.StatusCodec

private const val STATUS_INTERVAL_S = 60L
private const val CANARY_INTERVAL_S = 900L
private const val MS_PER_S = 1_000L
private const val CAP_PARTS = 8

/**
 * A whole device without Android's own parts: policy, privacy screen, spool, canary and connection in one.
 *
 * Every method may be called from any thread and returns at once, but the constructor, which throws SpoolException
 * where the folder cannot be used, and `close`.
 */
class DeviceProgram(private val settings: DeviceSettings, private val ports: DevicePorts) : Closeable {
    private val spool = settings.run {
        if (capBytes == null) Spool(folder, cipher, ports::now) else Spool(folder, cipher, ports::now, capBytes)
    }
    private val rules = RedactionRules.load().withHiddenSentences(settings.hiddenSentences)
    private val config = ConfigInForce(settings.folder, settings.cipher, rules, settings.firstConfig)
    private val counts = EventCounts(settings.folder, spool.epoch)
    private val active = ActiveCounts()
    private val sightings = Sightings()
    private val canary = Canary(settings.canaryPace)
    private val maker = EnvelopeMaker(Sender(settings.link.device, settings.source), settings.locale, ports::now)
    private val desk = CaptureDesk(config, ActiveMemory(settings.folder, spool.epoch, settings.cipher), active, maker, counts)
    private val writer = CaptureWriter(spool, desk, maker, counts, Host())
    private val link = DeviceLink(settings.link, spool, Host(), settings.pace, clocks())

    @Volatile private var health = SourceHealth()

    @Volatile private var lastCallbackAt: Instant? = null

    @Volatile private var hadManyActive = false

    init {
        applyCap()
        writer.start()
        link.start()
    }

    /** Take one event: policy, screen and disk come later, on the program's own thread. */
    fun take(captured: Captured) {
        lastCallbackAt = ports.now()
        writer.take(captured)
    }

    /** Take all that is active as the listener (re)connected: what is known already is not told again. */
    fun catchUp(active: List<Captured>) {
        lastCallbackAt = ports.now()
        writer.catchUp(active)
    }

    /** Say in the status how the source is. */
    fun report(health: SourceHealth) {
        val known = this.health
        this.health = health
        val hasChanged = known.problems != health.problems || known.listenerBound != health.listenerBound ||
            known.network != health.network || known.charging != health.charging || known.watchedApps != health.watchedApps
        if (hasChanged) link.saySoon()
    }

    /** Count events that the platform's side dropped before they came here. */
    fun noteDropped(reason: DropReason, events: Int = 1) = counts.addDropped(List(events) { reason })

    /** Tell whether the server wants the pictures of this app's notifications. */
    fun wantsPictures(packageName: String): Boolean = config.regime.policy.wantsPictures(packageName)

    /** Try to connect at once: the network is another one. */
    fun networkChanged() = link.networkChanged()

    /** Return how the device is, for people. */
    fun state(): DeviceState {
        val standing = spool.state()
        return DeviceState(
            link = link.state(),
            silentFor = link.silentFor(),
            spool = standing,
            configRevision = config.revision,
            config = config.regime.config,
            counts = counts.now(),
            channels = sightings.channels(),
            chats = sightings.chats(),
            lastEventAt = sightings.lastEventAt(),
            recent = sightings.recent(),
            activeNotifications = active.of(config.regime.policy.packages),
            canaryAgeS = canary.ageS(nowMs()),
            problems = problems(standing),
        )
    }

    /** Write what waits, say that the device leaves, and release the spool, which keeps what is unreceipted. */
    override fun close() {
        writer.close()
        link.close()
        counts.save()
        spool.close()
    }

    private fun status(): DeviceStatus {
        val standing = spool.state()
        val counted = counts.now()
        val known = health
        counts.save()
        return DeviceStatus(
            online = true,
            epoch = standing.epoch,
            firstSeq = standing.firstSeq,
            nextSeq = standing.nextSeq,
            spoolDepth = standing.depth,
            spoolBytes = standing.sizeBytes,
            spoolCapBytes = standing.capBytes,
            oldestAt = standing.oldestAt,
            sentAt = ports.now(),
            receipt = standing.receipt?.let { ReceiptInForce(it.store, it.round, it.throughSeq) },
            configRevision = config.revision,
            configError = config.error,
            source = settings.source,
            android = settings.android,
            locale = settings.locale(),
            timeZone = known.timeZone,
            bootedAt = known.bootedAt,
            listenerBound = known.listenerBound,
            lastCallbackAt = lastCallbackAt,
            canaryAgeS = canary.ageS(nowMs()),
            batteryPercent = known.batteryPercent,
            charging = known.charging,
            batteryTemperatureC = known.batteryTemperatureC,
            freeBytes = known.freeBytes,
            network = known.network,
            activeNotifications = active.of(config.regime.policy.packages),
            captured = counted.captured,
            dropped = counted.dropped,
            redacted = counted.redacted,
            watchedApps = watchedApps(known),
            problems = problems(standing),
        )
    }

    private fun watchedApps(known: SourceHealth) = sightings.lastEventAt().let { lastEventAt ->
        known.watchedApps.map { it.copy(lastEventAt = it.lastEventAt ?: lastEventAt[it.packageName]) }
    }

    private fun problems(standing: SpoolState): List<String> {
        val own = listOf(
            DeviceProblem.NO_RECEIPT to link.isUnheard(),
            DeviceProblem.BROKER_REFUSES to link.isForbidden(),
            DeviceProblem.RECEIPT_UNREAL to link.isMisled(),
            DeviceProblem.SPOOL_AT_CAP to (standing.sizeBytes > standing.capBytes * (CAP_PARTS - 1) / CAP_PARTS),
            DeviceProblem.SPOOL_CANNOT_WRITE to writer.cannotWrite,
            DeviceProblem.CANARY_UNSEEN to canary.isUnseen,
            DeviceProblem.MANY_ACTIVE to desk.hasManyActive(),
            DeviceProblem.OWN_ERRORS to (writer.containedErrors > 0),
        )
        return health.problems + own.filter { it.second }.map { it.first.wire }
    }

    private fun clocks() = Clocks(ports::now, ports::monotonicMs)

    private fun applyCap() {
        config.regime.config?.spoolCapBytes?.let(spool::setCap)
    }

    private fun nowMs(): Long = ports.monotonicMs()

    private inner class Host : DeviceHost, WriterHost {
        override val device: String = settings.link.device

        override fun will(): ByteArray = StatusCodec.willOf(spool.epoch)

        override fun status(): ByteArray = StatusCodec.write(this@DeviceProgram.status())

        override fun lost(span: LostSpan): ByteArray = maker.lostPayload(span.seq..span.throughSeq, span.reason, spool.epoch)

        override fun takeConfig(payload: ByteArray) {
            if (!config.take(payload)) return
            applyCap()
            writer.wake()
            ports.requestActive()
        }

        override fun statusInterval(): Duration =
            Duration.ofSeconds(config.regime.config?.statusIntervalS ?: STATUS_INTERVAL_S)

        override fun spooled(envelopes: List<Envelope>) {
            sightings.note(envelopes)
            envelopes.filter { it.app.packageName == COMPANION_PACKAGE }.forEach { canary.seen(it.notification?.text, nowMs()) }
            link.wake()
        }

        override fun clear(keys: List<String>) = ports.clear(keys)

        override fun changed() = link.saySoon()

        override fun requestActive() = ports.requestActive()

        override fun tick(): Long {
            sayWhatChanged()
            val intervalMs = (config.regime.config?.canaryIntervalS ?: CANARY_INTERVAL_S) * MS_PER_S
            when (val step = canary.step(nowMs(), intervalMs)) {
                is CanaryStep.Post -> if (!ports.postCanary(step.mark)) canary.notPosted()
                is CanaryStep.Rebind -> {
                    ports.rebindListener()
                    link.saySoon()
                }
                null -> Unit
            }
            return canary.waitMs(nowMs())
        }

        private fun sayWhatChanged() {
            val hasManyActive = desk.hasManyActive()
            if (hasManyActive != hadManyActive) link.saySoon()
            hadManyActive = hasManyActive
        }
    }
}
