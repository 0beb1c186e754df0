package veilleur.companion.core

import java.time.Instant
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class BuildInfoTest {
    @Test
    fun `the build knows the project's version and the moment of its source`() {
        val build = BuildInfo.read()

        assertTrue(Regex("""\d+\.\d+\.\d+""").matches(build.version), build.version)
        assertTrue(build.builtAt > Instant.parse("2026-01-01T00:00:00Z"), build.builtAt.toString())
    }
}
