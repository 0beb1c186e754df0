package veilleur.companion.core.wire

private val DEVICE_NAME = Regex("[a-z0-9-]{1,64}")

/** What a device and the daemon tell each other, one topic each. */
enum class DeviceChannel(val wire: String) {
    NOTIFICATIONS("notifications"),
    RECEIPT("receipt"),
    STATUS("status"),
    CONFIG("config"),
}

/** Tell whether a name can stand in a topic. */
fun isDeviceName(name: String): Boolean = DEVICE_NAME.matches(name)

/** Return a device's topic; the name must be a device's. */
fun deviceTopic(device: String, channel: DeviceChannel): String {
    require(isDeviceName(device)) { "a device name is 1 to 64 of a-z, 0-9 and -" }
    return "veilleur/1/devices/$device/${channel.wire}"
}
