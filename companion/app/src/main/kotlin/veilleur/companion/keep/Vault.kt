package veilleur.companion.keep

import java.io.File
import java.io.IOException
import java.nio.file.Files
import java.nio.file.NoSuchFileException
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

/** What became of the credentials: LOST is told once, then they are gone for good; UNAVAILABLE ones are to be asked for again. */
sealed class Kept {
    data class Found(val credentials: Credentials) : Kept()

    data object Empty : Kept()

    data object Lost : Kept()

    data object Unavailable : Kept()
}

/** Credentials on disk, readable with this tablet's own key alone; forgotten only where they can never be read again. */
class Vault(private val folder: File, private val wrapper: KeyWrapper) {
    private val codeFile = File(folder, "pairing")
    private val keyFile = File(folder, "spool-key")

    fun read(): Kept {
        if (!codeFile.exists() && !keyFile.exists()) return Kept.Empty
        val kept = opened()
        if (kept is Kept.Lost) forget()
        return kept
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

    private fun opened(): Kept {
        val code = opened(codeFile)
        val key = opened(keyFile)
        return when {
            code is Unwrapped.Plain && key is Unwrapped.Plain -> understood(code.bytes, key.bytes)
            code is Unwrapped.Gone || key is Unwrapped.Gone -> Kept.Lost
            else -> Kept.Unavailable
        }
    }

    private fun understood(code: ByteArray, key: ByteArray): Kept {
        val read = PairingCodes.read(code.toString(Charsets.UTF_8))
        if (read !is PairingText.Read || key.size != KEY_BYTES) return Kept.Lost
        return Kept.Found(Credentials(read.code, SecretKeySpec(key, "AES")))
    }

    private fun opened(file: File): Unwrapped = try {
        wrapper.unwrap(Files.readAllBytes(file.toPath()))
    } catch (_: NoSuchFileException) {
        Unwrapped.Gone
    } catch (_: IOException) {
        Unwrapped.Unavailable
    }

    private fun newKey() = ByteArray(KEY_BYTES).also(SecureRandom()::nextBytes)
}
