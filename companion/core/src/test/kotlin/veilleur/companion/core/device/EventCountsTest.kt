package veilleur.companion.core.device

import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.attribute.FileTime
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import veilleur.companion.core.capture.DropReason
import veilleur.companion.core.capture.NOON
import veilleur.companion.core.wire.AppInfo
import veilleur.companion.core.wire.Envelope
import veilleur.companion.core.wire.SourceInfo

class EventCountsTest {
    @TempDir
    lateinit var folder: Path

    private val envelope = Envelope("i", "d", "posted", NOON, SourceInfo("companion"), AppInfo("a.b"), redacted = listOf("otp", "card"))

    @Test
    fun `counts outlive a restart`() {
        EventCounts(folder, "e1").apply {
            addSpooled(listOf(envelope, envelope.copy(redacted = null)))
            addDropped(listOf(DropReason.APP, DropReason.APP, DropReason.MEDIA))
            save()
        }

        val counts = EventCounts(folder, "e1").apply { addDropped(listOf(DropReason.APP)) }.now()

        assertEquals(Counts(mapOf("a.b" to 2), mapOf("app" to 3, "media" to 1), mapOf("otp" to 1, "card" to 1)), counts)
    }

    @Test
    fun `counts that stand in the file are not written again`() {
        val counts = EventCounts(folder, "e1").apply { addDropped(listOf(DropReason.APP)) }
        counts.save()
        val longAgo = FileTime.from(NOON)
        val file = Files.setLastModifiedTime(folder.resolve("counts.json"), longAgo)

        counts.save()
        assertEquals(longAgo, Files.getLastModifiedTime(file))

        counts.addDropped(listOf(DropReason.APP))
        counts.save()
        assertEquals(mapOf("app" to 2L), EventCounts(folder, "e1").now().dropped)
    }

    @Test
    fun `another epoch and a damaged file begin at nothing`() {
        EventCounts(folder, "e1").apply { addSpooled(listOf(envelope)) }.save()

        assertEquals(Counts(), EventCounts(folder, "e2").now())
        Files.write(folder.resolve("counts.json"), "{".toByteArray())
        assertEquals(Counts(), EventCounts(folder, "e1").now())
    }
}
