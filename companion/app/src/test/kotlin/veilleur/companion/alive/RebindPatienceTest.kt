package veilleur.companion.alive

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class RebindPatienceTest {
    private val start = 7_200_000L
    private val patience = RebindPatience(start)

    private fun at(seconds: Long) = start + seconds * 1000

    @Test
    fun `a healthy listener is never reconnected`() {
        assertTrue((0L..100_000L step 20).none { patience.isDue(isAllowed = true, isBound = true, nowMs = at(it)) })
    }

    @Test
    fun `without the user's grant there is nothing to reconnect`() {
        assertFalse(patience.isDue(isAllowed = false, isBound = false, nowMs = at(100_000)))
    }

    @Test
    fun `Android has twenty seconds to connect by itself`() {
        assertFalse(patience.isDue(isAllowed = true, isBound = false, nowMs = at(19)))
        assertTrue(patience.isDue(isAllowed = true, isBound = false, nowMs = at(20)))
    }

    @Test
    fun `what does not help is tried ever more rarely, up to a quarter of an hour`() {
        val tries = (0L..7200L).filter { patience.isDue(isAllowed = true, isBound = false, nowMs = at(it)) }
        assertEquals(listOf(20L, 60, 140, 300, 620, 1260, 2160, 3060, 3960, 4860, 5760, 6660), tries)
    }

    @Test
    fun `once bound, the patience begins anew`() {
        (0L..700L).forEach { patience.isDue(isAllowed = true, isBound = false, nowMs = at(it)) }
        patience.isDue(isAllowed = true, isBound = true, nowMs = at(701))
        assertTrue(patience.isDue(isAllowed = true, isBound = false, nowMs = at(721)))
    }
}
