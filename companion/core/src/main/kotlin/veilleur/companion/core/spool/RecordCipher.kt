/** What a spool holds is unreadable without a key that lies elsewhere (Android's Keystore, the simulator's key file). */
package veilleur.companion.core.spool

import java.security.GeneralSecurityException
import javax.crypto.Cipher
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

/** Seals records; [associated] ties a record to its place, so that none can stand at another's. Any thread. */
interface RecordCipher {
    fun seal(plain: ByteArray, associated: ByteArray): ByteArray

    /** Returns the plain bytes, or null where they were changed or sealed by another key. */
    fun open(sealed: ByteArray, associated: ByteArray): ByteArray?
}

/** AES-GCM: nonce, ciphertext and tag in one piece. The cipher chooses the nonce, as a Keystore key demands. */
class AesGcmCipher(private val key: SecretKey) : RecordCipher {
    override fun seal(plain: ByteArray, associated: ByteArray): ByteArray {
        val cipher = Cipher.getInstance(TRANSFORMATION)
        cipher.init(Cipher.ENCRYPT_MODE, key)
        cipher.updateAAD(associated)
        check(cipher.iv.size == NONCE_BYTES) { "this provider's nonces are not $NONCE_BYTES bytes long" }
        return cipher.iv + cipher.doFinal(plain)
    }

    override fun open(sealed: ByteArray, associated: ByteArray): ByteArray? {
        if (sealed.size < NONCE_BYTES + TAG_BITS / Byte.SIZE_BITS) return null
        return try {
            val cipher = Cipher.getInstance(TRANSFORMATION)
            cipher.init(Cipher.DECRYPT_MODE, key, GCMParameterSpec(TAG_BITS, sealed, 0, NONCE_BYTES))
            cipher.updateAAD(associated)
            cipher.doFinal(sealed, NONCE_BYTES, sealed.size - NONCE_BYTES)
        } catch (_: GeneralSecurityException) {
            null
        }
    }

    private companion object {
        const val TRANSFORMATION = "AES/GCM/NoPadding"
        const val NONCE_BYTES = 12
        const val TAG_BITS = 128
    }
}
