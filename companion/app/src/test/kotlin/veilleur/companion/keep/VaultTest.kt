package veilleur.companion.keep

import java.io.File
import java.nio.file.Path
import java.security.KeyStoreException
import java.security.UnrecoverableKeyException
import javax.crypto.AEADBadTagException
import kotlin.io.path.readText
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** A wrapper of the real kind, whose key can be lost, and whose keystore can be silent for a while, as Android's can. */
class FragileWrapper : KeyWrapper {
    @Volatile var isLost = false

    @Volatile var isSilent = false
    var refusesToWrap = false

    override fun wrap(plain: ByteArray): ByteArray? = if (refusesToWrap || isSilent) null else masked(plain)

    override fun unwrap(wrapped: ByteArray): Unwrapped = when {
        isSilent -> Unwrapped.Unavailable
        isLost -> Unwrapped.Gone
        else -> Unwrapped.Plain(masked(wrapped))
    }

    private fun masked(bytes: ByteArray) = bytes.map { (it.toInt() xor MASK).toByte() }.toByteArray()

    override fun forget() {
        isLost = false
    }

    private companion object {
        const val MASK = 0x5A
    }
}

class VaultTest {
    @TempDir
    lateinit var folder: File
    private val wrapper = FragileWrapper()
    private val vault by lazy { Vault(folder, wrapper) }

    private fun found() = (vault.read() as Kept.Found).credentials

    @Test
    fun `a new tablet has nothing`() {
        assertEquals(Kept.Empty, vault.read())
    }

    @Test
    fun `a code that was kept is read again with a key of 256 bits, and nothing on disk holds it in clear`() {
        assertTrue(vault.keep(PAIRING_TEXT))
        assertEquals("salon-1", found().code.device)
        assertEquals(32, found().spoolKey.encoded.size)
        assertTrue(folder.walk().filter { it.isFile }.none { it.readBytes().decodeToString().contains("veilleur:") })
    }

    @Test
    fun `pairing again keeps the spool's key, so that what waits stays readable`() {
        vault.keep(PAIRING_TEXT)
        val before = found().spoolKey.encoded
        vault.keep(PAIRING_TEXT)
        assertArrayEquals(before, found().spoolKey.encoded)
    }

    @Test
    fun `a key that Android lost is told once, then the tablet is as new`() {
        vault.keep(PAIRING_TEXT)
        wrapper.isLost = true
        assertEquals(Kept.Lost, vault.read())
        assertEquals(Kept.Empty, vault.read())
        assertTrue(vault.keep(PAIRING_TEXT))
        assertEquals("salon-1", found().code.device)
    }

    @Test
    fun `a keystore that does not answer loses nothing, and is asked again`() {
        vault.keep(PAIRING_TEXT)
        val before = found().spoolKey.encoded
        wrapper.isSilent = true
        assertEquals(Kept.Unavailable, vault.read())
        wrapper.isSilent = false
        assertArrayEquals(before, found().spoolKey.encoded)
    }

    @Test
    fun `a file that the disk does not give is asked for again`() {
        vault.keep(PAIRING_TEXT)
        val code = File(folder, "pairing")
        val bytes = code.readBytes()
        code.delete()
        code.mkdir()
        assertEquals(Kept.Unavailable, vault.read())
        code.delete()
        code.writeBytes(bytes)
        assertEquals("salon-1", found().code.device)
    }

    @Test
    fun `only what can never be mended counts as lost for ever`() {
        val passing = UnrecoverableKeyException("Failed to obtain information about key").initCause(IllegalStateException("busy"))
        val forEver = listOf(AEADBadTagException(), UnrecoverableKeyException("Key permanently invalidated"))
        assertTrue(forEver.all(KeystoreWrapper::isForEver))
        assertFalse(KeystoreWrapper.isForEver(passing as UnrecoverableKeyException))
        assertFalse(KeystoreWrapper.isForEver(KeyStoreException("not loaded")))
    }

    @Test
    fun `a half written or damaged file is a loss, not a crash`() {
        vault.keep(PAIRING_TEXT)
        File(folder, "pairing").writeBytes(ByteArray(3))
        assertEquals(Kept.Lost, vault.read())
        vault.keep(PAIRING_TEXT)
        File(folder, "spool-key").delete()
        assertEquals(Kept.Lost, vault.read())
    }

    @Test
    fun `a tablet that cannot keep secrets keeps nothing`() {
        wrapper.refusesToWrap = true
        assertFalse(vault.keep(PAIRING_TEXT))
        assertEquals(Kept.Empty, vault.read())
    }

    companion object {
        /** The contract's own example, as the QR code holds it. */
        val PAIRING_TEXT: String by lazy {
            val example = Path.of(System.getProperty("veilleur.contract"), "examples", "pairing", "accepted", "full.json").readText()
            "veilleur:" + java.util.Base64.getUrlEncoder().withoutPadding().encodeToString(example.toByteArray())
        }
    }
}
