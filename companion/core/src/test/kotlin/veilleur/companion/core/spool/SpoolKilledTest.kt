package veilleur.companion.core.spool

import java.io.DataInputStream
import java.io.EOFException
import java.nio.file.Path
import java.security.MessageDigest
import kotlin.random.Random
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import veilleur.companion.core.wire.LostReason

private const val KILLS = 200
private const val SEED = 26
private const val LONGEST_LIFE_MS = 20L
private const val SHA256_BYTES = 32

/**
 * Trial 26: killed 200 times (SIGKILL) while it spools.
 *
 * Broken: `Segment.append` left out the write of some batches; reported: 20, 21, 22 … told and not found.
 */
class SpoolKilledTest {
    @TempDir
    lateinit var folder: Path

    @Test
    fun `every record that was promised is there`() {
        val told = HashMap<Long, String>()
        val chance = Random(SEED)
        var next = born(0)
        for (life in 1..KILLS) {
            // the next JVM starts while this one spools: it opens the folder only when it is told to
            val child = next.also { next = born(life) }
            told += toldUntilKilled(child, chance)
        }
        next.destroyForcibly().waitFor()

        val items = openSpool(folder, NO_CAP).everything()

        val found = items.filterIsInstance<SpoolRecord>().associate { it.seq to sha256(it.payload) }
        assertTrue(told.size > KILLS, "${told.size} were told")
        assertEquals(emptyMap<Long, String>(), told.filter { found[it.key] != it.value }, "told and not found")
        assertTrue(spansOf(items).sumOf { it.throughSeq - it.seq + 1 } <= KILLS)
        assertTrue(spansOf(items).all { it.reason == LostReason.CORRUPT })
    }

    private fun born(life: Int): Process =
        startChild("veilleur.companion.core.spool.SpoolUntilKilledKt", listOf("-Xmx64m"), folder.toString(), "$life")

    private fun toldUntilKilled(child: Process, chance: Random): Map<Long, String> {
        child.outputStream.write("begin\n".toByteArray())
        child.outputStream.flush()
        val telling = DataInputStream(child.inputStream.buffered())
        val told = HashMap<Long, String>()
        told += readTold(telling) ?: error("this life was never born")
        Thread.sleep(chance.nextLong(LONGEST_LIFE_MS))
        // the handle's kill is SIGKILL too, and leaves what the child had told in the pipe
        child.toHandle().destroyForcibly()
        while (true) told += readTold(telling) ?: break
        child.waitFor()
        return told
    }

    private fun readTold(telling: DataInputStream): Pair<Long, String>? =
        try {
            telling.readLong() to hex(ByteArray(SHA256_BYTES).also(telling::readFully))
        } catch (_: EOFException) {
            null
        }

    private fun sha256(payload: ByteArray): String = hex(MessageDigest.getInstance("SHA-256").digest(payload))

    private fun hex(bytes: ByteArray): String = bytes.joinToString("") { "%02x".format(it) }
}
