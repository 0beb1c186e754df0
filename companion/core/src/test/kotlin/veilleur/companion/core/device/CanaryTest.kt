package veilleur.companion.core.device

import kotlin.random.Random
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

private const val INTERVAL_MS = 900_000L

class CanaryTest {
    private val canary = Canary(CanaryPace(), Random(1))

    @Test
    fun `one is posted at once, and the next an interval later`() {
        val first = posted(0)

        canary.seen(first, 400)
        assertNull(canary.step(INTERVAL_MS - 1, INTERVAL_MS))
        assertEquals(1, canary.waitMs(INTERVAL_MS - 1))
        assertTrue(posted(INTERVAL_MS) != first)
    }

    @Test
    fun `one that is unseen after 60 s has the listener bound anew, and the next goes out sooner`() {
        posted(0)

        assertNull(canary.step(59_999, INTERVAL_MS))
        assertEquals(CanaryStep.Rebind, canary.step(60_000, INTERVAL_MS))
        assertFalse(canary.isUnseen)
        assertNull(canary.step(119_999, INTERVAL_MS))
        posted(120_000)
    }

    @Test
    fun `two in a row are a problem, until one is seen again`() {
        posted(0)
        canary.step(60_000, INTERVAL_MS)
        posted(120_000)
        assertEquals(CanaryStep.Rebind, canary.step(180_000, INTERVAL_MS))
        assertTrue(canary.isUnseen)

        canary.seen(posted(180_000 + INTERVAL_MS), 200_000 + INTERVAL_MS)

        assertFalse(canary.isUnseen)
    }

    @Test
    fun `one that Android does not let us post blames nobody, and the next is tried an interval later`() {
        posted(0)
        canary.notPosted()

        assertNull(canary.step(60_000, INTERVAL_MS))
        assertFalse(canary.isUnseen)
        posted(INTERVAL_MS)
    }

    @Test
    fun `only the mark that is awaited counts, and its age is told`() {
        val mark = posted(0)
        canary.seen("canary of another", 10)
        canary.seen(null, 10)
        assertNull(canary.ageS(10))

        canary.seen(mark, 500)

        assertEquals(2.5, canary.ageS(3_000))
        assertNull(canary.step(60_000, INTERVAL_MS))
    }

    @Test
    fun `a mark is nothing that the privacy screen takes for a code`() {
        assertTrue(Regex("canary [0-9a-f]{8}").matches(posted(0)))
    }

    private fun posted(nowMs: Long): String = (canary.step(nowMs, INTERVAL_MS) as CanaryStep.Post).mark
}
