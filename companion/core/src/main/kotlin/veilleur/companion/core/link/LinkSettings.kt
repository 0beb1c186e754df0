package veilleur.companion.core.link

import java.time.Instant
import veilleur.companion.core.wire.PairingCode

/** The time by the device's clock, right or wrong, and that of one that never goes back. */
class Clocks(val now: () -> Instant, val monotonicMs: () -> Long)

/**
 * Where a device's broker may be, best first, and how a connection to it behaves.
 *
 * [window] is how many messages are unanswered at once. After each failure the link waits longer, at most
 * [longestPauseMs]. [builtAt] counts as now for a certificate's dates where the device's clock is older.
 */
data class LinkSettings(
    val device: String,
    val addresses: List<BrokerAddress>,
    val builtAt: Instant,
    val mdns: String? = null,
    val keepaliveSeconds: Int = 15,
    val window: Int = 256,
    val handshakeMs: Long = 10_000,
    val longestPauseMs: Long = 30_000,
) {
    companion object {
        /** Returns the settings of a paired device. */
        fun of(code: PairingCode, builtAt: Instant): LinkSettings {
            val addresses = code.addresses.map { written ->
                val address = BrokerAddress.parse(written)
                val pin = if (address.isEncrypted) code.keySha256 else null
                address.copy(username = code.device, password = code.secret, keySha256 = pin)
            }
            return LinkSettings(code.device, addresses, builtAt, mdns = code.mdns.takeIf { code.keySha256 != null })
        }
    }
}
