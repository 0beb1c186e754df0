package veilleur.companion.keep

import java.io.File
import java.io.IOException
import java.security.SecureRandom
import javax.crypto.SecretKey
import javax.crypto.spec.SecretKeySpec
import veilleur.companion.core.spool.putFile
import veilleur.companion.core.wire.PairingCode
import veilleur.companion.core.wire.PairingCodes
import veilleur.companion.core.wire.PairingText

private const val KEY_BYTES = 32

/** What a paired tablet keeps: whom it talks to, and the key of its spool. */
class Credentials(val code: PairingCode, val spoolKey: SecretKey)

/** What became of the credentials: LOST is told once, then they are gone for good. */
sealed class Kept {
    data class Found(val credentials: Credentials) : Kept()

    data object Empty : Kept()

    data object Lost : Kept()
}

/** Credentials on disk, readable with this tablet's own key alone. One that fails is forgotten, never tried in a loop. */
class Vault(private val folder: File, private val wrapper: KeyWrapper) {
    private val codeFile = File(folder, "pairing")
    private val keyFile = File(folder, "spool-key")

    fun read(): Kept {
        if (!codeFile.exists() && !keyFile.exists()) return Kept.Empty
        val found = found()
        if (found != null) return Kept.Found(found)
        forget()
        return Kept.Lost
    }

    /** Keeps a code that was read; the spool's key stays where there is one. False where the tablet cannot keep secrets. */
    fun keep(codeText: String): Boolean {
        val wrappedCode = wrapper.wrap(codeText.toByteArray()) ?: return false
        val key = if (keyFile.exists()) null else wrapper.wrap(newKey()) ?: return false
        return try {
            folder.mkdirs()
            if (key != null) putFile(keyFile.toPath(), key)
            putFile(codeFile.toPath(), wrappedCode)
            true
        } catch (_: IOException) {
            false
        }
    }

    fun forget() {
        codeFile.delete()
        keyFile.delete()
        wrapper.forget()
    }

    private fun found(): Credentials? {
        val text = opened(codeFile)?.toString(Charsets.UTF_8) ?: return null
        val key = opened(keyFile)?.takeIf { it.size == KEY_BYTES } ?: return null
        val read = PairingCodes.read(text) as? PairingText.Read ?: return null
        return Credentials(read.code, SecretKeySpec(key, "AES"))
    }

    private fun opened(file: File): ByteArray? = try {
        wrapper.unwrap(file.readBytes())
    } catch (_: IOException) {
        null
    }

    private fun newKey() = ByteArray(KEY_BYTES).also(SecureRandom()::nextBytes)
}
