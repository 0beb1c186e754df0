package veilleur.companion.core.wire

import java.io.File

/** The contract's folder in the checkout. */
object Contract {
    private val folder = File(System.getProperty("veilleur.contract"))

    fun bytes(path: String): ByteArray = File(folder, path).readBytes()

    fun files(path: String): List<File> = checkNotNull(File(folder, path).listFiles()) { "no folder $path" }.sorted()

    fun lines(path: String): List<Map<*, *>> = File(folder, path).readLines().map(::tree)

    fun tree(text: String): Map<*, *> = (JsonTree.read(text.toByteArray()) as JsonTree.Read).root as Map<*, *>
}
