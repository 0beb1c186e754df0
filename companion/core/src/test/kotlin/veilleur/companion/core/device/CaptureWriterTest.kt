package veilleur.companion.core.device

import java.io.IOException
import java.nio.channels.FileChannel
import java.nio.file.Path
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.CountDownLatch
import java.util.concurrent.atomic.AtomicInteger
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import veilleur.companion.core.capture.ActiveCounts
import veilleur.companion.core.capture.ActiveMemory
import veilleur.companion.core.capture.NOON
import veilleur.companion.core.capture.RedactionRules
import veilleur.companion.core.capture.TIKTOK
import veilleur.companion.core.capture.captured
import veilleur.companion.core.spool.Spool
import veilleur.companion.core.wire.AppRule
import veilleur.companion.core.wire.DeviceConfig
import veilleur.companion.core.wire.Envelope
import veilleur.companion.core.wire.EventKind
import veilleur.companion.core.wire.RawNotification
import veilleur.companion.core.wire.Sender
import veilleur.companion.core.wire.SourceInfo

private const val SLOW_SYNC_MS = 20L

class CaptureWriterTest {
    @TempDir
    lateinit var folder: Path

    private val host = NotingHost()

    @Test
    fun `a sync of 20 ms is shared by what waits, so that 500 events a second pass, and none is cleared before its sync`() {
        val count = 2_000
        val syncs = AtomicInteger()
        val sync = {
            syncs.incrementAndGet()
            Thread.sleep(SLOW_SYNC_MS)
        }
        writing({ sync() }) { writer, spool, _ ->
            host.whenCleared = { keys -> keys.forEach { assertTrue(it.toLong() < spool.nextSeq, it) } }
            repeat(count) { writer.take(like(it + 1)) }
            until("all are cleared") { host.cleared.size == count }
        }

        assertEquals((1..count).map(Int::toString), host.cleared.toList())
        assertEquals(emptyList<Throwable>(), host.faults.toList())
        assertTrue(syncs.get() * SLOW_SYNC_MS <= count * 1_000L / 500, "${syncs.get()} syncs for $count events")
    }

    @Test
    fun `while the disk takes nothing, nothing is cleared and nothing is lost`() {
        val refusals = 2
        var syncs = 0
        writing({ if (++syncs <= refusals) throw IOException("no space left") }) { writer, _, counts ->
            repeat(3) { writer.take(like(it + 1)) }
            until("it is told") { writer.cannotWrite }
            assertEquals(emptyList<String>(), host.cleared.toList())
            until("the disk takes it again") { host.cleared.size == 3 }
            assertTrue(!writer.cannotWrite)
            assertEquals(mapOf(TIKTOK to 3L), counts.now().captured)
        }

        assertEquals(listOf("1", "2", "3"), spooledIn(folder).map { it.notification?.key })
    }

    @Test
    fun `what cannot wait any more is dropped with a count`() {
        val isWriting = CountDownLatch(1)
        val mayWrite = CountDownLatch(1)
        val sync = {
            isWriting.countDown()
            mayWrite.await()
        }
        writing({ sync() }) { writer, _, counts ->
            try {
                writer.take(like(0))
                isWriting.await()
                repeat(6_000) { writer.take(like(it + 1)) }
                assertEquals(mapOf("overflow" to 1_000L), counts.now().dropped)
            } finally {
                mayWrite.countDown()
            }
            until("the others are spooled") { counts.now().captured[TIKTOK] == 5_001L }
        }
    }

    @Test
    fun `a fault of our own costs one event, which is counted, and no other`() {
        writing({}) { writer, _, counts ->
            writer.take(like(1))
            val unreadable = object : AbstractList<String>() {
                override val size = 1

                override fun get(index: Int): String = error("no line")
            }
            writer.catchUp(listOf(captured(TIKTOK, RawNotification("2", textLines = unreadable)), like(3)))
            until("the others are spooled") { counts.now().captured[TIKTOK] == 2L }
            assertEquals(mapOf("own_error" to 1L), counts.now().dropped)
            assertEquals(1, writer.containedErrors)
        }
    }

    @Test
    fun `an event that cannot be written costs itself alone, and is taken when it comes again`() {
        val unwritable = object {
            override fun toString(): String = error("no text")
        }
        writing({ Thread.sleep(SLOW_SYNC_MS) }) { writer, _, counts ->
            val second = like(2)
            writer.catchUp(
                listOf(like(1), second.copy(notification = second.notification.copy(extras = mapOf("x" to unwritable))), like(3))
                    .map { it.copy(event = EventKind.ACTIVE) },
            )
            until("the others are spooled") { counts.now().captured[TIKTOK] == 2L }
            assertEquals(mapOf("own_error" to 1L), counts.now().dropped)

            writer.catchUp(listOf(like(1), second, like(3)).map { it.copy(event = EventKind.ACTIVE) })
            until("it is spooled too") { counts.now().captured[TIKTOK] == 3L }
        }

        assertEquals(listOf("1", "3", "2"), spooledIn(folder).map { it.notification?.key })
    }

