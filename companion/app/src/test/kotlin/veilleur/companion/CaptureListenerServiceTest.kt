package veilleur.companion

import android.app.Notification
import android.app.NotificationManager
import android.content.pm.ApplicationInfo
import android.content.pm.PackageInfo
import android.os.Bundle
import android.service.notification.NotificationListenerService
import android.service.notification.StatusBarNotification
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.annotation.Implementation
import org.robolectric.annotation.Implements
import org.robolectric.shadows.ShadowNotificationListenerService
import org.robolectric.util.ReflectionHelpers
import veilleur.companion.alive.CANARY_CHANNEL
import veilleur.companion.alive.WATCHING_CHANNEL
import veilleur.companion.capture.Post
import veilleur.companion.capture.WatchedAppPosts
import veilleur.companion.capture.builder
import veilleur.companion.capture.post
import veilleur.companion.core.capture.Captured
import veilleur.companion.core.wire.Decoded
import veilleur.companion.core.wire.Envelope
import veilleur.companion.core.wire.EnvelopeCodec
import veilleur.companion.core.wire.EventKind
import veilleur.companion.core.wire.SourceInfo
import veilleur.companion.health.TIKTOK
import veilleur.companion.health.WHATSAPP_BUSINESS

/** An Android that does not say what is up. */
@Implements(NotificationListenerService::class)
class SilentListenerService : ShadowNotificationListenerService() {
    @Implementation
    override fun getActiveNotifications(keys: Array<String>?, trim: Int): Array<StatusBarNotification> =
        throw SecurityException("no service of ours")
}

/** Words that fail as those of a strange class loader do. */
private object Unreadable : CharSequence {
    override val length = 1

    override fun get(index: Int) = 'x'

    override fun subSequence(startIndex: Int, endIndex: Int): CharSequence = this

    override fun toString(): String = error("not readable here")
}

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [26, 28, 34, 35], qualifiers = "fr-rFR", application = RecordingApplication::class)
class CaptureListenerServiceTest {
    private val app = RuntimeEnvironment.getApplication() as RecordingApplication
    private val taken get() = app.sensor.taken
    private val posts = WatchedAppPosts(app)
    private lateinit var listener: CaptureListenerService

    @Before
    fun bind() {
        install(TIKTOK, "TikTok", "43.1.4")
        install(WHATSAPP_BUSINESS, "WhatsApp Business", "2.26.42.75")
        listener = Robolectric.setupService(CaptureListenerService::class.java)
    }

    @Test
    fun `TikTok's comment is the contract's envelope`() = assertEnvelope("tiktok-comment", posted(posts.tiktokComment()))

    @Test
    fun `a bare notification without style, time or category leaves those fields out`() =
        assertEnvelope("tiktok-bare", posted(posts.tiktokBare()))

    @Test
    fun `a WhatsApp thread holds every message with its sender's key and address, and the historic ones`() =
        assertEnvelope("whatsapp-thread", posted(posts.thread()))

    @Test
    fun `a WhatsApp group names itself, and two equal messages are two`() =
        assertEnvelope("whatsapp-group", posted(posts.group()))

    @Test
    fun `a deletion is told with the words that replaced the message`() =
        assertEnvelope("whatsapp-deletion", posted(posts.deletion()))

    @Test
    fun `an InboxStyle summary holds its lines in Android's order`() = assertEnvelope("whatsapp-summary", posted(posts.summary()))

    @Test
    fun `a progress bar is told with its progress, and no other notification has one`() =
        assertEnvelope("whatsapp-backup", posted(posts.backup()))

    @Test
    fun `a removal carries its reason's name and no words`() {
        val post = posts.group()
        listener.onNotificationRemoved(post.shown, post.rankings, NotificationListenerService.REASON_APP_CANCEL)
        assertEnvelope("whatsapp-removed", taken.single())
    }

    @Test
    fun `the same notification again is an update, until it is removed`() {
        val post = posts.group()
        repeat(2) { listener.onNotificationPosted(post.shown, post.rankings) }
        listener.onNotificationRemoved(post.shown, post.rankings, NotificationListenerService.REASON_CLICK)
        listener.onNotificationPosted(post.shown, post.rankings)
        val events = listOf(EventKind.POSTED, EventKind.UPDATED, EventKind.REMOVED, EventKind.POSTED)
        assertEquals(events, taken.map { it.event })
    }

    @Test
    fun `on connecting, what is up is caught up with, and its next post is an update`() {
        val post = posts.group()
        shadowOf(listener).addActiveNotification(post.shown)
        ReflectionHelpers.setField(shadowOf(listener), "emptyRankingMap", post.rankings)
        listener.onListenerConnected()
        listener.onNotificationPosted(post.shown, post.rankings)
        assertTrue(app.sensor.isConnected)
        assertEquals(listOf(EventKind.ACTIVE, EventKind.UPDATED), taken.map { it.event })
        assertEnvelope("whatsapp-group-active", taken[0])
    }

    @Test
    @Config(sdk = [34], shadows = [SilentListenerService::class])
    fun `where Android does not say what is up, that is not taken for nothing`() {
        val post = posts.group()
        listener.onNotificationPosted(post.shown, post.rankings)
        listener.onListenerConnected()
        listener.onNotificationPosted(post.shown, post.rankings)
        assertTrue(app.sensor.isConnected)
        assertNull(app.sensor.lastActive)
        assertEquals(listOf(EventKind.POSTED, EventKind.UPDATED), taken.map { it.event })
    }

