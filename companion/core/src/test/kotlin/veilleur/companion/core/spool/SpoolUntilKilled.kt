/** The child of SpoolKilledTest: spools until it is killed, and tells each seq only after its append returned. */
package veilleur.companion.core.spool

import java.io.DataOutputStream
import java.nio.file.Paths
import java.security.MessageDigest
import kotlin.random.Random

private val PAYLOAD_BYTES = listOf(60, 700, 9_000, 120_000)
private const val LARGEST_BATCH = 4

/** Waits for a line on standard input; then writes a seq and the SHA-256 of its payload for each that is spooled. */
fun main(arguments: Array<String>) {
    val (folder, seed) = arguments
    val chance = Random(seed.toInt())
    val telling = DataOutputStream(System.out)
    readln()
    val spool = openSpool(Paths.get(folder), NO_CAP)
    while (true) {
        val payloads = List(chance.nextInt(1, LARGEST_BATCH + 1)) { chance.nextBytes(PAYLOAD_BYTES.random(chance)) }
        val given = spool.appendAll(payloads.map { payload -> { _, _ -> payload } })
        given.zip(payloads) { seq, payload ->
            telling.writeLong(seq)
            telling.write(MessageDigest.getInstance("SHA-256").digest(payload))
        }
        telling.flush()
    }
}
