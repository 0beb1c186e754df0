/** Framework module: Android's own resources alone, which is what aapt2 links an app against. */
package veilleur.companion.build

import java.nio.file.Path
import java.util.zip.ZipFile

private val NEEDED = listOf("AndroidManifest.xml", "resources.arsc")

/** Writes the two files of the framework that linking needs into a small archive. */
object FrameworkResources {
    @JvmStatic
    fun main(arguments: Array<String>) {
        val (frameworkJar, target) = arguments.map(Path::of)
        ZipFile(frameworkJar.toFile()).use { jar ->
            val entries = NEEDED.map { name -> ArchiveEntry(name, jar.bytesOf(name), isStored = true) }
            SortedArchive.write(target, entries)
        }
    }
}
