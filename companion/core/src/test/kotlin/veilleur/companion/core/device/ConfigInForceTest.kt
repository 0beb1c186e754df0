package veilleur.companion.core.device

import java.nio.file.Files
import java.nio.file.Path
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import veilleur.companion.core.capture.RedactionRules
import veilleur.companion.core.capture.TIKTOK
import veilleur.companion.core.capture.WHATSAPP
import veilleur.companion.core.wire.DeviceConfig

class ConfigInForceTest {
    @TempDir
    lateinit var folder: Path

    private val rules = RedactionRules.load()

    @Test
    fun `only a higher revision is put in force`() {
        val config = config()

        assertTrue(config.take(configPayload(3, WHATSAPP)))
        assertFalse(config.take(configPayload(3, TIKTOK)))
        assertFalse(config.take(configPayload(2, TIKTOK)))
        assertEquals(3, config.revision)
        assertEquals(setOf(WHATSAPP), config.regime.policy.packages)
    }

    @Test
    fun `it is in force again after a restart, and cannot be read on the disk`() {
        config().take(configPayload(3, WHATSAPP))

        assertEquals(3, config().revision)
        assertEquals(setOf(WHATSAPP), config().regime.policy.packages)
        assertFalse(WHATSAPP in String(Files.readAllBytes(folder.resolve("config")), Charsets.ISO_8859_1))
    }

    @Test
    fun `an unreadable one changes nothing but the error, until the next readable one`() {
        val config = config()
        config.take(configPayload(3, WHATSAPP))

        assertFalse(config.take("{".toByteArray()))
        assertNotNull(config.error)
        assertEquals(setOf(WHATSAPP), config.regime.policy.packages)
        config.take(configPayload(3, WHATSAPP))
        assertNull(config.error)
    }

    @Test
    fun `before the daemon's first, the given one is in force with revision 0`() {
        val config = ConfigInForce(folder, testCipher(1), rules, DeviceConfig(7, emptyList()))

        assertEquals(0, config.revision)
        assertTrue(config.take(configPayload(1, WHATSAPP)))
        assertNull(ConfigInForce(folder.resolve("none"), testCipher(1), rules, null).regime.config)
    }

    private fun config() = ConfigInForce(folder, testCipher(1), rules, null)
}
