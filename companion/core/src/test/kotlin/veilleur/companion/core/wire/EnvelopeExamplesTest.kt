package veilleur.companion.core.wire

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.TestFactory

class EnvelopeExamplesTest {
    private val index = Contract.lines("examples/index.jsonl")

    @TestFactory
    fun `an accepted example is read, and written again it says the same`(): List<DynamicTest> =
        index.filter { it["reason"] == null }.map { line ->
            dynamicTest(line["file"] as String) {
                val topicDevice = line["topic_device"] as String?
                val read = EnvelopeCodec.decode(payloadOf(line), topicDevice) as Decoded.Read

                assertEquals((line["changed"] as List<*>? ?: emptyList<Any>()).toSet(), read.changed.toSet())
                assertEquals(read.envelope, (EnvelopeCodec.decode(EnvelopeCodec.encode(read.envelope), topicDevice) as Decoded.Read).envelope)
            }
        }

    @TestFactory
    fun `a refused example is refused for the index's reason, with the index's head`(): List<DynamicTest> =
        index.filter { it["reason"] != null }.map { line ->
            dynamicTest(line["file"] as String) {
                val refused = EnvelopeCodec.decode(payloadOf(line), line["topic_device"] as String?) as Decoded.Refused

                assertEquals(line["reason"], refused.reason.wire)
                assertEquals(line["head_seq"], refused.head?.seq)
            }
        }

    @TestFactory
    fun `what was written of an example with known fields alone is the same JSON value`(): List<DynamicTest> =
        listOf("every-field", "messaging-thread", "inbox-summary", "posted-comment", "removed", "canary", "lost").map { name ->
            dynamicTest(name) {
                val payload = Contract.bytes("examples/accepted/$name.json")
                val envelope = (EnvelopeCodec.decode(payload, "salon-1") as Decoded.Read).envelope

                assertEquals(JsonTree.read(payload), JsonTree.read(EnvelopeCodec.encode(envelope)))
            }
        }

    private fun payloadOf(line: Map<*, *>): ByteArray {
        val bytes = Contract.bytes("examples/${line["file"]}")
        val fill = line["fill"] as Map<*, *>? ?: return bytes
        val times = (fill["times"] as Long).toInt()
        val filling = (fill["text"] as String).repeat(times) + ((fill["then"] as String?).orEmpty()).repeat(times)
        return String(bytes).replace(fill["mark"] as String, filling).toByteArray()
    }
}
