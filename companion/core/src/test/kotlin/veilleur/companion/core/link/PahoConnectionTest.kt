package veilleur.companion.core.link

import java.net.InetAddress
import java.net.ServerSocket
import java.time.Instant
import java.util.concurrent.LinkedBlockingQueue
import kotlin.concurrent.thread
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

private const val DEVICE = "mute-7"
private const val TRIES = 5
private const val LOOK_MS = 20L
private const val ENDS_WITHIN_NS = 30_000_000_000L
private val LOOPBACK: InetAddress = InetAddress.getByName("127.0.0.1")
private val WILL = Outgoing("veilleur/1/devices/$DEVICE/status", "{}".toByteArray(), isRetained = true)

class PahoConnectionTest {
    private fun refused(address: BrokerAddress): BrokerException {
        val settings = LinkSettings(DEVICE, listOf(address), Instant.EPOCH, handshakeMs = 1_000)
        return PahoConnection(address, settings, { Instant.EPOCH }, LinkedBlockingQueue()).use { connection ->
            assertThrows(BrokerException::class.java) { connection.open(WILL, listOf("veilleur/1/devices/$DEVICE/receipt")) }
        }
    }

    private fun pahoThreads(): List<String> = Thread.getAllStackTraces().keys.map { it.name }.filter { DEVICE in it && "MQTT" in it }

    private fun assertNoThreadIsLeft() {
        val deadlineNs = System.nanoTime() + ENDS_WITHIN_NS
        while (pahoThreads().isNotEmpty() && System.nanoTime() < deadlineNs) Thread.sleep(LOOK_MS)
        assertEquals(emptyList<String>(), pahoThreads())
    }

    @Test
    fun `where nobody listens it says so`() {
        val port = ServerSocket(0, 1, LOOPBACK).use { it.localPort }

        assertEquals(LinkProblem.NO_ANSWER, refused(BrokerAddress("127.0.0.1", port, isEncrypted = false)).problem)
    }

    @Test
    fun `a server that never answers is left, and paho leaves no thread behind`() {
        ServerSocket(0, 50, LOOPBACK).use { mute ->
            for (isEncrypted in listOf(false, true)) {
                val address = BrokerAddress("127.0.0.1", mute.localPort, isEncrypted, DEVICE, keySha256 = "ab".repeat(32))
                repeat(TRIES) { assertEquals(LinkProblem.NO_ANSWER, refused(address).problem) }
            }
        }

        assertNoThreadIsLeft()
    }

    @Test
    fun `a server that hangs up at once is left, and paho leaves no thread behind`() {
        ServerSocket(0, 50, LOOPBACK).use { rude ->
            thread(isDaemon = true) { runCatching { while (true) rude.accept().close() } }

            repeat(TRIES) {
                val problem = refused(BrokerAddress("127.0.0.1", rude.localPort, isEncrypted = false)).problem
                assertTrue(problem == LinkProblem.NO_ANSWER || problem == LinkProblem.LOST, problem.name)
            }
        }

        assertNoThreadIsLeft()
    }
}
