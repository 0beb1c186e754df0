package veilleur.companion.core.device

import java.nio.file.Path
import java.time.Duration
import java.time.Instant
import veilleur.companion.core.drain.Pace
import veilleur.companion.core.link.LinkSettings
import veilleur.companion.core.link.LinkState
import veilleur.companion.core.spool.RecordCipher
import veilleur.companion.core.spool.SpoolState
import veilleur.companion.core.wire.AndroidInfo
import veilleur.companion.core.wire.DeviceConfig
import veilleur.companion.core.wire.EventKind
import veilleur.companion.core.wire.SourceInfo
import veilleur.companion.core.wire.WatchedApp

private const val NS_PER_MS = 1_000_000L

/**
 * One device; `firstConfig` is in force until the daemon's first.
 *
 * `hiddenSentences` are what this system shows, in its language, in the place of words that it hides.
 */
class DeviceSettings(
    val link: LinkSettings,
    val folder: Path,
    val cipher: RecordCipher,
    val source: SourceInfo,
    val android: AndroidInfo? = null,
    val locale: () -> String? = { null },
    val hiddenSentences: List<String> = emptyList(),
    val firstConfig: DeviceConfig? = null,
    val capBytes: Long? = null,
    val pace: Pace = Pace(),
    val canaryPace: CanaryPace = CanaryPace(),
)

/** What only the platform can do; called on the program's own threads, and never to throw. */
interface DevicePorts {
    /** Return the time by the device's clock, right or wrong. */
    fun now(): Instant

    /** Return the time of a clock that never goes back; it should go on while the device sleeps. */
    fun monotonicMs(): Long = System.nanoTime() / NS_PER_MS

    /** Clear these notifications: they are safely on disk. */
    fun clear(keys: List<String>)

    /** Post our own marked notification (channel and tag `canary`, this text); false where Android does not let us. */
    fun postCanary(mark: String): Boolean

    /** Have Android bind the listener anew: it hears nothing. */
    fun rebindListener()

    /** Hand over soon, by `catchUp`, what is active now. */
    fun requestActive()
}

/** What only the platform knows, as the status says it; null is unknown. */
data class SourceHealth(
    val problems: List<String> = emptyList(),
    val listenerBound: Boolean? = null,
    val batteryPercent: Long? = null,
    val charging: Boolean? = null,
    val batteryTemperatureC: Double? = null,
    val freeBytes: Long? = null,
    val network: String? = null,
    val timeZone: String? = null,
    val bootedAt: Instant? = null,
    val watchedApps: List<WatchedApp> = emptyList(),
)

/** What keeps a device from working, as its status names it. */
enum class DeviceProblem(val wire: String) {
    NO_RECEIPT("no_receipt"),
    BROKER_REFUSES("broker_refuses"),
    RECEIPT_UNREAL("receipt_unreal"),
    SPOOL_AT_CAP("spool_at_cap"),
    SPOOL_CANNOT_WRITE("spool_cannot_write"),
    CANARY_UNSEEN("canary_unseen"),
    MANY_ACTIVE("many_active"),
    OWN_ERRORS("own_errors"),
}

/** An event that was captured: which app, what happened, when. Never its words. */
data class RecentEvent(val packageName: String, val label: String?, val event: EventKind, val capturedAt: Instant)

/** How a device is, for its screens; `recent` has the newest first, `channels` and `chats` count since the start. */
data class DeviceState(
    val link: LinkState,
    val silentFor: Duration?,
    val spool: SpoolState,
    val configRevision: Long,
    val config: DeviceConfig?,
    val counts: Counts,
    val channels: Map<String, Map<String, Long>>,
    val chats: Map<String, Map<String, Long>>,
    val lastEventAt: Map<String, Instant>,
    val recent: List<RecentEvent>,
    val activeNotifications: Map<String, Long>,
    val canaryAgeS: Double?,
    val problems: List<String>,
)
