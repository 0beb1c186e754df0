/** From Java classes to Android's: R8, or the older dx should R8's coordinate vanish. */
package veilleur.companion.build

import java.nio.file.Files
import java.nio.file.Path
import java.util.zip.ZipFile

private const val OLDEST_ANDROID = "26"

/** The two programs that can make a dex. */
enum class Dexer {
    R8 {
        override fun make(jars: List<Path>, framework: Path, rules: Path, target: Path) {
            val javaHome = System.getProperty("java.home")
            val options = listOf("--release", "--min-api", OLDEST_ANDROID, "--output", "$target", "--pg-conf", "$rules")
            val known = listOf("--lib", "$framework", "--lib", javaHome)
            com.android.tools.r8.R8.main((options + known + jars.map(Path::toString)).toTypedArray())
        }
    },
    DX {
        override fun make(jars: List<Path>, framework: Path, rules: Path, target: Path) {
            val plain = jars.map { jar -> classesOnly(jar, target.resolveSibling("for-dx-${jar.fileName}")) }
            val options = listOf("--dex", "--min-sdk-version=$OLDEST_ANDROID", "--output=$target")
            com.android.dx.command.Main.main((options + plain.map(Path::toString)).toTypedArray())
        }

        /** dx reads neither module-info nor the classes that a jar keeps for newer Javas. */
        private fun classesOnly(jar: Path, target: Path): Path {
            ZipFile(jar.toFile()).use { zip ->
                val names = zip.entries().asSequence().map { it.name }.filter { it.endsWith(".class") && !it.startsWith("META-INF/") }
                SortedArchive.write(target, names.map { ArchiveEntry(it, zip.bytesOf(it)) }.toList())
            }
            return target
        }
    }, ;

    protected abstract fun make(jars: List<Path>, framework: Path, rules: Path, target: Path)

    /** Puts classes.dex (and its followers) for [jars] into [target], which is emptied first. */
    fun dex(jars: List<Path>, framework: Path, rules: Path, target: Path): Path {
        target.toFile().deleteRecursively()
        Files.createDirectories(target)
        make(jars, framework, rules, target)
        check(Files.exists(target.resolve("classes.dex"))) { "$name made no classes.dex." }
        return target
    }
}
