package veilleur.companion.core.capture

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.TestFactory
import veilleur.companion.core.wire.Contract
import veilleur.companion.core.wire.Decoded
import veilleur.companion.core.wire.EnvelopeCodec
import veilleur.companion.core.wire.JsonObjectText
import veilleur.companion.core.wire.RawNotification

class RedactionCasesTest {
    private val rules = RedactionRules.load()
    private val screen = NotificationScreen(rules)
    private val words = WordReader(rules.words)

    @TestFactory
    fun `every case of the contract comes out as it says`(): List<DynamicTest> = cases { case ->
        val shown = notificationOf(case["in"])
        val screened = screen.screen(shown)
        val changed = (case["changed"] as List<*>? ?: emptyList<Any>()).map { it as String }

        assertEquals(notificationOf(case["out"] ?: case["in"]), screened.notification)
        assertEquals(changed.map { it.substringAfter(':') }.toSet(), changedPaths(shown, screened.notification))
        assertEquals(changed.map { it.substringBefore(':') }.toSet(), screened.redacted.map { it.wire }.toSet())
    }

    @TestFactory
    fun `what was screened once is not changed by screening it again`(): List<DynamicTest> = cases { case ->
        val once = screen.screen(notificationOf(case["in"])).notification

        assertEquals(ScreenedNotification(once), screen.screen(once))
    }

    private fun changedPaths(before: RawNotification, after: RawNotification): Set<String> =
        words.placed(before).zip(words.placed(after)).filter { (was, now) -> was.text != now.text }.map { it.first.path }.toSet()

    private fun notificationOf(members: Any?): RawNotification {
        val inside = (members as Map<*, *>).entries.associate { (name, value) -> name as String to value }
        val payload = JsonObjectText().apply {
            whole("v", 1)
            listOf("id", "event").forEach { text(it, "posted") }
            text("device", "d")
            text("captured_at", "2026-11-21T00:00:00Z")
            tree("source", mapOf("kind" to "companion"))
            tree("app", mapOf("package" to "a.b"))
            tree("notification", mapOf("key" to "k") + inside)
        }.toBytes()
        return checkNotNull((EnvelopeCodec.decode(payload, null) as Decoded.Read).envelope.notification)
    }

    private fun cases(holds: (Map<*, *>) -> Unit): List<DynamicTest> =
        Contract.lines("redaction/cases.jsonl").map { case -> dynamicTest(case["case"] as String) { holds(case) } }
}