    @Test
    fun `a notification of which a newer version waits is not cleared before that one is on disk as well`() {
        held { writer, spool, letWrite ->
            writer.take(like(2).copy(event = EventKind.UPDATED))
            host.whenCleared = { keys -> assertTrue("2" !in keys || spool.nextSeq > 3, "$keys before ${spool.nextSeq}") }
            letWrite()
            until("both are cleared") { host.cleared.containsAll(listOf("1", "2")) }
        }

        assertEquals(emptyList<Throwable>(), host.faults.toList())
        assertEquals(1, host.cleared.count { it == "2" })
    }

    @Test
    fun `catching up with the version that is being written does not keep it from being cleared`() {
        held { writer, _, letWrite ->
            writer.catchUp(listOf(like(2).copy(event = EventKind.ACTIVE)))
            letWrite()
            until("it is cleared") { "2" in host.cleared }
        }
    }

    @Test
    fun `the version on disk is not cleared where a newer one could not be written`() {
        val unwritable = object {
            override fun toString(): String = error("no text")
        }
        writing({ Thread.sleep(SLOW_SYNC_MS) }) { writer, _, counts ->
            val newer = like(1).notification.copy(extras = mapOf("x" to unwritable))
            writer.catchUp(listOf(like(1), like(1).copy(event = EventKind.UPDATED, notification = newer), like(2)))
            until("the other is cleared") { "2" in host.cleared }
            assertEquals(listOf("2"), host.cleared.toList())
            assertEquals(mapOf("own_error" to 1L), counts.now().dropped)
        }
    }

    @Test
    fun `after events were dropped, what is still shown is asked for once the writer has caught up`() {
        held { writer, _, letWrite ->
            repeat(6_000) { writer.take(like(it + 3)) }
            assertEquals(0, host.requests)
            letWrite()
            until("it is asked for") { host.requests == 1 }
        }
    }

    @Test
    fun `what is still shown is asked for when the disk takes writes again`() {
        var syncs = 0
        writing({ if (++syncs == 1) throw IOException("no space left") }) { writer, _, _ ->
            writer.take(like(1))
            until("it is asked for") { host.requests == 1 }
            writer.take(like(2))
            until("it is cleared") { "2" in host.cleared }
        }

        assertEquals(1, host.requests)
    }

    /** Have the first two written for as long as it takes to call `letWrite`. */
    private fun held(use: (CaptureWriter, Spool, letWrite: () -> Unit) -> Unit) {
        val isWriting = CountDownLatch(1)
        val mayWrite = CountDownLatch(1)
        val sync = {
            isWriting.countDown()
            mayWrite.await()
        }
        writing({ sync() }) { writer, spool, _ ->
            try {
                writer.catchUp(listOf(like(1), like(2)))
                isWriting.await()
                use(writer, spool, mayWrite::countDown)
            } finally {
                mayWrite.countDown()
            }
        }
    }

    private fun writing(sync: (FileChannel) -> Unit, use: (CaptureWriter, Spool, EventCounts) -> Unit) {
        val cipher = testCipher(1)
        var isOpen = false
        val spool = Spool(folder, cipher, { NOON }, sync = { if (isOpen) sync(it) })
        isOpen = true
        val counts = EventCounts(folder, spool.epoch)
        val maker = EnvelopeMaker(Sender("salon-1", SourceInfo("companion", "1.0.0")), { null }, { NOON })
        val config = ConfigInForce(folder, cipher, RedactionRules.load(), DeviceConfig(1, listOf(AppRule(TIKTOK)), pictures = true))
        val desk = CaptureDesk(config, ActiveMemory(folder, spool.epoch, cipher), ActiveCounts(), maker, counts)
        spool.use {
            val writer = CaptureWriter(spool, desk, maker, counts, host)
            writer.start()
            writer.use { use(writer, spool, counts) }
        }
    }

    private fun like(number: Int) = captured(TIKTOK, RawNotification("$number", text = "a aimé votre vidéo"))

    private class NotingHost : WriterHost {
        val cleared = CopyOnWriteArrayList<String>()
        val faults = CopyOnWriteArrayList<Throwable>()
        var whenCleared: (List<String>) -> Unit = {}

        @Volatile var requests = 0

        override fun spooled(envelopes: List<Envelope>) = Unit

        override fun clear(keys: List<String>) {
            try {
                whenCleared(keys)
            } catch (fault: AssertionError) {
                faults += fault
            }
            cleared += keys
        }

        override fun tick(): Long = 60_000L

        override fun changed() = Unit

        override fun requestActive() {
            requests++
        }
    }
}
