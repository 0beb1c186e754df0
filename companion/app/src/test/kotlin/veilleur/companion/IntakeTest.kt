package veilleur.companion

import java.time.Instant
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import veilleur.companion.core.capture.Captured
import veilleur.companion.core.wire.AppInfo
import veilleur.companion.core.wire.EventKind
import veilleur.companion.core.wire.RawNotification

class IntakeTest {
    private val intake = Intake(most = 3)
    private val taken = mutableListOf<String>()
    private var lost = 0
    private val taker = Taker({ taken += it.notification.key.orEmpty() }) { lost += it }

    private fun take(key: String) =
        intake.take(Captured(EventKind.POSTED, Instant.EPOCH, AppInfo("an.app"), RawNotification(key)))

    @Test
    fun `what comes before the taker is handed over first, and in order`() {
        listOf("a", "b").forEach(::take)
        intake.open(taker)
        take("c")
        assertEquals(listOf("a", "b", "c"), taken)
        assertEquals(0, lost)
    }

    @Test
    fun `what cannot wait is told as lost, once`() {
        (1..5).forEach { take("$it") }
        repeat(2) { intake.open(taker) }
        assertEquals(listOf("1", "2", "3"), taken)
        assertEquals(2, lost)
    }

    @Test
    fun `between two takers events wait, and without one to come they do not`() {
        intake.open(taker)
        intake.close(awaitsNext = true)
        take("a")
        intake.open(taker)
        intake.close(awaitsNext = false)
        take("b")
        intake.open(taker)
        assertEquals(listOf("a"), taken)
    }
}
