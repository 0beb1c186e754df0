/** Trials 27, 28 and 29: what a torn end, a flipped bit and the cap cost, and that every seq is answered for. */
package veilleur.companion.core.spool

import java.nio.file.Files
import java.nio.file.Path
import kotlin.experimental.xor
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import veilleur.companion.core.wire.LostReason

private const val RECORDS = 5
private const val EVERY_BIT_SOMEWHERE = 7

class SpoolAccidentsTest {
    @TempDir
    lateinit var parent: Path
    private val whole: Path get() = parent.resolve("whole")

    private fun filled(): String = openSpool(whole).use { spool ->
        spool.fill(RECORDS)
        spool.epoch
    }

    private fun damaged(content: ByteArray): Path {
        val folder = copyOf(whole, parent.resolve("damaged"))
        Files.write(segmentFiles(folder).single(), content)
        return folder
    }

    private fun recordBytes(content: ByteArray): Int = (content.size - SEGMENT_HEADER_BYTES) / RECORDS

    /** Trial 27. Broken: `Segment.seqAfter` took no count of a torn end; reported: no span, not (5, 5, CORRUPT). */
    @Test
    fun `torn at any byte the last record is dropped and counted and the rest is there`() {
        filled()
        val content = Files.readAllBytes(segmentFiles(whole).single())
        Files.delete(whole.resolve("memory"))
        val begins = content.size - recordBytes(content)

        for (end in begins until content.size) {
            val torn = damaged(content.copyOf(end))
            val lost = if (end == begins) emptyList() else listOf(LostSpan(RECORDS.toLong(), RECORDS.toLong(), LostReason.CORRUPT))
            repeat(2) {
                openSpool(torn).use { spool ->
                    val items = spool.everything()
                    assertEquals((1L until RECORDS).toList(), seqsOf(items), "cut at $end")
                    // cut between two records, nothing but the memory says that there was one more
                    assertEquals(lost, spansOf(items), "cut at $end")
                }
            }
            openSpool(torn).use { assertEquals(if (end == begins) 5L else 6L, it.append()) }
        }
    }

    /**
     * Trial 28. Broken: `findFrames` gave up at noise; reported: [1, 2] came out.
     *
     * The payload is held twice: without its checksum the seal notices the bit.
     */
    @Test
    fun `a flipped bit in a record costs that record alone`() {
        filled()
        val content = Files.readAllBytes(segmentFiles(whole).single())
        val each = recordBytes(content)
        val begins = SEGMENT_HEADER_BYTES + 2 * each

        for (bit in begins * 8 until (begins + each) * 8 step EVERY_BIT_SOMEWHERE) {
            openSpool(damaged(flipped(content, bit))).use { spool ->
                val items = spool.everything()
                assertEquals(listOf(1L, 2L, 4L, 5L), seqsOf(items), "bit $bit")
                assertEquals(listOf(LostSpan(3, 3, LostReason.CORRUPT)), spansOf(items), "bit $bit")
                assertEquals(RECORDS + 1L, spool.append())
            }
        }
    }

    /** Trial 28. Broken: the epoch taken from the segments' headers alone; reported: another epoch. */
    @Test
    fun `a flipped bit in a segment's beginning costs nothing`() {
        val epoch = filled()
        val content = Files.readAllBytes(segmentFiles(whole).single())

        for (bit in 0 until SEGMENT_HEADER_BYTES * 8 step EVERY_BIT_SOMEWHERE) {
            openSpool(damaged(flipped(content, bit))).use { spool ->
                assertEquals(epoch, spool.epoch)
                assertEquals((1L..RECORDS).toList(), seqsOf(spool.everything()), "bit $bit")
                assertEquals(RECORDS + 1L, spool.append())
            }
        }
    }

    @Test
    fun `a tail that the disk forgot is not given out again`() {
        val spool = openSpool(whole)
        spool.fill(RECORDS)
        val kept = Files.readAllBytes(segmentFiles(whole).single())
        spool.fill(RECORDS)
        spool.close()
        Files.write(segmentFiles(whole).single(), kept)

        openSpool(whole).use { again ->
            assertEquals(11, again.append())
            assertEquals(listOf(LostSpan(6, 10, LostReason.CORRUPT)), spansOf(again.everything()))
        }
    }

    @Test
    fun `a memory that the disk damaged costs no record`() {
        val epoch = filled()
        val memory = Files.readAllBytes(whole.resolve("memory"))

        for (bit in 0 until memory.size * 8 step EVERY_BIT_SOMEWHERE) {
            val folder = copyOf(whole, parent.resolve("damaged"))
            Files.write(folder.resolve("memory"), flipped(memory, bit))
            openSpool(folder).use { assertEquals(epoch to (1L..RECORDS).toList(), it.epoch to seqsOf(it.everything())) }
        }
    }

    @Test
    fun `a segment that is gone is answered for and the rest is delivered`() {
        val spool = openSpool(whole, ONE_MIB)
        repeat(10) { spool.fill(1, extraBytes = 50_000) }
        spool.close()
        val (gone, next) = segmentFiles(whole).subList(1, 3)
        Files.delete(gone)

        openSpool(whole, ONE_MIB).use { again ->
            assertEquals(listOf(LostSpan(firstSeqOf(gone), firstSeqOf(next) - 1, LostReason.CORRUPT)), spansOf(again.everything()))
        }
    }

    /** Trial 29. Broken: `Spool.dropOldest` did not remember what it dropped; reported: CORRUPT, not CAP. */
    @Test
    fun `past the cap the oldest is dropped and every seq is answered for`() {
        val spool = openSpool(whole, ONE_MIB)
        repeat(60) { spool.fill(1, extraBytes = 40_000) }

        val items = spool.everything()

        val span = spansOf(items).single()
        assertEquals(1L to LostReason.CAP, span.seq to span.reason)
        assertTrue(span.throughSeq in 1 until 60)
        assertEquals((span.throughSeq + 1..60).toList(), seqsOf(items))
        assertTrue(spool.state().sizeBytes <= ONE_MIB)
        spool.close()
        assertEquals(items, openSpool(whole, ONE_MIB).everything())
    }
}

private fun flipped(content: ByteArray, bit: Int): ByteArray =
    content.copyOf().also { it[bit / 8] = it[bit / 8] xor (1 shl bit % 8).toByte() }
