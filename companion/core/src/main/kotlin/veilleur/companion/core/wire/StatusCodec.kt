package veilleur.companion.core.wire

/** Reads and writes statuses, and the will that the broker sends for a device. */
object StatusCodec {
    /** Return the status, or null where a required member is missing or wrong; an optional one that is wrong is null. */
    fun read(payload: ByteArray): DeviceStatus? {
        val members = Members.of(payload) ?: return null
        val online = members.flag("online") ?: return null
        val epoch = members.text("epoch", MAX_ID_LENGTH) ?: return null
        val status = readStatus(members, online, epoch)
        val required = listOf(status.firstSeq, status.nextSeq, status.spoolDepth, status.sentAt, status.configRevision)
        return if (online && required.any { it == null }) null else status
    }

    /** Return the last will: this epoch's device is gone. */
    fun willOf(epoch: String): ByteArray = write(DeviceStatus(online = false, epoch = epoch))

    /** Return the status as the wire has it. */
    fun write(status: DeviceStatus): ByteArray = JsonObjectText().apply {
        whole("v", CONTRACT_VERSION.toLong())
        flag("online", status.online)
        text("epoch", status.epoch)
        spool(status)
        instant("sent_at", status.sentAt)
        whole("config_revision", status.configRevision)
        text("config_error", status.configError)
        status.source?.let { inner("source") { source(it) } }
        system(status)
        listener(status)
        counts("active_notifications", status.activeNotifications)
        counts("captured", status.captured)
        counts("dropped", status.dropped)
        counts("redacted", status.redacted)
        each("watched_apps", status.watchedApps) { watchedApp(it) }
        texts("problems", status.problems)
    }.toBytes()
}

private fun JsonObjectText.spool(status: DeviceStatus) {
    whole("first_seq", status.firstSeq)
    whole("next_seq", status.nextSeq)
    whole("spool_depth", status.spoolDepth)
    whole("spool_bytes", status.spoolBytes)
    whole("spool_cap_bytes", status.spoolCapBytes)
    instant("oldest_at", status.oldestAt)
    status.receipt?.let {
        inner("receipt") {
            text("store", it.store)
            whole("round", it.round)
            whole("through_seq", it.throughSeq)
        }
    }
}

private fun JsonObjectText.system(status: DeviceStatus) {
    status.android?.let {
        inner("android") {
            text("release", it.release)
            whole("sdk", it.sdk)
            text("maker", it.maker)
            text("model", it.model)
            text("security_patch", it.securityPatch)
        }
    }
    text("locale", status.locale)
    text("time_zone", status.timeZone)
    instant("booted_at", status.bootedAt)
    whole("battery_percent", status.batteryPercent)
    flag("charging", status.charging)
    fraction("battery_temperature_c", status.batteryTemperatureC)
    whole("free_bytes", status.freeBytes)
    text("network", status.network)
}

private fun JsonObjectText.listener(status: DeviceStatus) {
    flag("listener_bound", status.listenerBound)
    instant("last_callback_at", status.lastCallbackAt)
    fraction("canary_age_s", status.canaryAgeS)
}

private fun JsonObjectText.watchedApp(app: WatchedApp) {
    text("package", app.packageName)
    flag("installed", app.installed)
    text("version", app.version)
    flag("notifications_allowed", app.notificationsAllowed)
    texts("blocked_channels", app.blockedChannels)
    flag("exempt_from_hibernation", app.exemptFromHibernation)
    instant("opened_at", app.openedAt)
    instant("last_event_at", app.lastEventAt)
}

private fun readStatus(members: Members, online: Boolean, epoch: String) = DeviceStatus(
    online = online,
    epoch = epoch,
    firstSeq = members.integer("first_seq", least = 1),
    nextSeq = members.integer("next_seq", least = 1),
    spoolDepth = members.integer("spool_depth"),
    spoolBytes = members.integer("spool_bytes", most = Long.MAX_VALUE),
    spoolCapBytes = members.integer("spool_cap_bytes", most = Long.MAX_VALUE),
    oldestAt = members.instant("oldest_at"),
    sentAt = members.instant("sent_at"),
    receipt = members.inner("receipt")?.let(::readReceiptInForce),
    configRevision = members.integer("config_revision"),
    configError = members.text("config_error"),
    source = members.inner("source")?.let(::readSource),
    android = members.inner("android")?.let(::readAndroid),
    locale = members.text("locale"),
    timeZone = members.text("time_zone"),
    bootedAt = members.instant("booted_at"),
    listenerBound = members.flag("listener_bound"),
    lastCallbackAt = members.instant("last_callback_at"),
    canaryAgeS = members.number("canary_age_s", least = 0.0),
    batteryPercent = members.integer("battery_percent", most = 100),
    charging = members.flag("charging"),
    batteryTemperatureC = members.number("battery_temperature_c"),
    freeBytes = members.integer("free_bytes", most = Long.MAX_VALUE),
    network = members.text("network"),
    activeNotifications = members.inner("active_notifications")?.counts(),
    captured = members.inner("captured")?.counts(),
    dropped = members.inner("dropped")?.counts(),
    redacted = members.inner("redacted")?.counts(),
    watchedApps = members.each("watched_apps")?.mapNotNull(::readWatchedApp),
    problems = members.texts("problems"),
)

private fun readSource(members: Members): SourceInfo? =
    members.text("kind", MAX_ID_LENGTH)?.let { SourceInfo(it, members.text("version")) }

private fun readReceiptInForce(members: Members): ReceiptInForce? {
    val store = members.text("store", MAX_ID_LENGTH) ?: return null
    val round = members.integer("round") ?: return null
    return members.integer("through_seq")?.let { ReceiptInForce(store, round, it) }
}

private fun readAndroid(members: Members) = AndroidInfo(
    release = members.text("release"),
    sdk = members.integer("sdk", least = 1, most = 1000),
    maker = members.text("maker"),
    model = members.text("model"),
    securityPatch = members.text("security_patch"),
)

private fun readWatchedApp(members: Members): WatchedApp? = members.text("package", MAX_PACKAGE_LENGTH)?.let {
    WatchedApp(
        packageName = it,
        installed = members.flag("installed"),
        version = members.text("version"),
        notificationsAllowed = members.flag("notifications_allowed"),
        blockedChannels = members.texts("blocked_channels"),
        exemptFromHibernation = members.flag("exempt_from_hibernation"),
        openedAt = members.instant("opened_at"),
        lastEventAt = members.instant("last_event_at"),
    )
}
