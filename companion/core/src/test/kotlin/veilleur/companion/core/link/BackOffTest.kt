package veilleur.companion.core.link

import kotlin.random.Random
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class BackOffTest {
    @Test
    fun `each pause is between half of and the whole doubled one up to the longest`() {
        val backOff = BackOff(firstMs = 200, longestMs = 30_000, Random(7))

        for (whole in listOf(200L, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000)) {
            assertTrue(backOff.next() in whole / 2..whole, "of $whole")
        }
        repeat(100) { assertTrue(backOff.next() in 15_000..30_000) }
    }

    @Test
    fun `devices that failed together do not come back together`() {
        val pauses = List(50) { BackOff(firstMs = 10_000, longestMs = 30_000, Random(it)).next() }

        assertTrue(pauses.toSet().size > 40)
    }

    @Test
    fun `a connection that held or another network begins small again`() {
        val backOff = BackOff(firstMs = 200, longestMs = 30_000, Random(7))
        repeat(8) { backOff.next() }

        backOff.reset()

        assertTrue(backOff.next() <= 200)
    }
}
