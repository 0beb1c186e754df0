package veilleur.companion.core.link

import java.time.Instant
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import veilleur.companion.core.wire.PairingCode

private val KEY = "ab".repeat(32)
private val CODE = PairingCode(
    device = "salon-1",
    secret = "s".repeat(22),
    addresses = listOf("mqtts://192.168.1.10:8883", "mqtts://[fd00::7]:8883", "mqtts://veille.example.org:8883"),
    expiresAt = Instant.EPOCH,
    keySha256 = KEY,
    mdns = "veilleur-1a2b3c",
)
private val SETTINGS = LinkSettings.of(CODE, Instant.EPOCH)

private fun Whereabouts.nextOnes(count: Int): List<String> = List(count) { next().toString() }

class WhereaboutsTest {
    @Test
    fun `each address of the code is tried in turn and then again`() {
        val whereabouts = Whereabouts(SETTINGS) { emptyList() }

        assertEquals(CODE.addresses + CODE.addresses, whereabouts.nextOnes(6))
    }

    @Test
    fun `the last good one is tried first`() {
        val whereabouts = Whereabouts(SETTINGS) { emptyList() }
        whereabouts.next()

        whereabouts.worked(whereabouts.next())

        val (first, second, third) = CODE.addresses
        assertEquals(listOf(second, first, third, second), whereabouts.nextOnes(4))
    }

    @Test
    fun `where none answers the server is looked for by its name and trusted by the same key`() {
        val asked = ArrayList<String>()
        val whereabouts = Whereabouts(SETTINGS) { name -> listOf("192.168.7.3" to 8884).also { asked += name } }
        whereabouts.nextOnes(3)

        val found = generateSequence(whereabouts::next).take(4).last()

        assertEquals(listOf("veilleur-1a2b3c"), asked)
        assertEquals("mqtts://192.168.7.3:8884" to KEY, found.toString() to found.keySha256)
        assertEquals("salon-1" to CODE.secret, found.username to found.password)
    }

    @Test
    fun `what was found is never spoken to in clear`() {
        val loopback = CODE.copy(addresses = listOf("mqtt://127.0.0.1:1883"), keySha256 = null)
        val whereabouts = Whereabouts(LinkSettings.of(loopback, Instant.EPOCH)) { listOf("192.168.7.3" to 1883) }

        assertEquals(List(4) { "mqtt://127.0.0.1:1883" }, whereabouts.nextOnes(4))
    }
}

class BrokerAddressTest {
    @Test
    fun `an address is read whole and told without its password`() {
        val address = BrokerAddress.parse("mqtts://salon-1:p%40ss%2Bword@veille.example.org?key_sha256=${KEY.uppercase()}")

        assertEquals(BrokerAddress("veille.example.org", 8883, true, "salon-1", "p@ss+word", keySha256 = KEY), address)
        assertEquals("mqtts://veille.example.org:8883", address.toString())
    }

    @Test
    fun `a websocket has a path`() {
        assertEquals("/mqtt", BrokerAddress.parse("ws://[::1]:9001").websocketPath)
        assertEquals("/deep/mqtt", BrokerAddress.parse("wss://h/deep/mqtt").websocketPath)
        assertEquals("ws://[::1]:443/x", BrokerAddress.parse("wss://[::1]/x").pahoUri())
    }

    @Test
    fun `what cannot be read is refused without repeating it`() {
        for (url in listOf("secret", "mqtt://", "http://u:secret@h", "mqtt://u:secret@h:0", "mqtt://u:secret@h/x", "mqtt://u:sec ret@h")) {
            val refused = runCatching { BrokerAddress.parse(url) }.exceptionOrNull()
            assertTrue(refused is IllegalArgumentException && "secret" !in refused.message!!, url)
        }
    }
}
