/** Signs an APK for Android 8 and newer (schemes v2 and v3), aligning it on the way. */
package veilleur.companion.build

import com.android.apksig.ApkSigner
import com.android.apksig.KeyConfig
import java.nio.file.Files
import java.nio.file.Path

private const val OLDEST_ANDROID = 26

/** Signs archives of the build. */
object Signing {
    /** Writes the aligned and signed copy of [unsigned] to [target]. */
    fun sign(unsigned: Path, key: SigningKey, target: Path) {
        Files.createDirectories(target.toAbsolutePath().parent)
        val signer = ApkSigner.SignerConfig.Builder("veilleur", KeyConfig.Jca(key.privateKey), key.certificates).build()
        ApkSigner.Builder(listOf(signer))
            .setInputApk(unsigned.toFile())
            .setOutputApk(target.toFile())
            .setMinSdkVersion(OLDEST_ANDROID)
            .setV1SigningEnabled(false)
            .setV2SigningEnabled(true)
            .setV3SigningEnabled(true)
            .setCreatedBy("veilleur")
            .build()
            .sign()
    }
}
