/** App module, last: linked resources, classes and what the libraries look up become one signed APK. */
package veilleur.companion.build

import java.nio.file.Files
import java.nio.file.Path
import java.util.zip.ZipFile

/** Makes the APK; the arguments are named in the app's pom. */
object Apk {
    @JvmStatic
    fun main(arguments: Array<String>) {
        val (dexer, resources, classes, libraries, framework) = arguments
        val (rules, work, target) = arguments.drop(5).map(Path::of)
        val jars = ownClassesAsJar(Path.of(classes), work) + jarsOf(Path.of(libraries))
        val dexFolder = Dexer.valueOf(dexer.uppercase()).dex(jars, Path.of(framework), rules, work.resolve("dex"))
        val unsigned = work.resolve("unsigned.zip")
        SortedArchive.write(unsigned, linked(Path.of(resources)) + dexFiles(dexFolder) + lookedUp(jars))
        Signing.sign(unsigned, SigningKey.fromEnvironment(System.getenv()), target)
    }

    private fun ownClassesAsJar(classes: Path, work: Path): List<Path> {
        val jar = work.resolve("classes.jar")
        val files = Files.walk(classes).use { paths -> paths.filter(Files::isRegularFile).toList() }
        SortedArchive.write(jar, files.map { ArchiveEntry(classes.relativize(it).toString(), Files.readAllBytes(it)) })
        return listOf(jar)
    }

    private fun jarsOf(folder: Path): List<Path> = Files.list(folder).use { files -> files.sorted().toList() }

    /** Android reads resources.arsc in place: it stays uncompressed (Android 11 refuses it otherwise). */
    private fun linked(resources: Path): List<ArchiveEntry> = entriesOf(resources) { true }
        .map { entry -> ArchiveEntry(entry.name, entry.bytes, isStored = entry.name == "resources.arsc") }

    private fun dexFiles(folder: Path): List<ArchiveEntry> = Files.list(folder).use { files ->
        files.filter { "$it".endsWith(".dex") }.toList().map { ArchiveEntry("${it.fileName}", Files.readAllBytes(it)) }
    }

    /** What classes read beside themselves at run time: rules, message bundles, and the services that Paho looks up. */
    private fun lookedUp(jars: List<Path>): List<ArchiveEntry> =
        jars.flatMap { jar -> entriesOf(jar, ::isLookedUp) }.distinctBy(ArchiveEntry::name)

    private fun isLookedUp(name: String): Boolean =
        name.startsWith("META-INF/services/") || (!name.startsWith("META-INF/") && LOOKED_UP.any(name::endsWith))

    private val LOOKED_UP = listOf(".properties", ".json")

    private fun entriesOf(archive: Path, isWanted: (String) -> Boolean): List<ArchiveEntry> =
        ZipFile(archive.toFile()).use { zip ->
            zip.entries().asSequence()
                .filter { !it.isDirectory && isWanted(it.name) }
                .map { ArchiveEntry(it.name, zip.bytesOf(it.name)) }
                .toList()
        }
}
