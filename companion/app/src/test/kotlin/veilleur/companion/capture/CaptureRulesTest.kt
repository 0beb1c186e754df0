package veilleur.companion.capture

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import veilleur.companion.core.wire.EventKind

class CaptureRulesTest {
    @Test
    fun `reasons have Android's names, and one that a later Android adds keeps its number`() {
        val names = listOf(1, 8, 10, 19, 23, 24, 0).map(RemovalReasons::nameOf)
        val expected = listOf("CLICK", "APP_CANCEL", "LISTENER_CANCEL", "TIMEOUT", "LOCKDOWN", "24", "0")
        assertEquals(expected.map { "REASON_$it" }, names)
    }

    @Test
    fun `a second post of what is up is its update, and after its removal it is new again`() {
        val keys = ActiveKeys()
        keys.replaceAll(listOf("old"))
        assertEquals(EventKind.UPDATED, keys.posted("old"))
        assertEquals(EventKind.POSTED, keys.posted("new"))
        assertEquals(EventKind.UPDATED, keys.posted("new"))
        keys.removed("new")
        assertEquals(EventKind.POSTED, keys.posted("new"))
    }

    @Test
    fun `a connection forgets what went while we were away`() {
        val keys = ActiveKeys()
        keys.posted("gone")
        keys.replaceAll(emptyList())
        assertEquals(EventKind.POSTED, keys.posted("gone"))
    }
}
