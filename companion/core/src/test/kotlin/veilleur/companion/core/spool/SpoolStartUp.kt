/** The child of SpoolSizeTest: opens a spool with little memory, says how long that took, and reads all of it. */
package veilleur.companion.core.spool

import java.nio.file.Paths

private const val PAGE = 256

/** Prints the milliseconds of the start and the number of records read. */
fun main(arguments: Array<String>) {
    val beganNs = System.nanoTime()
    val spool = openSpool(Paths.get(arguments.single()), NO_CAP)
    val depth = spool.state().depth
    val tookMs = (System.nanoTime() - beganNs) / 1_000_000
    var read = 0L
    var next = 1L
    while (true) {
        val items = spool.read(next, PAGE).ifEmpty { break }
        read += items.count { it is SpoolRecord }
        next = items.last().throughSeq + 1
    }
    println("$tookMs $depth $read")
}
