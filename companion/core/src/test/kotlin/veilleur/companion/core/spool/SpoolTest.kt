/** What is appended comes out again, in order, until a receipt covers it, whatever restarts come between. */
package veilleur.companion.core.spool

import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.attribute.FileTime
import java.nio.file.attribute.PosixFilePermissions
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import kotlin.concurrent.thread
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import veilleur.companion.core.wire.LostReason

class SpoolTest {
    @TempDir
    lateinit var folder: Path

    @Test
    fun `seqs count from one and go on after a restart`() {
        val spool = openSpool(folder)
        assertEquals(listOf(1L, 2L, 3L), List(3) { spool.append() })
        spool.close()

        val again = openSpool(folder)

        assertEquals(spool.epoch to 4L, again.epoch to again.append())
        assertEquals((1L..4L).map { recordOf(spool.epoch, it) }, again.read(1, 10))
    }

    @Test
    fun `a wiped folder gets a new epoch`() {
        val spool = openSpool(folder)
        spool.fill(2)
        spool.close()
        folder.toFile().listFiles()!!.forEach { it.delete() }

        val again = openSpool(folder)

        assertNotEquals(spool.epoch, again.epoch)
        assertEquals(1, again.nextSeq)
    }

    @Test
    fun `two programs cannot have one spool`() {
        val spool = openSpool(folder)

        val refused = assertThrows(SpoolInUse::class.java) { openSpool(folder) }

        assertTrue("another program" in refused.message!!)
        spool.close()
        openSpool(folder).close()
    }

    @Test
    fun `a receipt trims and no more than it covers`() {
        val spool = openSpool(folder, ONE_MIB)
        repeat(10) { spool.fill(1, extraBytes = 50_000) }
        val files = segmentFiles(folder).size

        spool.trim(spool.receiptFor(7))

        assertEquals(8, spool.firstSeq)
        assertEquals(listOf(8L, 9L, 10L), seqsOf(spool.everything(8)))
        assertTrue(segmentFiles(folder).size < files)
    }

    @Test
    fun `all receipted leaves no record behind and the next seq goes on`() {
        val spool = openSpool(folder)
        spool.fill(5)
        spool.trim(spool.receiptFor(5))
        spool.tidy()

        assertEquals(listOf(SEGMENT_HEADER_BYTES.toLong()), segmentFiles(folder).map { Files.size(it) })
        assertEquals(0, spool.state().depth)
        spool.close()
        val again = openSpool(folder)
        assertEquals(spool.epoch to 6L, again.epoch to again.append())
    }

    @Test
    fun `the receipt in force is remembered`() {
        val spool = openSpool(folder)
        spool.fill(5)
        val receipt = spool.receiptFor(3, round = 9).copy(refused = listOf("ab".repeat(32)))
        spool.trim(receipt)
        spool.close()

        val again = openSpool(folder)

        assertEquals(receipt, again.state().receipt)
        assertEquals(4, again.firstSeq)
    }

    @Test
    fun `a lower receipt of a new store sends again what is there and answers for the rest`() {
        val spool = openSpool(folder, ONE_MIB)
        repeat(10) { spool.fill(1, extraBytes = 50_000) }
        spool.trim(spool.receiptFor(7))
        val firstLeft = firstSeqOf(segmentFiles(folder).first())
        assertTrue(firstLeft in 2..8)

        spool.trim(spool.receiptFor(2, store = "s2"))

        val items = spool.everything(3)
        assertEquals(listOf(LostSpan(3, firstLeft - 1, LostReason.TRIMMED)), spansOf(items))
        assertEquals((firstLeft..10).toList(), seqsOf(items))
        assertEquals(firstLeft, spool.firstSeq)
    }

    @Test
    fun `a drop is forgotten once it is receipted`() {
        val spool = openSpool(folder, ONE_MIB)
        repeat(60) { spool.fill(1, extraBytes = 40_000) }
        val through = spansOf(spool.everything()).single().throughSeq

        spool.trim(spool.receiptFor(through))
        spool.trim(spool.receiptFor(0, store = "s2"))

        assertEquals(listOf(LostSpan(1, through, LostReason.TRIMMED)), spansOf(spool.everything()))
    }

    @Test
    fun `what was given up is answered for in its place`() {
        val spool = openSpool(folder)
        spool.fill(3)

        spool.giveUp(2, LostReason.REFUSED)

        assertEquals(listOf(1L, 3L), seqsOf(spool.everything()))
        assertEquals(listOf(LostSpan(2, 2, LostReason.REFUSED)), spansOf(spool.everything()))
    }

    @Test
    fun `seqs that are spent are passed over for good`() {
        val spool = openSpool(folder)
        spool.fill(2)
        spool.skipPast(1)
        assertEquals(3, spool.append())

        spool.skipPast(9)

        val afterKill = openSpool(copyOf(folder, folder.resolveSibling("${folder.fileName}-copy")))
        assertEquals(10, afterKill.append())
        assertEquals(listOf(LostSpan(4, 9, LostReason.CORRUPT)), spansOf(spool.everything()))
    }

