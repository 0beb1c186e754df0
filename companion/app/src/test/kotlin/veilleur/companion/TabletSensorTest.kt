package veilleur.companion

import android.service.notification.NotificationListenerService
import java.io.File
import java.net.ServerSocket
import java.time.Instant
import java.util.Base64
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

    private fun sensor() = TabletSensor(app, app.notices, Vault(folder, wrapper), BuildInfo("1.0.0", Instant.EPOCH))
        .also { it.start() }
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
