package veilleur.companion.keep

import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import java.io.IOException
import java.security.GeneralSecurityException
import java.security.KeyStore
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

/** Wraps secrets with a key that never leaves the device; null wherever that key is gone or refuses. */
interface KeyWrapper {
    fun wrap(plain: ByteArray): ByteArray?

    fun unwrap(wrapped: ByteArray): ByteArray?

    /** Throws the key away: what it wrapped can never be read again. */
    fun forget()
}

/** A key in Android's Keystore: in hardware where the tablet has it, and never in a backup. */
class KeystoreWrapper : KeyWrapper {
    override fun wrap(plain: ByteArray): ByteArray? = guarded {
        val cipher = Cipher.getInstance(TRANSFORMATION).apply { init(Cipher.ENCRYPT_MODE, known() ?: made()) }
        cipher.iv + cipher.doFinal(plain)
    }

    override fun unwrap(wrapped: ByteArray): ByteArray? = guarded {
        val key = known() ?: return@guarded null
        val cipher = Cipher.getInstance(TRANSFORMATION)
        cipher.init(Cipher.DECRYPT_MODE, key, GCMParameterSpec(TAG_BITS, wrapped, 0, IV_BYTES))
        cipher.doFinal(wrapped, IV_BYTES, wrapped.size - IV_BYTES)
    }

    override fun forget() {
        guarded { keystore().deleteEntry(ALIAS) }
    }

    private fun known(): SecretKey? = keystore().getKey(ALIAS, null) as? SecretKey

    private fun made(): SecretKey {
        val purposes = KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT
        val wanted = KeyGenParameterSpec.Builder(ALIAS, purposes)
            .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
            .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
            .setKeySize(KEY_BITS)
            .build()
        return KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, PROVIDER).apply { init(wanted) }.generateKey()
    }

    private fun keystore(): KeyStore = KeyStore.getInstance(PROVIDER).apply { load(null) }

    /** Keystores fail in every way there is, also with unchecked ProviderException and IllegalStateException. */
    private fun <T> guarded(work: () -> T?): T? = try {
        work()
    } catch (_: GeneralSecurityException) {
        null
    } catch (_: IOException) {
        null
    } catch (_: RuntimeException) {
        null
    }

    private companion object {
        const val PROVIDER = "AndroidKeyStore"
        const val ALIAS = "veilleur"
        const val TRANSFORMATION = "AES/GCM/NoPadding"
        const val KEY_BITS = 256
        const val TAG_BITS = 128
        const val IV_BYTES = 12
    }
}
