package veilleur.companion.core.wire

import java.time.Instant

/**
 * What a device is told: who it is, its secret, and where the broker answers, best first.
 *
 * An address is written scheme://host:port, with a path for websockets; unencrypted ones lead to loopback alone.
 */
data class PairingCode(
    val device: String,
    val secret: String,
    val addresses: List<String>,
    val expiresAt: Instant,
    val keySha256: String? = null,
    val mdns: String? = null,
    val server: String? = null,
    val issuedAt: Instant? = null,
) {
    override fun toString(): String = "PairingCode(device=$device, addresses=$addresses)"
}
