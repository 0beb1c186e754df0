package veilleur.companion.core.wire

import java.io.File
import java.util.Base64
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory

class MessageExamplesTest {
    @TestFactory
    fun `receipts are read as the contract says`() = examples("receipt", ReceiptCodec::read)

    @TestFactory
    fun `statuses are read as the contract says`() = examples("status", StatusCodec::read)

    @TestFactory
    fun `configs are read as the contract says`() = examples("config", ConfigCodec::read)

    @TestFactory
    fun `pairing codes are read as the contract says`() = examples("pairing") { payload ->
        val code = PairingCodes.read("veilleur:" + Base64.getUrlEncoder().withoutPadding().encodeToString(payload))
        (code as? PairingText.Read)?.code
    }

    @Test
    fun `a status is written as it was read`() {
        val payload = Contract.bytes("examples/status/accepted/full.json")

        assertEquals(JsonTree.read(payload), JsonTree.read(StatusCodec.write(checkNotNull(StatusCodec.read(payload)))))
    }

    @Test
    fun `a receipt is written as it was read`() {
        val payload = Contract.bytes("examples/receipt/accepted/with-refused.json")

        assertEquals(JsonTree.read(payload), JsonTree.read(ReceiptCodec.write(checkNotNull(ReceiptCodec.read(payload)))))
    }

    @Test
    fun `the will holds version, epoch and online false alone`() {
        assertEquals("""{"v":1,"online":false,"epoch":"e1"}""", String(StatusCodec.willOf("e1")))
    }

    @Test
    fun `every choice of the full config arrives`() {
        val config = checkNotNull(ConfigCodec.read(Contract.bytes("examples/config/accepted/full.json")))

        assertEquals(6, config.revision)
        assertEquals(Selection(SelectionMode.EXCEPT, listOf("recommend_video_push", "live_push")), config.apps[0].channels)
        assertEquals(AutoClear(ClearMode.FROM_COUNT, 20, mapOf("voip_notification" to ClearMode.NEVER)), config.apps[1].autoClear)
        assertEquals(listOf("laissez-passer"), config.redaction?.codeWords)
        assertEquals(900, config.canaryIntervalS)
    }

    @TestFactory
    fun `a config with one wrong member is no config`(): List<DynamicTest> = listOf(
        """"revision":0""", """"pictures":"yes"""", """"status_interval_s":1""", """"noise":{"media":1}""",
        """"apps":[{"channels":{"mode":"all"}}]""", """"apps":[{"package":"a.b","chats":{"listed":["x"]}}]""",
        """"apps":[{"package":"a.b","auto_clear":{"mode":"from_count","from_count":51}}]""", """"apps":[1]""",
        """"auto_clear":{"mode":"always","channels":{"a":"often"}}""",
    ).map { member ->
        dynamicTest(member) {
            val name = member.substringBefore(':')
            val others = listOf(""""v":1""", """"revision":2""", """"apps":[]""").filterNot { it.startsWith(name) }

            assertNull(ConfigCodec.read("{${(others + member).joinToString(",")}}".toByteArray()))
            assertNotNull(ConfigCodec.read("""{"v":1,"revision":2,"apps":[]}""".toByteArray()))
        }
    }

    @Test
    fun `what a pairing code is not, is said`() {
        assertEquals(PairingText.Refused(PairingRefusal.NO_CODE), PairingCodes.read("https://example.org"))
        assertEquals(PairingText.Refused(PairingRefusal.DAMAGED), PairingCodes.read("veilleur:e30*"))
        assertEquals(PairingText.Refused(PairingRefusal.DAMAGED), PairingCodes.read("veilleur:e"))
        assertEquals(PairingText.Refused(PairingRefusal.OTHER_VERSION), PairingCodes.read("veilleur:e30"))
        assertEquals(PairingText.Refused(PairingRefusal.UNENCRYPTED), PairingCodes.read(written("mqtt://192.168.1.9:1883")))
        assertEquals(PairingText.Refused(PairingRefusal.NO_KEY), PairingCodes.read(written("mqtts://192.168.1.9:8883")))
    }

    @Test
    fun `a pairing code may be broken into lines, and never shows its secret`() {
        val code = PairingCodes.read(written("mqtt://[::1]:1883").chunked(30).joinToString("\n ")) as PairingText.Read

        assertTrue("S".repeat(22) !in code.code.toString())
    }

    private fun written(address: String): String {
        val secret = "S".repeat(22)
        val text = """{"v":1,"device":"a","secret":"$secret","addresses":["$address"],"expires_at":"2026-11-21T10:11:12Z"}"""
        return "veilleur:" + Base64.getUrlEncoder().encodeToString(text.toByteArray())
    }

    private fun examples(kind: String, read: (ByteArray) -> Any?): List<DynamicTest> {
        fun tests(folder: String, holds: (File, Any?) -> Unit) = Contract.files("examples/$kind/$folder").map { file ->
            dynamicTest("$folder/${file.name}") { holds(file, read(file.readBytes())) }
        }
        return tests("accepted") { file, found -> assertNotNull(found, file.name) } +
            tests("refused") { file, found -> assertNull(found, file.name) }
    }
}
