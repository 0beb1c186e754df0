package veilleur.companion.core.device

import java.nio.file.Files
import java.nio.file.Path
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import veilleur.companion.core.capture.CANARY_CHANNEL
import veilleur.companion.core.capture.Captured
import veilleur.companion.core.capture.DropReason
import veilleur.companion.core.capture.TIKTOK
import veilleur.companion.core.capture.WHATSAPP
import veilleur.companion.core.capture.captured
import veilleur.companion.core.capture.thread
import veilleur.companion.core.wire.AppRule
import veilleur.companion.core.wire.COMPANION_PACKAGE
import veilleur.companion.core.wire.DeviceConfig
import veilleur.companion.core.wire.EventKind
import veilleur.companion.core.wire.RawNotification

class DeviceProgramTest {
    @TempDir
    lateinit var folder: Path

    private val ports = NotingPorts()
    private val config = DeviceConfig(1, listOf(AppRule(TIKTOK), AppRule(WHATSAPP)))
    private val bank = "org.example.bank"

    @Test
    fun `what is taken is spooled in order, screened, with its epoch and seq`() {
        running { program ->
            program.take(captured(notification = thread("Bonjour")))
            program.take(captured(notification = thread("Bonjour", "Votre code : 482913"), event = EventKind.UPDATED))
        }

        val spooled = spooledIn(folder)
        assertEquals(listOf("posted", "updated"), spooled.map { it.event })
        assertEquals("Votre code : [otp]", spooled[1].notification?.text)
        assertEquals(listOf("otp"), spooled[1].redacted)
        assertEquals(1, spooled.map { it.epoch }.distinct().size)
        assertTrue(checkNotNull(spooled[0].seq) < checkNotNull(spooled[1].seq))
    }

    @Test
    fun `nothing of an app that is not on the list reaches the disk, neither words nor name nor key`() {
        running { program ->
            val shown = captured(bank, RawNotification("0|$bank|secret-key", title = "VERTUMNE", text = "solde"))
            program.take(shown)
            program.catchUp(listOf(active(shown)))
            program.take(captured(bank, RawNotification("0|$bank|secret-key"), EventKind.REMOVED))
            program.take(captured())
            until("both are dealt with") { program.state().counts.captured.containsKey(WHATSAPP) }
            assertEquals(mapOf("app" to 1L), program.state().counts.dropped)
            assertEquals(setOf(WHATSAPP), program.state().activeNotifications.keys)
        }

        for (file in Files.walk(folder).filter(Files::isRegularFile)) {
            val written = String(Files.readAllBytes(file), Charsets.ISO_8859_1)
            assertFalse(listOf(bank, "VERTUMNE", "secret-key").any(written::contains), file.toString())
        }
        assertEquals(listOf(WHATSAPP), spooledIn(folder).map { it.app.packageName })
    }

    @Test
    fun `before its first config a device captures its canary alone`() {
        running(firstConfig = null) { program ->
            program.take(captured())
            until("it is counted") { program.state().counts.dropped == mapOf("no_config" to 1L) }
            until("the canary is out") { ports.canaries.isNotEmpty() }
            program.take(canary(ports.canaries.first()))
            until("it came back") { program.state().canaryAgeS != null }
        }

        assertEquals(emptyList<Any>(), spooledIn(folder))
    }

    @Test
    fun `catching up tells what is not known yet, and after a restart nothing twice`() {
        val known = captured(notification = thread("Bonjour"))
        val other = active(captured(TIKTOK, RawNotification("other", text = "a aimé votre vidéo")))
        running { program -> program.take(known) }
        running { program ->
            program.catchUp(listOf(active(known), other))
            program.catchUp(listOf(active(known), other))
        }
        running { program -> program.catchUp(listOf(active(known), other)) }

        assertEquals(listOf("posted", "active"), spooledIn(folder).map { it.event })
    }

    @Test
    fun `what changed its words while nobody listened is told when catching up`() {
        running { program -> program.take(captured(notification = thread("Bonjour"))) }
        running { program -> program.catchUp(listOf(active(captured(notification = thread("Bonjour", "Encore"))))) }

        assertEquals(listOf(1, 2), spooledIn(folder).map { it.notification?.messages?.size })
    }