    @Test
    fun `a notification that cannot be read costs itself alone, and is counted`() {
        val broken = builder(app, "c", 1).build().apply { tickerText = Unreadable }.post("unknown.app", 10400, 1, null, 0)
        val post = posts.group()
        listOf(broken, post).forEach { shadowOf(listener).addActiveNotification(it.shown) }
        ReflectionHelpers.setField(shadowOf(listener), "emptyRankingMap", post.rankings)
        listener.onListenerConnected()
        listener.onNotificationPosted(broken.shown, broken.rankings)
        listener.onNotificationPosted(post.shown, post.rankings)
        assertEquals(listOf(EventKind.ACTIVE, EventKind.UPDATED), taken.map { it.event })
        assertEquals(2, app.sensor.faults)
    }

    @Test
    fun `an action that is none is left out`() {
        val odd = builder(app, "c", 1).build()
        @Suppress("DEPRECATION")
        val reply = Notification.Action.Builder(0, "Reply", null).build()
        odd.actions = arrayOf(null, reply)
        assertEquals(listOf("Reply"), posted(odd.post("unknown.app", 10400, 1, null, 0)).notification.actions)
    }

    @Test
    fun `a picture is looked for only where it is wanted`() {
        app.sensor.wantsPictures = false
        assertNull(posted(posts.group()).picture)
        app.sensor.wantsPictures = true
        assertNotNull(posted(posts.group()).picture)
    }

    @Test
    fun `a listener that Android lets go of says so`() {
        listener.onListenerConnected()
        listener.onListenerDisconnected()
        assertEquals(false, app.sensor.isConnected)
    }

    @Test
    fun `of our own notifications the canary alone is taken, and no removal`() {
        val notice = builder(app, WATCHING_CHANNEL, 1).setContentTitle("Veille active").build().post(app.packageName, 10301, 1, null, 1)
        app.notices.postCanary("canary 0192f0c1")
        val canary = shadowOf(app.getSystemService(NotificationManager::class.java)).getNotification("canary", 7)
            .post(app.packageName, 10301, 7, "canary", 1795284245000)
        listOf(notice, canary).forEach { listener.onNotificationPosted(it.shown, it.rankings) }
        listener.onNotificationRemoved(canary.shown, canary.rankings, NotificationListenerService.REASON_TIMEOUT)
        val shown = taken.single().notification
        assertEquals(CANARY_CHANNEL, shown.channel)
        assertEquals(listOf("0|veilleur.companion|7|canary|10301", "Veilleur", "canary 0192f0c1"), listOf(shown.key, shown.title, shown.text))
    }

    @Test
    fun `strange extras neither break the mapping nor leave the contract`() {
        val odd = builder(app, "other_channel", -5).build()
        odd.extras.putDouble("score", Double.NaN)
        odd.extras.putFloat("ratio", 0.5f)
        odd.extras.putInt("android.title", 42)
        odd.extras.putString("empty", "")
        odd.extras.putBundle("nested", Bundle())
        odd.extras.putStringArray("android.messages", arrayOf("no bundle"))
        val shown = posted(odd.post("unknown.app", 10400, 1, null, 0)).notification
        assertEquals("42", shown.title)
        assertEquals(mapOf("ratio" to 0.5f), ownExtras(shown.extras))
        assertNull(shown.messages)
        assertEquals(-5L, shown.whenMs)
    }

    @Test
    fun `an app that we cannot see has its package name alone`() {
        val captured = posted(builder(app, "c", 1).build().post("unknown.app", 10400, 1, null, 0))
        assertEquals("unknown.app", captured.app.packageName)
        assertEquals(null, captured.app.label)
    }

    private fun posted(post: Post): Captured {
        listener.onNotificationPosted(post.shown, post.rankings)
        return taken.last()
    }

    /** Compares with the envelope written down; of the framework's own extras, which each Android has others of, only the kind. */
    private fun assertEnvelope(name: String, captured: Captured) {
        val written = checkNotNull(javaClass.getResourceAsStream("/envelopes/$name.json")).use { it.readBytes() }
        val expected = (EnvelopeCodec.decode(written, topicDevice = null) as Decoded.Read).envelope
        val shown = captured.notification
        assertTrue(shown.extras.orEmpty().values.all { it is String || it is Number || it is Boolean })
        val own = captured.copy(notification = shown.copy(extras = ownExtras(shown.extras)))
        assertEquals(text(expected), text(envelopeOf(own, expected)))
    }

    private fun text(envelope: Envelope) = EnvelopeCodec.encode(envelope).decodeToString().replace(",\"", ",\n\"")

    private fun ownExtras(extras: Map<String, Any?>?) = extras?.filterKeys { !it.startsWith("android.") }?.ifEmpty { null }

    private fun envelopeOf(captured: Captured, expected: Envelope) = Envelope(
        id = expected.id,
        device = "salon-1",
        event = captured.event.wire,
        capturedAt = captured.capturedAt,
        source = SourceInfo("companion", "1.0.0"),
        app = captured.app,
        epoch = expected.epoch,
        seq = expected.seq,
        removalReason = captured.removalReason,
        locale = captured.locale,
        user = captured.user,
        notification = captured.notification,
    )

    private fun install(packageName: String, label: String, version: String) {
        val info = PackageInfo()
        info.packageName = packageName
        info.versionName = version
        info.applicationInfo = ApplicationInfo().also {
            it.packageName = packageName
            it.nonLocalizedLabel = label
        }
        shadowOf(app.packageManager).installPackage(info)
    }
}
