package veilleur.companion.core.capture

import java.nio.file.Files
import java.nio.file.Path
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import veilleur.companion.core.device.testCipher
import veilleur.companion.core.wire.EventKind

class ActiveMemoryTest {
    @TempDir
    lateinit var folder: Path

    private val sighting = Sighting.of(captured(), captured().notification)

    @Test
    fun `what was spooled is known after a restart`() {
        memory().apply { noteSpooled(sighting) }.save()

        assertTrue(memory().knows(sighting))
        assertFalse(memory().knows(sighting.copy(told = "other words")))
    }

    @Test
    fun `what was dropped is known, but never reaches the disk`() {
        val memory = memory().apply { noteDropped(sighting) }
        memory.save()

        assertTrue(memory.knows(sighting))
        assertFalse(memory().knows(sighting))
        memory.forgetDropped()
        assertFalse(memory.knows(sighting))
    }

    @Test
    fun `a new epoch, another key and a damaged file remember nothing`() {
        memory().apply { noteSpooled(sighting) }.save()

        assertFalse(memory("e2").knows(sighting))
        assertFalse(ActiveMemory(folder, "e1", testCipher(2)).knows(sighting))
        Files.write(folder.resolve("active"), byteArrayOf(1, 2, 3))
        assertFalse(memory().knows(sighting))
    }

    @Test
    fun `what is gone is forgotten, and only the spooled says that it was known`() {
        val memory = memory()
        memory.noteSpooled(sighting)

        assertTrue(memory.forget(sighting.slot))
        assertFalse(memory.forget(sighting.slot))
        memory.noteDropped(sighting)
        assertFalse(memory.forget(sighting.slot))
        memory.noteSpooled(sighting)
        memory.retain(setOf("other"))
        assertFalse(memory.knows(sighting))
    }

    @Test
    fun `neither keys nor words stand in the file`() {
        memory().apply { noteSpooled(Sighting.of(captured(notification = thread("Bonjour")), thread("Bonjour"))) }.save()

        val written = String(Files.readAllBytes(folder.resolve("active")), Charsets.ISO_8859_1)
        assertFalse("chat-1" in written || "Bonjour" in written || "told" in written)
    }

    @Test
    fun `a slot is a user's key of an app, and other words or another posting time are another sighting of it`() {
        val again = captured(notification = captured().notification.copy(postedAtMs = 5))

        assertEquals(sighting.slot, Sighting.of(again, again.notification).slot)
        assertNotEquals(sighting, Sighting.of(again, again.notification))
        assertNotEquals(sighting.slot, Sighting.slotOf(captured().copy(user = 10)))
        assertEquals(sighting, Sighting.of(captured(event = EventKind.ACTIVE), captured().notification))
    }

    private fun memory(epoch: String = "e1") = ActiveMemory(folder, epoch, testCipher(1))
}
