package veilleur.companion

import android.content.Context
import android.os.Handler
import android.os.Looper
import android.os.SystemClock
import android.util.Log
import java.io.Closeable
import java.io.File
import java.time.Instant
import java.time.ZoneId
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import veilleur.companion.alive.ListenerBinding
import veilleur.companion.alive.NetworkWatch
import veilleur.companion.alive.Notices
import veilleur.companion.alive.RebindPatience
import veilleur.companion.capture.AppCatalog
import veilleur.companion.capture.Capturer
import veilleur.companion.capture.HiddenSentences
import veilleur.companion.checklist.checklistOf
import veilleur.companion.checklist.problemsOf
import veilleur.companion.core.BuildInfo
import veilleur.companion.core.capture.Captured
import veilleur.companion.core.capture.DropReason
import veilleur.companion.core.device.DevicePorts
import veilleur.companion.core.device.DeviceProgram
import veilleur.companion.core.device.DeviceSettings
import veilleur.companion.core.device.SourceHealth
import veilleur.companion.core.link.LinkSettings
import veilleur.companion.core.spool.AesGcmCipher
import veilleur.companion.core.wire.SourceInfo
import veilleur.companion.health.HealthReader
import veilleur.companion.health.SensorState
import veilleur.companion.health.StateReader
import veilleur.companion.health.WatchedApps
import veilleur.companion.keep.Credentials
import veilleur.companion.keep.KeystoreWrapper
import veilleur.companion.keep.OpeningLog
import veilleur.companion.keep.Vault

private const val LOG = "veilleur"
private const val BEAT_MS = 20_000L

/** The tablet at work: the core's program while it is paired, and a heartbeat that looks after it. It works from its making on. */
class TabletSensor(
    private val context: Context,
    private val notices: Notices,
    vault: Vault,
    private val build: BuildInfo,
    beatMs: Long = BEAT_MS,
) : Sensor, Closeable {
    private val apps = AppCatalog(context.packageManager)
    private val openings = OpeningLog(context)
    private val binding = ListenerBinding(context)
    private val health = HealthReader(context, binding, notices, apps)
    private val states = StateReader(health, WatchedApps(context, apps, openings))
    private val network = NetworkWatch(context) { paired.program?.networkChanged() }
    private val patience = RebindPatience(SystemClock.elapsedRealtime())
    private val main = Handler(Looper.getMainLooper())
    private val beats = Executors.newSingleThreadScheduledExecutor { Thread(it, "veilleur-beat") }

    private val paired = PairedProgram(vault, File(context.filesDir, "spool"), ::programOf) { Ports().requestActive() }

    @Volatile private var listener: CaptureListenerService? = null

    @Volatile private var awaitsActive = false

    override val capturer = Capturer(context, apps, Instant::now) { paired.program?.wantsPictures(it) != false }

    init {
        network.start()
        beats.scheduleWithFixedDelay(::beatSafely, 0, beatMs, TimeUnit.MILLISECONDS)
    }

    override fun take(captured: Captured) = paired.take(captured)

    override fun noteFault() {
        paired.program?.noteDropped(DropReason.OWN_ERROR)
    }

    override fun listenerConnected(listener: CaptureListenerService, active: List<Captured>?) {
        this.listener = listener
        patience.bound(SystemClock.elapsedRealtime())
        awaitsActive = active == null
        if (active != null) paired.program?.catchUp(active)
    }

    override fun listenerDisconnected() {
        listener = null
    }

    override fun state(): SensorState {
        paired.settle()
        return states.read(paired.facts, paired.program?.state(), isListenerBound = listener != null)
    }

    override fun pair(text: String): PairingOutcome = paired.pair(text)

    override fun forget() = paired.forget()

    override fun confirmOpened(packageName: String) = openings.confirm(packageName, Instant.now())

    override fun reconnectListener() {
        if (listener == null && binding.isAllowed()) binding.reconnect()
    }

    /** Ends the work; what waits stays on disk. */
    override fun close() {
        network.stop()
        beats.shutdownNow()
        paired.close()
    }

    private fun programOf(credentials: Credentials, folder: File): DeviceProgram {
        val settings = DeviceSettings(
            link = LinkSettings.of(credentials.code, build.builtAt),
            folder = folder.toPath(),
            cipher = AesGcmCipher(credentials.spoolKey),
            source = SourceInfo("companion", build.version),
            android = health.android(),
            locale = { context.resources.configuration.locales[0].toLanguageTag() },
            hiddenSentences = HiddenSentences.read(),
        )
        return DeviceProgram(settings, Ports())
    }

    /** The boundary of the heartbeat: a fault of one beat, an Error too, must not be the end of all. */
    private fun beatSafely() = try {
        beat()
    } catch (error: Throwable) {
        Log.e(LOG, "a heartbeat failed", error)
        Unit
    }

    private fun beat() {
        apps.refresh()
        paired.resume()
        if (awaitsActive) Ports().requestActive()
        val state = state()
        paired.program?.report(reportOf(state))
        val nowMs = SystemClock.elapsedRealtime()
        if (patience.isDue(state.tablet.isListenerAllowed, listener != null, nowMs)) binding.reconnect()
        notices.show(state)
    }

    private fun reportOf(state: SensorState) = SourceHealth(
        problems = problemsOf(checklistOf(state)),
        listenerBound = listener != null,
        batteryPercent = state.tablet.batteryPercent?.toLong(),
        charging = state.tablet.isCharging,
        batteryTemperatureC = state.tablet.batteryTemperatureC,
        freeBytes = state.tablet.freeBytes,
        network = network.kind(),
        timeZone = ZoneId.systemDefault().id,
        bootedAt = state.at.minusMillis(SystemClock.elapsedRealtime()),
        watchedApps = state.apps.map(states::report),
    )

    /** What the core's program asks of Android. */
    private inner class Ports : DevicePorts {
        override fun now(): Instant = Instant.now()

        override fun monotonicMs(): Long = SystemClock.elapsedRealtime()

        override fun clear(keys: List<String>) {
            listener?.clear(keys)
        }

        override fun postCanary(mark: String): Boolean = notices.mayPost().also { if (it) notices.postCanary(mark) }

        override fun rebindListener() {
            if (notices.mayPost() && binding.isAllowed()) binding.reconnect()
        }

        override fun requestActive() {
            main.post { listener?.tellActive() }
        }
    }

    companion object {
        fun make(context: Context, notices: Notices): TabletSensor {
            val vault = Vault(File(context.filesDir, "vault"), KeystoreWrapper())
            return TabletSensor(context, notices, vault, BuildInfo.read())
        }
    }
}