    @Test
    fun `the state says what waits and since when`() {
        val spool = openSpool(folder)
        assertEquals(null, spool.state().oldestAt)
        spool.fill(5)
        spool.trim(spool.receiptFor(2))

        val state = spool.state()

        assertEquals(listOf(3L, 6L, 3L, NOW_AT), listOf(state.firstSeq, state.nextSeq, state.depth, state.oldestAt))
        assertTrue(state.sizeBytes in 1 until state.capBytes)
    }

    @Test
    fun `the state is told while the disk takes its time`() {
        val isWriting = CountDownLatch(1)
        val mayWrite = CountDownLatch(1)
        val sync = Sync {
            isWriting.countDown()
            mayWrite.await()
        }
        val spool = openSpool(folder, sync = sync)
        val writer = thread { spool.append() }
        try {
            isWriting.await()
            assertEquals(0, CompletableFuture.supplyAsync(spool::state).get(20, TimeUnit.SECONDS).depth)
        } finally {
            mayWrite.countDown()
            writer.join()
        }

        assertEquals(1, spool.state().depth)
    }

    @Test
    fun `the age of what waits is known in every segment, after a restart too`() {
        var seconds = 0L
        val openIt = { Spool(folder, testCipher(), { NOW_AT.plusSeconds(seconds) }, ONE_MIB) }
        openIt().use { spool ->
            repeat(10) {
                seconds++
                spool.fill(1, extraBytes = 50_000)
            }
        }

        openIt().use { spool ->
            assertEquals(NOW_AT.plusSeconds(1), spool.state().oldestAt)
            spool.read(9, 10)
            for (through in 1L..9L) {
                spool.trim(spool.receiptFor(through))
                assertEquals(NOW_AT.plusSeconds(through + 1), spool.state().oldestAt)
            }
            spool.trim(spool.receiptFor(10))
            assertEquals(null, spool.state().oldestAt)
        }
    }

    @Test
    fun `an idle spool writes nothing down again`() {
        val spool = openSpool(folder)
        spool.fill(3)
        spool.tidy()
        val longAgo = FileTime.from(NOW_AT)
        val memory = Files.setLastModifiedTime(folder.resolve("memory"), longAgo)

        spool.tidy()
        assertEquals(longAgo, Files.getLastModifiedTime(memory))

        spool.trim(spool.receiptFor(2))
        spool.tidy()
        assertNotEquals(longAgo, Files.getLastModifiedTime(memory))
    }

    @Test
    fun `a seq is told only after its whole record was synced`() {
        val synced = ArrayList<Long>()
        val spool = openSpool(folder, sync = { synced += it.size() })

        repeat(3) {
            spool.append()
            assertEquals(Files.size(segmentFiles(folder).last()), synced.last())
        }
        assertEquals(3, synced.size)
    }

    @Test
    fun `however many wait they cost one sync`() {
        var syncs = 0
        val spool = openSpool(folder, sync = { syncs++ })

        spool.fill(500)

        assertEquals(1, syncs)
        assertEquals(500, spool.state().depth)
    }

    @Test
    fun `what could not be synced was not spooled`() {
        val failures = arrayListOf(IOException("the disk is gone"))
        val spool = openSpool(folder, sync = { failures.removeLastOrNull()?.let { throw it } })

        val refused = assertThrows(SpoolException::class.java) { spool.append() }

        assertTrue("the disk is gone" in refused.message!!)
        assertEquals(1, spool.append())
        assertEquals(listOf(recordOf(spool.epoch, 1)), spool.everything())
    }

    @Test
    fun `the folder is readable by its owner alone`() {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"))

        openSpool(folder)

        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
    }

    @Test
    fun `an envelope that cannot be made takes no seq`() {
        val spool = openSpool(folder)

        assertThrows(IllegalStateException::class.java) { spool.appendAll(listOf(::payloadOf, { _, _ -> error("no envelope") })) }

        assertEquals(1, spool.append())
    }

    @Test
    fun `a folder that cannot be made is named`() {
        val file = Files.createFile(folder.resolve("file"))

        val refused = assertThrows(SpoolException::class.java) { openSpool(file.resolve("spool")) }

        assertTrue("give another folder" in refused.message!!)
    }

    @Test
    fun `no word of a record can be read from the disk`() {
        val spool = openSpool(folder)
        val word = "Ondine"
        spool.appendAll(listOf { _, _ -> word.toByteArray() })
        spool.tidy()

        val written = folder.toFile().listFiles()!!.joinToString { String(it.readBytes(), Charsets.ISO_8859_1) }

        assertFalse(word in written)
    }

    @Test
    fun `a record that another key sealed is answered for as corrupt`() {
        openSpool(folder).use { it.fill(2) }
        val otherKey = AesGcmCipher(javax.crypto.spec.SecretKeySpec(ByteArray(16) { 9 }, "AES"))

        val spool = Spool(folder, otherKey, { NOW_AT })

        assertEquals(listOf<SpoolItem>(LostSpan(1, 2, LostReason.CORRUPT)), spool.everything())
        assertEquals(3, spool.append())
    }

    @Test
    fun `a record cannot stand in the place of another`() {
        val cipher = testCipher()
        val sealed = cipher.seal("words".toByteArray(), byteArrayOf(1))

        assertEquals("words", cipher.open(sealed, byteArrayOf(1))?.let { String(it) })
        assertEquals(null, cipher.open(sealed, byteArrayOf(2)))
    }
}
