/** Whom we speak to: a server of the one key that we were told, or one that the system's authorities vouch for. */
package veilleur.companion.core.link

import java.security.GeneralSecurityException
import java.security.KeyStore
import java.security.MessageDigest
import java.security.cert.CertPathBuilder
import java.security.cert.CertStore
import java.security.cert.CertificateException
import java.security.cert.CollectionCertStoreParameters
import java.security.cert.PKIXBuilderParameters
import java.security.cert.TrustAnchor
import java.security.cert.X509CertSelector
import java.security.cert.X509Certificate
import java.time.Instant
import java.util.Date
import javax.net.ssl.SSLContext
import javax.net.ssl.SSLSocketFactory
import javax.net.ssl.TrustManagerFactory
import javax.net.ssl.X509TrustManager

private const val SHOWN_DIGITS = 16

/** Returns TLS that trusts one key alone (SHA-256 of its SubjectPublicKeyInfo), or by authorities where it is null. */
internal fun tlsTrusting(keySha256: String?, nowAt: () -> Instant): SSLSocketFactory =
    SSLContext.getInstance("TLS").run {
        init(null, arrayOf(if (keySha256 == null) AuthorityTrust(nowAt) else PinnedTrust(keySha256)), null)
        socketFactory
    }

/** What both have in common: nobody asks us for a client's certificate. */
internal abstract class ServerTrust : X509TrustManager {
    override fun checkClientTrusted(chain: Array<out X509Certificate>, authType: String) =
        throw CertificateException("we are no server")

    override fun getAcceptedIssuers(): Array<X509Certificate> = emptyArray()
}

/** Trust in a key: what the server is called, who signed it and what its dates say add nothing to it. */
internal class PinnedTrust(private val keySha256: String) : ServerTrust() {
    override fun checkServerTrusted(chain: Array<out X509Certificate>, authType: String) {
        val key = chain.firstOrNull()?.publicKey?.encoded ?: throw CertificateException("the server shows no key")
        val shown = MessageDigest.getInstance("SHA-256").digest(key).joinToString("") { "%02x".format(it) }
        if (!MessageDigest.isEqual(shown.toByteArray(), keySha256.toByteArray())) {
            throw CertificateException("the server's key is ${shown.take(SHOWN_DIGITS)}…, which is not the one in the pairing code")
        }
    }
}

/** Trust by authorities, the dates judged at [nowAt]: a clock that stands in 1970 would refuse every server. */
internal class AuthorityTrust(
    private val nowAt: () -> Instant,
    private val authorities: Collection<X509Certificate> = authoritiesOfTheSystem(),
) : ServerTrust() {
    override fun checkServerTrusted(chain: Array<out X509Certificate>, authType: String) {
        try {
            val wanted = X509CertSelector().apply { certificate = chain.first() }
            val asked = PKIXBuilderParameters(authorities.map { TrustAnchor(it, null) }.toSet(), wanted).apply {
                isRevocationEnabled = false
                date = Date.from(nowAt())
                addCertStore(CertStore.getInstance("Collection", CollectionCertStoreParameters(chain.toList())))
            }
            CertPathBuilder.getInstance("PKIX").build(asked)
        } catch (error: GeneralSecurityException) {
            throw CertificateException("no authority that this device knows vouches for the server", error)
        }
    }
}

private fun authoritiesOfTheSystem(): Collection<X509Certificate> =
    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm()).run {
        init(null as KeyStore?)
        trustManagers.filterIsInstance<X509TrustManager>().flatMap { it.acceptedIssuers.toList() }
    }