    @Test
    fun `TikTok's are cleared once they are spooled, a messenger's are not`() {
        running { program ->
            program.take(captured(TIKTOK, RawNotification("t1", text = "a aimé votre vidéo")))
            program.take(captured(notification = thread("Bonjour")))
            until("the one is cleared") { ports.cleared.isNotEmpty() }
        }

        assertEquals(listOf("t1"), ports.cleared.toList())
    }

    @Test
    fun `a messenger's are cleared from 20 active ones on, and the state says that there are many`() {
        running { program ->
            repeat(20) { program.take(captured(notification = RawNotification("k$it", text = "Bonjour"))) }
            until("the twentieth is cleared") { ports.cleared.toList() == listOf("k19") }
            until("it is told") { "many_active" in program.state().problems }
            assertEquals(mapOf(WHATSAPP to 20L), program.state().activeNotifications)

            program.take(captured(notification = RawNotification("k19"), event = EventKind.REMOVED))
            until("it is over") { "many_active" !in program.state().problems }
        }

        assertEquals(listOf("removed"), spooledIn(folder).map { it.event }.takeLast(1))
    }

    @Test
    fun `the end of what was never spooled is nobody's business`() {
        running { program ->
            program.take(captured(notification = RawNotification("media", category = "transport")))
            program.take(captured(notification = RawNotification("media"), event = EventKind.REMOVED))
            program.take(captured(notification = RawNotification("k"), event = EventKind.REMOVED))
            until("the media is counted") { program.state().counts.dropped == mapOf("media" to 1L) }
        }

        assertEquals(emptyList<Any>(), spooledIn(folder))
    }

    @Test
    fun `a canary that does not come back has the listener bound anew, and twice is a problem`() {
        running(canaryPace = CanaryPace(answerWithinMs = 20, retryAfterMs = 20)) { program ->
            until("bound anew") { ports.rebinds > 0 }
            until("told") { "canary_unseen" in program.state().problems }
            assertTrue(ports.canaries.size >= 2)
        }
    }

    @Test
    fun `the state shows the last events without their words`() {
        running { program ->
            program.take(captured(notification = thread("Bonjour")))
            until("it is shown") { program.state().recent.isNotEmpty() }
            val state = program.state()

            assertEquals(listOf(WHATSAPP to EventKind.POSTED), state.recent.map { it.packageName to it.event })
            assertEquals(mapOf(WHATSAPP to mapOf("Clients (Lyon)" to 1L)), state.chats)
            assertEquals(mapOf(WHATSAPP to 1L), state.counts.captured)
            assertEquals(0, state.configRevision)
        }
    }

    @Test
    fun `the canary's age goes by the platform's clock, which goes on while the device sleeps`() {
        running { program ->
            until("the canary is out") { ports.canaries.isNotEmpty() }
            program.take(canary(ports.canaries.first()))
            until("it came back") { program.state().canaryAgeS != null }
            ports.sleptMs = 3_600_000
            assertTrue(checkNotNull(program.state().canaryAgeS) >= 3_600)
        }
    }

    @Test
    fun `what the source could not hand over is counted, and it can ask for which apps pictures are wanted`() {
        running(firstConfig = config.copy(pictures = true)) { program ->
            program.noteDropped(DropReason.OVERFLOW, 2)
            program.noteDropped(DropReason.OWN_ERROR)

            assertEquals(mapOf("overflow" to 2L, "own_error" to 1L), program.state().counts.dropped)
            assertTrue(program.wantsPictures(WHATSAPP))
            assertFalse(program.wantsPictures(bank))
        }
    }

    private fun running(
        firstConfig: DeviceConfig? = config,
        canaryPace: CanaryPace = CanaryPace(),
        use: (DeviceProgram) -> Unit,
    ) = DeviceProgram(lonely(folder, firstConfig, canaryPace), ports).use(use)

    private fun active(captured: Captured) = captured.copy(event = EventKind.ACTIVE)

    private fun canary(mark: String) = captured(COMPANION_PACKAGE, RawNotification("canary", channel = CANARY_CHANNEL, text = mark))
}
