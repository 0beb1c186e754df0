/** Whose APK it is: the key of a release from the environment, or a debug key of this account, made once. */
package veilleur.companion.build

import java.io.IOException
import java.nio.file.FileAlreadyExistsException
import java.nio.file.Files
import java.nio.file.Path
import java.security.GeneralSecurityException
import java.security.KeyStore
import java.security.PrivateKey
import java.security.cert.X509Certificate

private const val DEBUG_ALIAS = "veilleur-debug"
private const val DEBUG_PASSWORD = "veilleur-debug"

/** A private key with its certificate chain. */
class SigningKey(val privateKey: PrivateKey, val certificates: List<X509Certificate>) {
    companion object {
        /**
         * Takes VEILLEUR_KEYSTORE (PKCS 12), VEILLEUR_KEYSTORE_PASSWORD and VEILLEUR_KEY_ALIAS, or else the debug key.
         *
         * The debug key lies with the account (XDG_DATA_HOME) and outlives the checkout: Android updates an app only under the same key.
         */
        fun fromEnvironment(environment: Map<String, String>): SigningKey {
            val keystore = environment["VEILLEUR_KEYSTORE"] ?: return debugKey(environment)
            val password = environment["VEILLEUR_KEYSTORE_PASSWORD"] ?: error("VEILLEUR_KEYSTORE needs VEILLEUR_KEYSTORE_PASSWORD beside it.")
            val alias = environment["VEILLEUR_KEY_ALIAS"] ?: error("VEILLEUR_KEYSTORE needs VEILLEUR_KEY_ALIAS beside it.")
            return read(Path.of(keystore), password, alias)
        }

        private fun debugKey(environment: Map<String, String>): SigningKey {
            val data = environment["XDG_DATA_HOME"]?.let(Path::of) ?: Path.of(System.getProperty("user.home"), ".local", "share")
            val keystore = data.resolve("veilleur").resolve("companion-debug.p12")
            if (!Files.exists(keystore)) makeDebugKey(keystore)
            return read(keystore, DEBUG_PASSWORD, DEBUG_ALIAS)
        }

        private fun makeDebugKey(keystore: Path) {
            Files.createDirectories(keystore.parent)
            val folder = Files.createTempDirectory(keystore.parent, "new-key")
            try {
                val fresh = folder.resolve("key.p12")
                val keytool = Path.of(System.getProperty("java.home"), "bin", "keytool")
                run(
                    listOf("$keytool", "-genkeypair", "-keystore", "$fresh", "-storetype", "PKCS12") +
                        listOf("-storepass", DEBUG_PASSWORD, "-alias", DEBUG_ALIAS, "-dname", "CN=Veilleur debug") +
                        listOf("-keyalg", "RSA", "-keysize", "3072", "-validity", "18250"),
                )
                Files.createLink(keystore, fresh)
            } catch (_: FileAlreadyExistsException) {
                // Another build was first: its key is everyone's.
            } finally {
                folder.toFile().deleteRecursively()
            }
        }

        private fun read(file: Path, password: String, alias: String): SigningKey = try {
            val keystore = KeyStore.getInstance("PKCS12")
            Files.newInputStream(file).use { keystore.load(it, password.toCharArray()) }
            val key = keystore.getKey(alias, password.toCharArray()) as? PrivateKey ?: error("$file holds no key named $alias.")
            SigningKey(key, keystore.getCertificateChain(alias).map { it as X509Certificate })
        } catch (problem: IOException) {
            throw IllegalStateException("$file cannot be opened: is it PKCS 12, and the password right?", problem)
        } catch (problem: GeneralSecurityException) {
            throw IllegalStateException("$file cannot be read: is it PKCS 12, and the password right?", problem)
        }
    }
}
