package veilleur.companion.core.wire

import java.time.Instant

/** The receipt that a device goes by. */
data class ReceiptInForce(val store: String, val round: Long, val throughSeq: Long)

/** The device's system. */
data class AndroidInfo(
    val release: String? = null,
    val sdk: Long? = null,
    val maker: String? = null,
    val model: String? = null,
    val securityPatch: String? = null,
)

/** How one app of the allow-list does on the device; `openedAt` is when somebody last confirmed having opened it. */
data class WatchedApp(
    val packageName: String,
    val installed: Boolean? = null,
    val version: String? = null,
    val notificationsAllowed: Boolean? = null,
    val blockedChannels: List<String>? = null,
    val exemptFromHibernation: Boolean? = null,
    val openedAt: Instant? = null,
    val lastEventAt: Instant? = null,
)

/** What a device says of itself; where `online`, the two seqs, `spoolDepth`, `sentAt` and `configRevision` are there. */
data class DeviceStatus(
    val online: Boolean,
    val epoch: String,
    val firstSeq: Long? = null,
    val nextSeq: Long? = null,
    val spoolDepth: Long? = null,
    val spoolBytes: Long? = null,
    val spoolCapBytes: Long? = null,
    val oldestAt: Instant? = null,
    val sentAt: Instant? = null,
    val receipt: ReceiptInForce? = null,
    val configRevision: Long? = null,
    val configError: String? = null,
    val source: SourceInfo? = null,
    val android: AndroidInfo? = null,
    val locale: String? = null,
    val timeZone: String? = null,
    val bootedAt: Instant? = null,
    val listenerBound: Boolean? = null,
    val lastCallbackAt: Instant? = null,
    val canaryAgeS: Double? = null,
    val batteryPercent: Long? = null,
    val charging: Boolean? = null,
    val batteryTemperatureC: Double? = null,
    val freeBytes: Long? = null,
    val network: String? = null,
    val activeNotifications: Map<String, Long>? = null,
    val captured: Map<String, Long>? = null,
    val dropped: Map<String, Long>? = null,
    val redacted: Map<String, Long>? = null,
    val watchedApps: List<WatchedApp>? = null,
    val problems: List<String>? = null,
)
