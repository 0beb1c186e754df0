/** What the screens and the persistent notification show: plain records, without an Android type. */
package veilleur.companion.health

import java.time.Duration
import java.time.Instant
import veilleur.companion.core.wire.AppRule
import veilleur.companion.core.wire.EventKind

/** Everything about this tablet at one moment. */
data class SensorState(
    val at: Instant,
    val tablet: TabletFacts,
    val pairing: PairingFacts,
    val link: LinkFacts = LinkFacts(),
    val spool: SpoolFacts = SpoolFacts(),
    val config: ConfigFacts? = null,
    val apps: List<AppFacts> = emptyList(),
    val recent: List<RecentEvent> = emptyList(),
    val dropped: Map<String, Long> = emptyMap(),
    val problems: List<String> = emptyList(),
)

/** What Android says of the tablet and of our own permissions; null where it cannot be read. */
data class TabletFacts(
    val sdk: Int,
    val isLowRam: Boolean = false,
    val isMainProfile: Boolean = true,
    val isListenerAllowed: Boolean = false,
    val isListenerBound: Boolean = false,
    val isBatteryExempt: Boolean = false,
    val mayPost: Boolean = false,
    val hasPlayServices: Boolean? = null,
    val isCharging: Boolean? = null,
    val batteryPercent: Int? = null,
    val batteryTemperatureC: Double? = null,
    val freeBytes: Long? = null,
)

/** Why a tablet that is paired does not work: it is tried again at every beat, and nothing is deleted. */
enum class Obstacle { CREDENTIALS_CLOSED, SPOOL_CLOSED, OWN_FAULT }

/** Whether we are paired and with whom; `lost` where credentials can never be read again. */
data class PairingFacts(
    val device: String? = null,
    val server: String? = null,
    val lost: Boolean = false,
    val obstacle: Obstacle? = null,
) {
    val isPaired: Boolean get() = device != null || obstacle != null
}

enum class LinkKind { NONE, CONNECTING, CONNECTED, REFUSED, UNTRUSTED }

/** The connection to the broker. */
data class LinkFacts(
    val kind: LinkKind = LinkKind.NONE,
    val address: String? = null,
)

data class SpoolFacts(
    val waiting: Long = 0,
    val bytes: Long = 0,
    val capBytes: Long = 0,
    val oldestAt: Instant? = null,
)

data class ConfigFacts(
    val revision: Long,
    val rules: List<AppRule>,
    val openingReminder: Duration = Duration.ofDays(7),
)

/** One watched app as far as Android lets us see it; null is unknown. */
data class AppFacts(
    val packageName: String,
    val label: String? = null,
    val version: String? = null,
    val isInstalled: Boolean? = null,
    val isExemptFromHibernation: Boolean? = null,
    val openedAt: Instant? = null,
    val lastEventAt: Instant? = null,
    val captured: Long = 0,
    val channels: List<Counted> = emptyList(),
    val chats: List<Counted> = emptyList(),
) {
    val name: String get() = label ?: packageName
}

/** A channel or a chat with how many events of it were captured. */
data class Counted(val name: String, val count: Long)

/** An event that was captured: which app, what happened, when. Never its words. */
data class RecentEvent(val app: String, val event: EventKind, val at: Instant)
