package veilleur.companion.tablet

import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.attribute.PosixFilePermissions
import java.security.SecureRandom
import javax.crypto.spec.SecretKeySpec
import veilleur.companion.core.spool.AesGcmCipher
import veilleur.companion.core.spool.RecordCipher

private const val KEY_BYTES = 32

/** Returns the cipher of a key that lies in a file, made when missing; a tablet has Android's Keystore for it. */
internal fun cipherOf(file: Path): RecordCipher {
    if (!Files.exists(file)) {
        Files.createDirectories(file.parent)
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
        Files.write(file, ByteArray(KEY_BYTES).also(SecureRandom()::nextBytes))
    }
    return AesGcmCipher(SecretKeySpec(Files.readAllBytes(file), "AES"))
}
