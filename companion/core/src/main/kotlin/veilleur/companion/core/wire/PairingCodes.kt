package veilleur.companion.core.wire

import java.util.Base64

private const val CODE_PREFIX = "veilleur:"
private const val MAX_ADDRESSES = 16
private const val MAX_PORT = 65535
private const val LOOPBACK_NAME = "localhost"
private val SECRET = Regex("[A-Za-z0-9_-]{22,128}")
private val KEY_SHA256 = Regex("[0-9a-f]{64}")
// Android's expressions want closing brackets escaped too
private val ADDRESS = Regex("(mqtts?|wss?)://(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9._-]+):([0-9]{1,5})(/[A-Za-z0-9._~/-]*)?")
private val LOOPBACK = Regex("127(\\.[0-9]{1,3}){3}|\\[(::1|0*(:0*){6}:0*1)\\]")

/** Why a text is no pairing code that this device can use. */
enum class PairingRefusal {
    NO_CODE,
    DAMAGED,
    OTHER_VERSION,
    NO_EXPIRY,
    NO_DEVICE,
    NO_ADDRESS,
    BAD_ADDRESS,
    BAD_KEY,
    NO_KEY,
    UNENCRYPTED,
}

/** What a scanned, typed or pasted text turned out to be. */
sealed class PairingText {
    data class Read(val code: PairingCode) : PairingText()

    data class Refused(val why: PairingRefusal) : PairingText()
}

/** Reads pairing codes. */
object PairingCodes {
    /**
     * Read the text of a code, however it was broken into lines.
     *
     * Whether it has expired is the server's to say: a tablet's clock may be wrong, and a void code has no account.
     */
    fun read(text: String): PairingText {
        val bare = text.filterNot(Char::isWhitespace)
        if (!bare.startsWith(CODE_PREFIX)) return PairingText.Refused(PairingRefusal.NO_CODE)
        val root = objectIn(bare.removePrefix(CODE_PREFIX).trimEnd('=')) ?: return PairingText.Refused(PairingRefusal.DAMAGED)
        if (root["v"] != CONTRACT_VERSION.toLong()) return PairingText.Refused(PairingRefusal.OTHER_VERSION)
        return readMembers(Members(root))
    }

    private fun objectIn(body: String): Map<*, *>? = try {
        (JsonTree.read(Base64.getUrlDecoder().decode(body)) as? JsonTree.Read)?.root as? Map<*, *>
    } catch (_: IllegalArgumentException) {
        null
    }

    private fun readMembers(members: Members): PairingText {
        val expiresAt = members.instant("expires_at") ?: return PairingText.Refused(PairingRefusal.NO_EXPIRY)
        val code = PairingCode(
            device = members.string("device").orEmpty(),
            secret = members.string("secret").orEmpty(),
            addresses = members.strings("addresses").orEmpty(),
            expiresAt = expiresAt,
            keySha256 = members.string("key_sha256"),
            mdns = members.string("mdns"),
            server = members.string("server"),
            issuedAt = members.instant("issued_at"),
        )
        val refusal = if (members.wrong.isEmpty()) refusalOf(code) else PairingRefusal.DAMAGED
        return if (refusal == null) PairingText.Read(code) else PairingText.Refused(refusal)
    }

    private fun refusalOf(code: PairingCode): PairingRefusal? = when {
        !isDeviceName(code.device) || !SECRET.matches(code.secret) -> PairingRefusal.NO_DEVICE
        code.addresses.size !in 1..MAX_ADDRESSES -> PairingRefusal.NO_ADDRESS
        code.keySha256 != null && !KEY_SHA256.matches(code.keySha256) -> PairingRefusal.BAD_KEY
        else -> code.addresses.firstNotNullOfOrNull { refusalOfAddress(it, code.keySha256) }
    }

    private fun refusalOfAddress(written: String, keySha256: String?): PairingRefusal? {
        val (scheme, host, port) = ADDRESS.matchEntire(written)?.destructured ?: return PairingRefusal.BAD_ADDRESS
        val isEncrypted = scheme == "mqtts" || scheme == "wss"
        return when {
            port.toInt() !in 1..MAX_PORT -> PairingRefusal.BAD_ADDRESS
            isEncrypted && keySha256 == null -> PairingRefusal.NO_KEY
            !isEncrypted && !isLoopback(host) -> PairingRefusal.UNENCRYPTED
            else -> null
        }
    }

    private fun isLoopback(host: String): Boolean = host.lowercase() == LOOPBACK_NAME || LOOPBACK.matches(host)
}
