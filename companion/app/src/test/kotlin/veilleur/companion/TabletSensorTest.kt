package veilleur.companion

import android.service.notification.NotificationListenerService
import java.io.File
import java.net.ServerSocket
import java.time.Instant
import java.util.Base64
import java.util.concurrent.CountDownLatch
import kotlin.concurrent.thread
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config
import veilleur.companion.alive.CANARY_CHANNEL
import veilleur.companion.capture.WatchedAppPosts
import veilleur.companion.capture.builder
import veilleur.companion.capture.post
import veilleur.companion.core.BuildInfo
import veilleur.companion.core.wire.EventKind
import veilleur.companion.core.wire.PairingRefusal
import veilleur.companion.health.Obstacle
import veilleur.companion.keep.Credentials
import veilleur.companion.keep.FragileWrapper
import veilleur.companion.keep.Vault

/** The sensor with the core's real program; its broker is a port of this machine where nobody answers. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [34], application = RecordingApplication::class)
class TabletSensorTest {
    private val app = RuntimeEnvironment.getApplication() as RecordingApplication
    private val wrapper = FragileWrapper()
    private val silent = ServerSocket(0).use { it.localPort }
    private val folder = File(app.filesDir, "vault")
    private val started = mutableListOf<TabletSensor>()

    private fun sensor() = TabletSensor(app, app.notices, Vault(folder, wrapper), BuildInfo("1.0.0", Instant.EPOCH), beatMs = 100)
        .also(started::add)

    private fun code(device: String): String {
        val fields = """{"v":1,"device":"$device","secret":"Zm9yLXRoZS1leGFtcGxlLW9ubHk","addresses":["mqtt://127.0.0.1:$silent"],
            |"server":"Bureau","expires_at":"2026-11-21T18:14:05.120Z"}
        """.trimMargin()
        return "veilleur:" + Base64.getUrlEncoder().withoutPadding().encodeToString(fields.toByteArray())
    }

    @After
    fun close() = started.forEach(TabletSensor::close)

    private fun until(what: String, isSo: () -> Boolean) {
        val deadline = System.nanoTime() + 30_000_000_000
        while (!isSo()) {
            check(System.nanoTime() < deadline) { "not within 30 s: $what" }
            Thread.onSpinWait()
        }
    }

    private fun canary(sensor: TabletSensor, at: Long) {
        val shown = builder(app, CANARY_CHANNEL, at).setContentTitle("Veilleur").setContentText("canary $at").build()
        sensor.take(sensor.capturer.posted(EventKind.POSTED, shown.post(app.packageName, 10301, 7, "canary", at).shown, null))
    }

    @Test
    fun `before the first list the canary alone is spooled, and the rest is only counted`() {
        val sensor = sensor()
        assertTrue(sensor.pair(code("salon-1")) is PairingOutcome.Paired)
        sensor.take(sensor.capturer.posted(EventKind.POSTED, WatchedAppPosts(app).tiktokComment().shown, null))
        canary(sensor, 1)
        until("the canary is spooled") { sensor.state().spool.waiting == 1L }
        assertEquals(mapOf("no_config" to 1L), sensor.state().dropped)
        assertEquals("Bureau", sensor.state().pairing.server)
    }

    @Test
    fun `what waits is there again after a restart, and after pairing the same device anew`() {
        val first = sensor()
        first.pair(code("salon-1"))
        canary(first, 1)
        until("spooled") { first.state().spool.waiting == 1L }
        first.close()
        val second = sensor()
        assertEquals(1L, second.state().spool.waiting)
        second.pair(code("salon-1"))
        assertEquals(1L, second.state().spool.waiting)
    }

    @Test
    fun `another device's code leaves nothing of the former one`() {
        val sensor = sensor()
        sensor.pair(code("salon-1"))
        canary(sensor, 1)
        until("spooled") { sensor.state().spool.waiting == 1L }
        sensor.pair(code("salon-2"))
        assertEquals(0L, sensor.state().spool.waiting)
        assertFalse(File(app.filesDir, "spool/salon-1").exists())
    }

    @Test
    fun `a key that Android lost is forgotten with all it sealed, and told once`() {
        val first = sensor()
        first.pair(code("salon-1"))
        canary(first, 1)
        until("spooled") { first.state().spool.waiting == 1L }
        first.close()
        wrapper.isLost = true
        val second = sensor()
        assertTrue(second.state().pairing.lost)
        assertFalse(File(app.filesDir, "spool").exists())
        second.close()
        assertFalse(sensor().state().pairing.lost)
    }

    @Test
    fun `a keystore that is silent for a while deletes nothing, and the work is taken up once it answers`() {
        val first = sensor()
        first.pair(code("salon-1"))
        canary(first, 1)
        until("spooled") { first.state().spool.waiting == 1L }
        first.close()
        wrapper.isSilent = true
        val second = sensor()
        assertEquals(Obstacle.CREDENTIALS_CLOSED, second.state().pairing.obstacle)
        assertEquals(listOf("spool_cannot_write"), second.state().problems)
        assertTrue(File(app.filesDir, "spool/salon-1").exists())
        canary(second, 2)
        wrapper.isSilent = false
        until("both are there") { second.state().spool.waiting == 2L }
        assertEquals(null, second.state().pairing.obstacle)
    }

    @Test
    fun `a spool that cannot be opened is said, and tried again until it can`() {
        val first = sensor()
        first.pair(code("salon-1"))
        val second = sensor()
        until("the spool is in use") { second.state().pairing.obstacle == Obstacle.SPOOL_CLOSED }
        assertEquals("salon-1", second.state().pairing.device)
        assertEquals(listOf("spool_cannot_write"), second.state().problems)
        canary(second, 1)
        first.close()
        until("what came meanwhile is there") { second.state().spool.waiting == 1L }
    }

    @Test
    fun `a fault of the program's start is contained and tried again`() {
        val vault = Vault(folder, wrapper).also { it.keep(code("salon-1")) }
        var tries = 0
        val paired = PairedProgram(vault, File(app.filesDir, "spool"), { _, _ -> error("try ${++tries}") }) {}
        repeat(2) { paired.resume() }
        assertEquals(2, tries)
        assertEquals(Obstacle.OWN_FAULT, paired.facts.obstacle)
    }

    @Test
    fun `who asks while the work is being taken up hears how that went`() {
        val vault = Vault(folder, wrapper).also { it.keep(code("salon-1")) }
        val isOpening = CountDownLatch(1)
        val mayOpen = CountDownLatch(1)
        val refuse = { _: Credentials, _: File ->
            isOpening.countDown()
            mayOpen.await()
            error("cannot be opened")
        }
        val paired = PairedProgram(vault, File(app.filesDir, "spool"), refuse) {}
        val beat = thread { paired.resume() }
        isOpening.await()
        var heard: Obstacle? = null
        val asking = thread {
            paired.settle()
            heard = paired.facts.obstacle
        }
        until("it waits, or was answered too early") { asking.state == Thread.State.BLOCKED || !asking.isAlive }
        mayOpen.countDown()
        listOf(beat, asking).forEach(Thread::join)
        assertEquals(Obstacle.OWN_FAULT, heard)
    }

    @Test
    fun `a text that is no code changes nothing`() {
        val sensor = sensor()
        sensor.pair(code("salon-1"))
        assertEquals(PairingOutcome.Refused(PairingRefusal.NO_CODE), sensor.pair("hello"))
        assertEquals("salon-1", sensor.state().pairing.device)
    }

    @Test
    fun `forgetting leaves neither credentials nor events`() {
        val sensor = sensor()
        sensor.pair(code("salon-1"))
        sensor.forget()
        assertFalse(sensor.state().pairing.isPaired)
        assertEquals(0, app.filesDir.walk().count { it.isFile && it.length() > 0 })
    }

    @Test
    fun `before a pairing nothing is kept at all`() {
        val sensor = sensor()
        canary(sensor, 1)
        val post = WatchedAppPosts(app).group().shown
        sensor.take(sensor.capturer.removed(post, NotificationListenerService.REASON_CLICK))
        assertEquals(0, app.filesDir.walk().count { it.isFile && it.length() > 0 })
    }
}
