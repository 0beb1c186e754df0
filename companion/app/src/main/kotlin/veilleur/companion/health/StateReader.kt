package veilleur.companion.health

import java.time.Duration
import java.time.Instant
import veilleur.companion.core.device.DeviceProblem
import veilleur.companion.core.device.DeviceState
import veilleur.companion.core.link.LinkProblem
import veilleur.companion.core.link.LinkState
import veilleur.companion.core.wire.DeviceConfig
import veilleur.companion.core.wire.WatchedApp

private const val REMINDER_DAYS = 7L

/** Puts together what Android and the core say, for the screens and for the status. */
class StateReader(private val health: HealthReader, private val watched: WatchedApps) {
    fun read(pairing: PairingFacts, device: DeviceState?, isListenerBound: Boolean): SensorState {
        val bare = SensorState(Instant.now(), health.tablet(isListenerBound), pairing)
        if (device == null) return bare.copy(problems = listOfNotNull(problemOf(pairing.obstacle)))
        return bare.copy(
            link = linkOf(device.link),
            spool = SpoolFacts(device.spool.depth, device.spool.sizeBytes, device.spool.capBytes, device.spool.oldestAt),
            config = device.config?.let(::configOf),
            apps = device.config?.apps.orEmpty().map { appOf(it.packageName, device) },
            recent = device.recent.map { RecentEvent(it.label ?: it.packageName, it.event, it.capturedAt) },
            dropped = device.counts.dropped,
            problems = device.problems,
        )
    }

    /** Says of a watched app what the contract's status holds; of its notifications being switched off Android tells us nothing. */
    fun report(app: AppFacts) = WatchedApp(
        packageName = app.packageName,
        installed = app.isInstalled,
        version = app.version,
        exemptFromHibernation = app.isExemptFromHibernation,
        openedAt = app.openedAt,
        lastEventAt = app.lastEventAt,
    )

    private fun appOf(packageName: String, device: DeviceState): AppFacts = watched.read(packageName).copy(
        lastEventAt = device.lastEventAt[packageName],
        captured = device.counts.captured[packageName] ?: 0,
        channels = counted(device.channels[packageName]),
        chats = counted(device.chats[packageName]),
    )

    private fun counted(counts: Map<String, Long>?) = counts.orEmpty().map { Counted(it.key, it.value) }

    private fun configOf(config: DeviceConfig) =
        ConfigFacts(config.revision, config.apps, Duration.ofDays(config.openingReminderDays ?: REMINDER_DAYS))

    private fun linkOf(link: LinkState) = LinkFacts(kindOf(link), link.address)

    private fun problemOf(obstacle: Obstacle?): String? = when (obstacle) {
        null -> null
        Obstacle.CREDENTIALS_CLOSED, Obstacle.SPOOL_CLOSED -> DeviceProblem.SPOOL_CANNOT_WRITE.wire
        Obstacle.OWN_FAULT -> DeviceProblem.OWN_ERRORS.wire
    }

    private fun kindOf(link: LinkState): LinkKind = when {
        link.isUp -> LinkKind.CONNECTED
        link.problem == LinkProblem.WRONG_CREDENTIALS || link.problem == LinkProblem.NOT_ALLOWED_TO_READ -> LinkKind.REFUSED
        link.problem == LinkProblem.NOT_TRUSTED -> LinkKind.UNTRUSTED
        else -> LinkKind.CONNECTING
    }
}
