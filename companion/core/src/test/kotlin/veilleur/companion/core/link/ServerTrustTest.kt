package veilleur.companion.core.link

import java.security.cert.CertificateException
import java.security.cert.CertificateFactory
import java.security.cert.X509Certificate
import java.time.Instant
import java.util.Base64
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

// made for this test: an authority, and a server that it vouches for in 2026
private val AUTHORITY = certificate(
    "MIIBMzCB2qADAgECAgEBMAoGCCqGSM49BAMCMBkxFzAVBgNVBAMMDnRlc3QgYXV0aG9yaXR5MB4XDTI1MDEwMTAwMDAwMFoXDTM1" +
        "MDEwMTAwMDAwMFowGTEXMBUGA1UEAwwOdGVzdCBhdXRob3JpdHkwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATM/z4u1vdrl4He" +
        "MVM90nxMnG05GFeQPUKzjgfGMaC3jgY2jIQqdHDGSuDM4IcQhW+W/9xmbqg3DP3GzVG6HFXeoxMwETAPBgNVHRMBAf8EBTADAQH/" +
        "MAoGCCqGSM49BAMCA0gAMEUCIQD5GqOS/tsZHbSmqoKM1bvtMDC31v+5Abdii3Pu9q00FQIgYIbjkur1pdq+jvtepZmi43xBqqFv" +
        "drpZOV1n8rUEYA4=",
)
private val SERVER = certificate(
    "MIIBKzCB0qADAgECAgECMAoGCCqGSM49BAMCMBkxFzAVBgNVBAMMDnRlc3QgYXV0aG9yaXR5MB4XDTI2MDEwMTAwMDAwMFoXDTI3" +
        "MDEwMTAwMDAwMFowFDESMBAGA1UEAwwJbG9jYWxob3N0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEp07xhjJzJkVsEDZ+cOkJ" +
        "G5llG0cIYAfAIL9mtRjDvwdxtkSIWQmHOVVvHyBpLA8uwX5MlV7Ug37r64h910uSFaMQMA4wDAYDVR0TAQH/BAIwADAKBggqhkjO" +
        "PQQDAgNIADBFAiEArHn9SIwjQVqQ7mp7nTo1tZ8sXG1OdsRlsFtC/2AS/gACIH8Wi3bbcA6DEBnV9pYFmMRGUwdLJLfkiUOGDvRU" +
        "aXNC",
)
private const val SERVER_KEY_SHA256 = "28f4ab279fb0fdfca99eee972d216173ac90b884fa6695707bdf64f6ba7d24df"
private val IN_2026 = Instant.parse("2026-11-22T10:00:00Z")
private val IN_1970 = Instant.EPOCH

private fun certificate(base64: String): X509Certificate =
    Base64.getDecoder().decode(base64).inputStream().use { CertificateFactory.getInstance("X.509").generateCertificate(it) as X509Certificate }

class ServerTrustTest {
    @Test
    fun `a server of the paired key is trusted whoever signed it and whatever the year`() =
        PinnedTrust(SERVER_KEY_SHA256).checkServerTrusted(arrayOf(SERVER), "ECDHE_ECDSA")

    @Test
    fun `a server of another key is told nothing`() {
        val refused = assertThrows(CertificateException::class.java) {
            PinnedTrust(SERVER_KEY_SHA256).checkServerTrusted(arrayOf(AUTHORITY), "ECDHE_ECDSA")
        }

        assertTrue("not the one in the pairing code" in refused.message!!)
    }

    @Test
    fun `a server that proves no key is told nothing`() {
        assertThrows(CertificateException::class.java) { PinnedTrust(SERVER_KEY_SHA256).checkServerTrusted(emptyArray(), "RSA") }
    }

    @Test
    fun `an authority's word counts while its dates hold`() {
        AuthorityTrust({ IN_2026 }, listOf(AUTHORITY)).checkServerTrusted(arrayOf(SERVER, AUTHORITY), "ECDHE_ECDSA")

        for (moment in listOf(IN_1970, Instant.parse("2027-02-01T00:00:00Z"))) {
            val trust = AuthorityTrust({ moment }, listOf(AUTHORITY))
            assertThrows(CertificateException::class.java) { trust.checkServerTrusted(arrayOf(SERVER), "ECDHE_ECDSA") }
        }
    }

    @Test
    fun `a server that nobody known vouches for is told nothing`() {
        assertThrows(CertificateException::class.java) {
            AuthorityTrust({ IN_2026 }, listOf(SERVER)).checkServerTrusted(arrayOf(AUTHORITY), "ECDHE_ECDSA")
        }
    }
}
