/** Framework module: what an app may see of Android, without code, so that the compiler, R8 and the tests agree on it. */
package veilleur.companion.build

import java.nio.file.Files
import java.nio.file.Path
import java.util.zip.ZipFile
import org.objectweb.asm.ClassReader
import org.objectweb.asm.ClassWriter
import org.objectweb.asm.Opcodes
import org.objectweb.asm.Type
import org.objectweb.asm.tree.AnnotationNode
import org.objectweb.asm.tree.ClassNode
import org.objectweb.asm.tree.FieldNode
import org.objectweb.asm.tree.InsnNode
import org.objectweb.asm.tree.MethodNode

private const val SYSTEM_ONLY = "Landroid/annotation/SystemApi;"
private const val VISIBLE = Opcodes.ACC_PUBLIC or Opcodes.ACC_PROTECTED
private val UNNAMEABLE = Regex("""[$]\d|[$][$]|[$]Stub""")
private val PACKAGES = listOf("android/", "org/json/", "org/xmlpull/")

/** Writes the stub classes of [frameworkJar] into [classesFolder]. */
object FrameworkStubs {
    @JvmStatic
    fun main(arguments: Array<String>) {
        val (frameworkJar, classesFolder) = arguments.map(Path::of)
        val done = classesFolder.resolveSibling("stubs-of.txt")
        if (Files.exists(done) && Files.readString(done) == "${frameworkJar.fileName}") return
        classesFolder.toFile().deleteRecursively()
        write(frameworkJar, classesFolder)
        Files.writeString(done, "${frameworkJar.fileName}")
    }

    private fun write(frameworkJar: Path, classesFolder: Path) = ZipFile(frameworkJar.toFile()).use { jar ->
        jar.entries().asSequence()
            .filter { entry -> isNameable(entry.name) }
            .forEach { entry ->
                val stub = stubOf(jar.getInputStream(entry).use { it.readBytes() })
                val target = classesFolder.resolve(entry.name)
                Files.createDirectories(target.parent)
                Files.write(target, stub)
            }
    }

    private fun isNameable(entryName: String): Boolean =
        entryName.endsWith(".class") && PACKAGES.any(entryName::startsWith) && !UNNAMEABLE.containsMatchIn(entryName)

    /** Keeps what an app can name: visible members with their annotations and constants, and no code. */
    fun stubOf(classBytes: ByteArray): ByteArray {
        val node = ClassNode()
        ClassReader(classBytes).accept(node, ClassReader.SKIP_CODE or ClassReader.SKIP_DEBUG)
        node.methods.removeIf { method -> !isVisible(method.access, method.visibleAnnotations) }
        node.fields.removeIf { field -> !isVisible(field.access, field.visibleAnnotations) }
        node.fields.forEach(::forgetInitialiser)
        node.methods.forEach(::giveEmptyBody)
        return ClassWriter(0).also(node::accept).toByteArray()
    }

    private fun isVisible(access: Int, annotations: List<AnnotationNode>?): Boolean =
        access and VISIBLE != 0 && annotations.orEmpty().none { it.desc == SYSTEM_ONLY }

    private fun forgetInitialiser(field: FieldNode) {
        if (field.access and Opcodes.ACC_STATIC == 0) field.value = null
    }

    private fun giveEmptyBody(method: MethodNode) {
        if (method.access and (Opcodes.ACC_ABSTRACT or Opcodes.ACC_NATIVE) != 0) return
        method.instructions.add(InsnNode(Opcodes.ACONST_NULL))
        method.instructions.add(InsnNode(Opcodes.ATHROW))
        method.maxStack = 1
        method.maxLocals = 1 + argumentSlots(method.desc)
    }

    private fun argumentSlots(descriptor: String): Int = Type.getArgumentsAndReturnSizes(descriptor) shr 2
}
