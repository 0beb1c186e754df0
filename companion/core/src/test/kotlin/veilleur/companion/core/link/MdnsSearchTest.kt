package veilleur.companion.core.link

import java.net.DatagramPacket
import java.net.DatagramSocket
import java.net.InetAddress
import java.util.Base64
import kotlin.concurrent.thread
import kotlin.random.Random
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

private const val INSTANCE = "veilleur-1a2b3c._veilleur._tcp.local"

// what the daemon's own responder answers, question and compressed names included
private val ANSWER = Base64.getDecoder().decode(
    "AACFAAABAAYAAAAAD3ZlaWxsZXVyLTFhMmIzYwlfdmVpbGxldXIEX3RjcAVsb2NhbAAAIQABwBwADAABAAARlAACwAwJX3Nl" +
        "cnZpY2VzB19kbnMtc2QEX3VkcMArAAwAAQAAEZQAAsAcwAwAIYABAAAAeAAdAAAAACK0D3ZlaWxsZXVyLTFhMmIzYwVsb2Nh" +
        "bADADAAQgAEAAAB4AAQDdj0xD3ZlaWxsZXVyLTFhMmIzY8ArAAGAAQAAAHgABMCoBwPAogAcgAEAAAB4ABD9AAAAAAAAAAAA" +
        "AAAAAAAH",
)

class MdnsSearchTest {
    @Test
    fun `the answer of a server tells its addresses and its port`() {
        assertEquals(listOf("192.168.7.3" to 8884, "fd00:0:0:0:0:0:0:7" to 8884), placesIn(ANSWER, INSTANCE))
        assertEquals(emptyList<Pair<String, Int>>(), placesIn(ANSWER, "veilleur-999999._veilleur._tcp.local"))
    }

    @Test
    fun `an answer that is cut off or damaged tells nothing and harms nothing`() {
        for (end in ANSWER.indices) placesIn(ANSWER.copyOf(end), INSTANCE)
        val chance = Random(1)
        repeat(5_000) {
            val damaged = ANSWER.copyOf()
            repeat(3) { damaged[chance.nextInt(damaged.size)] = chance.nextInt().toByte() }
            placesIn(damaged, INSTANCE)
        }
    }

    @Test
    fun `one that points at itself ends`() {
        val loop = ByteArray(12) + byteArrayOf(0xC0.toByte(), 12, 0, 33, 0, 1)
        loop[7] = 1

        assertEquals(emptyList<Pair<String, Int>>(), placesIn(loop, INSTANCE))
    }

    @Test
    fun `whoever is asked hears the question and answers to us alone`() {
        DatagramSocket(0, InetAddress.getByName("127.0.0.1")).use { server ->
            val asked = ByteArray(600)
            thread(isDaemon = true) {
                val packet = DatagramPacket(asked, asked.size)
                server.receive(packet)
                server.send(DatagramPacket(ANSWER, ANSWER.size, packet.socketAddress))
            }

            val found = MdnsSearch("127.0.0.1", server.localPort, withinMs = 20_000).search("veilleur-1a2b3c")

            assertEquals("192.168.7.3" to 8884, found.first())
            assertEquals(writeQuestion(INSTANCE).toList(), asked.take(writeQuestion(INSTANCE).size))
        }
    }

    @Test
    fun `where nobody answers nothing is found`() {
        DatagramSocket(0, InetAddress.getByName("127.0.0.1")).use { mute ->
            assertEquals(emptyList<Pair<String, Int>>(), MdnsSearch("127.0.0.1", mute.localPort, withinMs = 50).search("x"))
        }
    }
}
