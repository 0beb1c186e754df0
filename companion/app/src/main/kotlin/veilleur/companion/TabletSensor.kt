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
import veilleur.companion.core.device.DevicePorts
import veilleur.companion.core.device.DeviceProgram
import veilleur.companion.core.device.DeviceSettings
import veilleur.companion.core.device.SourceHealth
import veilleur.companion.core.link.LinkSettings
import veilleur.companion.core.spool.AesGcmCipher
import veilleur.companion.core.spool.SpoolException
import veilleur.companion.core.wire.PairingCodes
import veilleur.companion.core.wire.PairingText
import veilleur.companion.core.wire.SourceInfo
import veilleur.companion.health.HealthReader
import veilleur.companion.health.PairingFacts
import veilleur.companion.health.SensorState
import veilleur.companion.health.StateReader
import veilleur.companion.health.WatchedApps
import veilleur.companion.keep.Credentials
import veilleur.companion.keep.Kept
import veilleur.companion.keep.KeystoreWrapper
import veilleur.companion.keep.OpeningLog
import veilleur.companion.keep.Vault

private const val LOG = "veilleur"
private const val BEAT_S = 20L

/** The tablet at work: credentials, the core's program while it is paired, and a heartbeat that looks after both. */
class TabletSensor(
    private val context: Context,
    private val notices: Notices,
    private val vault: Vault,
    private val build: BuildInfo,
) : Sensor, Closeable {
    private val apps = AppCatalog(context.packageManager)
    private val openings = OpeningLog(context)
    private val binding = ListenerBinding(context)
    private val health = HealthReader(context, binding, notices, apps)
    private val states = StateReader(health, WatchedApps(context, apps, openings))
    private val network = NetworkWatch(context) { program?.networkChanged() }
    private val patience = RebindPatience(Instant.now())
    private val main = Handler(Looper.getMainLooper())
    private val beats = Executors.newSingleThreadScheduledExecutor { Thread(it, "veilleur-beat") }
    private val spools = File(context.filesDir, "spool")

    @Volatile private var program: DeviceProgram? = null

    @Volatile private var pairing = PairingFacts()

    @Volatile private var listener: CaptureListenerService? = null

    override val capturer = Capturer(context, apps, Instant::now)

    /** Takes up the work that was left; harmless only once. */
    fun start() {
        when (val kept = vault.read()) {
            is Kept.Found -> open(kept.credentials)
            is Kept.Lost -> forgetAll(PairingFacts(lost = true))
            is Kept.Empty -> Unit
        }
        network.start()
        beats.scheduleWithFixedDelay(::beatSafely, 1, BEAT_S, TimeUnit.SECONDS)
    }

    override fun take(captured: Captured) {
        program?.take(captured)
    }

    override fun listenerConnected(listener: CaptureListenerService, active: List<Captured>) {
        this.listener = listener
        patience.bound(Instant.now())
        program?.catchUp(active)
    }

    override fun listenerDisconnected() {
        listener = null
    }

    override fun state(): SensorState = states.read(pairing, program?.state(), isListenerBound = listener != null)

    @Synchronized
    override fun pair(text: String): PairingOutcome {
        val code = when (val read = PairingCodes.read(text)) {
            is PairingText.Refused -> return PairingOutcome.Refused(read.why)
            is PairingText.Read -> read.code
        }
        if (!vault.keep(text)) return PairingOutcome.NotKept
        val kept = vault.read() as? Kept.Found ?: return PairingOutcome.NotKept
        val known = pairing.device
        leave()
        if (known != null && known != code.device) folderOf(known).deleteRecursively()
        open(kept.credentials)
        Ports().requestActive()
        return PairingOutcome.Paired(code.device, pairing.server.orEmpty())
    }

    @Synchronized
    override fun forget() = forgetAll(PairingFacts())

    override fun confirmOpened(packageName: String) = openings.confirm(packageName, Instant.now())

    override fun reconnectListener() {
        if (listener == null && binding.isAllowed()) binding.reconnect()
    }

    /** Ends the work; what waits stays on disk. */
    @Synchronized
    override fun close() {
        network.stop()
        beats.shutdownNow()
        leave()
    }

    private fun open(credentials: Credentials) {
        val code = credentials.code
        pairing = PairingFacts(code.device, code.server ?: code.addresses.first())
        val settings = DeviceSettings(
            link = LinkSettings.of(code, build.builtAt),
            folder = folderOf(code.device).apply { mkdirs() }.toPath(),
            cipher = AesGcmCipher(credentials.spoolKey),
            source = SourceInfo("companion", build.version),
            android = health.android(),
            locale = { context.resources.configuration.locales[0].toLanguageTag() },
            hiddenSentences = HiddenSentences.read(),
        )
        program = try {
            DeviceProgram(settings, Ports())
        } catch (unusable: SpoolException) {
            Log.e(LOG, "the spool cannot be opened: ${unusable.message}")
            null
        }
    }

    private fun leave() {
        program?.close()
        program = null
    }

    private fun forgetAll(now: PairingFacts) {
        leave()
        vault.forget()
        spools.deleteRecursively()
        pairing = now
    }

    private fun folderOf(device: String) = File(spools, device)

    /** The boundary of the heartbeat: an error of one beat must not be the end of all. */
    private fun beatSafely() = try {
        beat()
    } catch (error: RuntimeException) {
        Log.e(LOG, "a heartbeat failed", error)
        Unit
    }

    private fun beat() {
        apps.refresh()
        val state = state()
        program?.report(reportOf(state))
        if (patience.isDue(state.tablet.isListenerAllowed, listener != null, state.at)) binding.reconnect()
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
            return TabletSensor(context, notices, vault, BuildInfo.read()).apply { start() }
        }
    }
}
