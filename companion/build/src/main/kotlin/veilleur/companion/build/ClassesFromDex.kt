/** From-dex module: the classes taken back out of an APK, so that core's tests judge what a tablet runs. */
package veilleur.companion.build

import com.googlecode.d2j.dex.Dex2jar
import com.googlecode.d2j.reader.MultiDexFileReader
import java.net.URLClassLoader
import java.nio.file.Files
import java.nio.file.Path
import java.util.zip.ZipFile
import org.objectweb.asm.ClassReader
import org.objectweb.asm.ClassWriter

private const val OBJECT = "java/lang/Object"

/** Writes the classes of an APK, and what they read beside themselves, into a folder. */
object ClassesFromDex {
    @JvmStatic
    fun main(arguments: Array<String>) {
        val (apk, target) = arguments.map(Path::of)
        target.toFile().deleteRecursively()
        Files.createDirectories(target)
        val jar = target.resolveSibling("from-dex.jar")
        Files.deleteIfExists(jar)
        Dex2jar.from(MultiDexFileReader.open(Files.readAllBytes(apk))).dontSanitizeNames(true).computeFrames(false).to(jar)
        URLClassLoader(arrayOf(jar.toUri().toURL()), javaClass.classLoader).use { known ->
            unpack(jar, target) { bytes -> withFrames(bytes, known) }
        }
        unpack(apk, target) { it }
    }

    /** Kotlin's own classes stay behind: the shrunk half of them would hide the whole that the tests call. */
    private fun unpack(archive: Path, target: Path, convert: (ByteArray) -> ByteArray) = ZipFile(archive.toFile()).use { zip ->
        zip.entries().asSequence().filter { !it.isDirectory && isWanted(it.name) }.forEach { entry ->
            val file = target.resolve(entry.name)
            Files.createDirectories(file.parent)
            val bytes = zip.bytesOf(entry.name)
            Files.write(file, if (entry.name.endsWith(".class")) convert(bytes) else bytes)
        }
    }

    private fun isWanted(name: String): Boolean =
        WANTED.any(name::startsWith) || (name.startsWith("kotlin/") && isMadeByR8(name))

    private fun isMadeByR8(name: String): Boolean = name.endsWith(".class") && javaClass.getResource("/$name") == null

    private val WANTED = listOf("veilleur/companion/core/", "veilleur/companion/build.properties") +
        listOf("org/eclipse/paho/", "com/grack/", "META-INF/services/")

    /** A dex has no stack frames, and Java verifies none without them. */
    private fun withFrames(bytes: ByteArray, known: ClassLoader): ByteArray {
        val reader = ClassReader(bytes)
        val writer = FramedWriter(known)
        reader.accept(writer, ClassReader.SKIP_FRAMES)
        return writer.toByteArray()
    }

    private class FramedWriter(private val known: ClassLoader) : ClassWriter(COMPUTE_FRAMES) {
        override fun getCommonSuperClass(type1: String, type2: String): String {
            val first = classOf(type1) ?: return OBJECT
            val second = classOf(type2) ?: return OBJECT
            if (first.isAssignableFrom(second)) return type1
            if (second.isAssignableFrom(first)) return type2
            if (first.isInterface || second.isInterface) return OBJECT
            return generateSequence(first.superclass, Class<*>::getSuperclass).first { it.isAssignableFrom(second) }.name.replace('.', '/')
        }

        private fun classOf(name: String): Class<*>? = try {
            Class.forName(name.replace('/', '.'), false, known)
        } catch (_: ClassNotFoundException) {
            null
        } catch (_: NoClassDefFoundError) {
            null
        }
    }
}
