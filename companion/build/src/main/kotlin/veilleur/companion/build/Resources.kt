/** App module, before Kotlin: res/ and the manifest become a linked archive and the class R. */
package veilleur.companion.build

import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardCopyOption

private const val AAPT2 = "/prebuilt/linux/aapt2"

/** Compiles and links the resources of an app with aapt2. */
object Resources {
    @JvmStatic
    fun main(arguments: Array<String>) {
        val (framework, manifest, folder) = arguments.map(Path::of)
        val (versionFile, target, javaFolder) = arguments.drop(3).map(Path::of)
        link(framework, manifest, folder, ProjectVersion.readFrom(versionFile), target, javaFolder)
    }

    private fun link(framework: Path, manifest: Path, folder: Path, version: ProjectVersion, target: Path, javaFolder: Path) {
        val work = Files.createTempDirectory("veilleur-aapt2")
        try {
            val aapt2 = unpackAapt2(work)
            val compiled = work.resolve("compiled.zip")
            run(listOf("$aapt2", "compile", "--dir", "$folder", "-o", "$compiled"))
            Files.createDirectories(target.parent)
            Files.createDirectories(javaFolder)
            run(
                listOf("$aapt2", "link", "-I", "$framework", "--manifest", "$manifest", "--java", "$javaFolder") +
                    listOf("--version-name", version.name, "--version-code", "${version.code}") +
                    listOf("-o", "$target", "$compiled"),
            )
        } finally {
            work.toFile().deleteRecursively()
        }
    }

    private fun unpackAapt2(folder: Path): Path {
        val aapt2 = folder.resolve("aapt2")
        checkNotNull(Resources::class.java.getResourceAsStream(AAPT2)) { "The apktool library no longer carries $AAPT2." }
            .use { Files.copy(it, aapt2, StandardCopyOption.REPLACE_EXISTING) }
        check(aapt2.toFile().setExecutable(true)) { "$aapt2 cannot be made executable." }
        return aapt2
    }
}
