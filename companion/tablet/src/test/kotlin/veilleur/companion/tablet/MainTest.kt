package veilleur.companion.tablet

import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import veilleur.companion.core.BuildInfo

class MainTest {
    @Test
    fun `the simulator carries the core's version`() {
        assertTrue(BuildInfo.read().version.isNotEmpty())
    }
}
