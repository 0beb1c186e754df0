/** Where a broker listens and who we are to it. */
package veilleur.companion.core.link

import java.net.URI
import java.net.URISyntaxException
import java.net.URLDecoder

/** Why the link is down, for a screen to say in its own language. */
enum class LinkProblem { NO_ANSWER, NOT_TRUSTED, WRONG_CREDENTIALS, NOT_ALLOWED_TO_READ, UNANSWERED, LOST, OWN_ERROR }

/** A broker cannot be used; the message says what to do next and holds no password. */
class BrokerException(val problem: LinkProblem, message: String, cause: Throwable? = null) : Exception(message, cause)

/**
 * One address of a broker, with our account; its text leaves the password out.
 *
 * With [keySha256] (of the SubjectPublicKeyInfo, hexadecimal) an encrypted server is trusted by its key alone.
 */
data class BrokerAddress(
    val host: String,
    val port: Int,
    val isEncrypted: Boolean,
    val username: String? = null,
    val password: String? = null,
    val websocketPath: String? = null,
    val keySha256: String? = null,
) {
    override fun toString(): String {
        val scheme = if (websocketPath == null) "mqtt" else "ws"
        return "$scheme${if (isEncrypted) "s" else ""}://${written(host)}:$port${websocketPath.orEmpty()}"
    }

    /** The same for paho, whose own TLS is never asked for: the socket that it is given speaks it. */
    internal fun pahoUri(): String =
        if (websocketPath == null) "tcp://${written(host)}:$port" else "ws://${written(host)}:$port$websocketPath"

    companion object {
        private const val KEY_FIELD = "key_sha256="
        private const val FORM = "mqtt://user:password@host:port (or mqtts://, ws://, wss://)"
        private const val USUAL_PATH = "/mqtt"
        private val USUAL_PORTS = mapOf("mqtt" to 1883, "mqtts" to 8883, "ws" to 80, "wss" to 443)

        /** Reads a broker's URL. Throws IllegalArgumentException, which never repeats the URL: it may hold a password. */
        fun parse(url: String): BrokerAddress {
            val parts = try {
                URI(url.trim())
            } catch (_: URISyntaxException) {
                throw IllegalArgumentException("the broker's address cannot be read: write it as $FORM")
            }
            val port = USUAL_PORTS[parts.scheme]?.let { usual -> if (parts.port < 0) usual else parts.port }
            require(port in 1..0xFFFF) { "the broker's address has no scheme or port that we know: write it as $FORM" }
            val host = requireNotNull(parts.host) { "the broker's address names no host: write it as $FORM" }
            val path = parts.path.orEmpty().trim('/')
            val isWebsocket = parts.scheme.startsWith("ws")
            require(isWebsocket || path.isEmpty()) { "the broker's address goes on after its port: write it as $FORM" }
            val account = parts.rawUserInfo?.split(":", limit = 2).orEmpty().map { URLDecoder.decode(it.replace("+", "%2B"), "UTF-8") }
            return BrokerAddress(
                host = host.trim('[', ']'),
                port = port!!,
                isEncrypted = parts.scheme.endsWith("s") && parts.scheme != "ws",
                username = account.getOrNull(0),
                password = account.getOrNull(1),
                websocketPath = if (isWebsocket) path.ifEmpty { null }?.let { "/$it" } ?: USUAL_PATH else null,
                keySha256 = parts.query?.takeIf { it.startsWith(KEY_FIELD) }?.removePrefix(KEY_FIELD)?.lowercase(),
            )
        }

        private fun written(host: String): String = if (':' in host) "[$host]" else host
    }
}
