package veilleur.companion.keep

import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyPermanentlyInvalidatedException
import android.security.keystore.KeyProperties
import java.io.IOException
import java.security.GeneralSecurityException
import java.security.KeyStore
import java.security.UnrecoverableKeyException
import javax.crypto.AEADBadTagException
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

/** What became of something wrapped: GONE is for ever, UNAVAILABLE may pass. */
sealed class Unwrapped {
    class Plain(val bytes: ByteArray) : Unwrapped()

    data object Gone : Unwrapped()

    data object Unavailable : Unwrapped()
}

/** Wraps secrets with a key that never leaves the device. */
interface KeyWrapper {
    /** Returns null where the key refuses. */
    fun wrap(plain: ByteArray): ByteArray?

    fun unwrap(wrapped: ByteArray): Unwrapped

    /** Throws the key away: what it wrapped can never be read again. */
    fun forget()
}

/** A key in Android's Keystore: in hardware where the tablet has it, and never in a backup. */
class KeystoreWrapper : KeyWrapper {
    override fun wrap(plain: ByteArray): ByteArray? = guarded {
        val cipher = Cipher.getInstance(TRANSFORMATION).apply { init(Cipher.ENCRYPT_MODE, known() ?: made()) }
        cipher.iv + cipher.doFinal(plain)
    }

    override fun unwrap(wrapped: ByteArray): Unwrapped {
        if (wrapped.size <= IV_BYTES) return Unwrapped.Gone
        return try {
            known()?.let { Unwrapped.Plain(opened(wrapped, it)) } ?: Unwrapped.Gone
        } catch (failure: GeneralSecurityException) {
            if (isForEver(failure)) Unwrapped.Gone else Unwrapped.Unavailable
        } catch (_: IOException) {
            Unwrapped.Unavailable
        } catch (_: RuntimeException) {
            Unwrapped.Unavailable
        }
    }

    override fun forget() {
        guarded { keystore().deleteEntry(ALIAS) }
    }

    private fun opened(wrapped: ByteArray, key: SecretKey): ByteArray {
        val cipher = Cipher.getInstance(TRANSFORMATION)
        cipher.init(Cipher.DECRYPT_MODE, key, GCMParameterSpec(TAG_BITS, wrapped, 0, IV_BYTES))
        return cipher.doFinal(wrapped, IV_BYTES, wrapped.size - IV_BYTES)
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

    internal companion object {
        /** Android's Keystore says every error of its own by an UnrecoverableKeyException as well, with that error as its cause. */
        fun isForEver(failure: GeneralSecurityException): Boolean = when (failure) {
            is AEADBadTagException, is KeyPermanentlyInvalidatedException -> true
            is UnrecoverableKeyException -> failure.cause == null
            else -> false
        }

        private const val PROVIDER = "AndroidKeyStore"
        private const val ALIAS = "veilleur"
        private const val TRANSFORMATION = "AES/GCM/NoPadding"
        private const val KEY_BITS = 256
        private const val TAG_BITS = 128
        private const val IV_BYTES = 12
    }
}
