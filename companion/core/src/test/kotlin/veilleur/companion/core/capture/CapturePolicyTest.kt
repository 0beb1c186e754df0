package veilleur.companion.core.capture

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import veilleur.companion.core.wire.AppRule
import veilleur.companion.core.wire.AutoClear
import veilleur.companion.core.wire.COMPANION_PACKAGE
import veilleur.companion.core.wire.ClearMode
import veilleur.companion.core.wire.DeviceConfig
import veilleur.companion.core.wire.EventKind
import veilleur.companion.core.wire.NoiseRule
import veilleur.companion.core.wire.RawNotification
import veilleur.companion.core.wire.Selection
import veilleur.companion.core.wire.SelectionMode

class CapturePolicyTest {
    private val canary = RawNotification("k", channel = CANARY_CHANNEL)

    @Test
    fun `before the first config the canary alone is captured`() {
        val policy = CapturePolicy(null)

        assertNull(policy.reasonToDrop(captured(COMPANION_PACKAGE, canary)))
        assertEquals(DropReason.NO_CONFIG, policy.reasonToDrop(captured()))
    }

    @Test
    fun `the companion's own service notification is no canary`() {
        val service = RawNotification("k", channel = "watching", ongoing = true)

        assertEquals(DropReason.ONGOING, policy().reasonToDrop(captured(COMPANION_PACKAGE, service)))
    }

    @Test
    fun `an app that is not on the list is dropped`() {
        assertNull(policy().reasonToDrop(captured(WHATSAPP)))
        assertEquals(DropReason.APP, policy().reasonToDrop(captured("org.example.bank")))
        assertEquals(DropReason.APP, CapturePolicy(DeviceConfig(1, emptyList())).reasonToDrop(captured(WHATSAPP)))
    }

    @Test
    fun `channels are only those listed, or all but those listed`() {
        val only = policy(channels = Selection(SelectionMode.ONLY, listOf("c")))
        val except = policy(channels = Selection(SelectionMode.EXCEPT, listOf("c")))

        assertNull(only.reasonToDrop(captured(notification = RawNotification("k", channel = "c"))))
        assertEquals(DropReason.CHANNEL, only.reasonToDrop(captured(notification = RawNotification("k", channel = "d"))))
        assertEquals(DropReason.CHANNEL, only.reasonToDrop(captured(notification = RawNotification("k"))))
        assertEquals(DropReason.CHANNEL, except.reasonToDrop(captured(notification = RawNotification("k", channel = "c"))))
        assertNull(except.reasonToDrop(captured(notification = RawNotification("k"))))
    }

    @Test
    fun `a chat is known by its shortcut, its title or the group before the sender, in any letter case`() {
        val only = policy(chats = Selection(SelectionMode.ONLY, listOf("Straße", "120363000000000001@g.us")))

        assertNull(only.reasonToDrop(captured(notification = thread("a"))))
        assertNull(only.reasonToDrop(captured(notification = RawNotification("k", title = "STRASSE: Nadia"))))
        assertNull(only.reasonToDrop(captured(notification = RawNotification("k", conversationTitle = "strasse", title = "Nadia"))))
        assertEquals(DropReason.CHAT, only.reasonToDrop(captured(notification = RawNotification("k", title = "Straßenbahn"))))
    }

    @Test
    fun `what may be an excluded chat, a summary and what names no chat are dropped`() {
        val except = policy(chats = Selection(SelectionMode.EXCEPT, listOf("Famille")))

        assertNull(except.reasonToDrop(captured(notification = RawNotification("k", title = "Clients: Nadia"))))
        for (title in listOf("famille", "Famille: Nadia", "Famille (3 messages): Nadia")) {
            assertEquals(DropReason.CHAT, except.reasonToDrop(captured(notification = RawNotification("k", title = title))), title)
        }
        assertEquals(DropReason.CHAT, except.reasonToDrop(captured(notification = RawNotification("k", title = "WhatsApp", isGroupSummary = true))))
        assertEquals(DropReason.CHAT, except.reasonToDrop(captured(notification = RawNotification("k"))))
    }

    @Test
    fun `noise is dropped for its reason, unless the config wants it, and LOCAL_ONLY is none`() {
        val loud = CapturePolicy(DeviceConfig(1, listOf(AppRule(WHATSAPP)), noise = NoiseRule(ongoing = false, media = false, progress = false)))
        val noise = mapOf(
            RawNotification("k", ongoing = true) to DropReason.ONGOING,
            RawNotification("k", flags = 0x40) to DropReason.ONGOING,
            RawNotification("k", category = "transport") to DropReason.MEDIA,
            RawNotification("k", template = "android.app.Notification\$MediaStyle") to DropReason.MEDIA,
            RawNotification("k", progress = 4) to DropReason.PROGRESS,
            RawNotification("k", category = "progress") to DropReason.PROGRESS,
        )

        for ((shown, reason) in noise) {
            assertEquals(reason, policy().reasonToDrop(captured(notification = shown)), shown.toString())
            assertNull(loud.reasonToDrop(captured(notification = shown)), shown.toString())
        }
        assertNull(policy().reasonToDrop(captured(notification = RawNotification("k", flags = 0x100, progress = 0))))
    }

    @Test
    fun `of what is over the app alone is looked at`() {
        val only = policy(chats = Selection(SelectionMode.ONLY, listOf("Clients")))
        val gone = RawNotification("k", postedAtMs = 5)

        assertNull(only.reasonToDrop(captured(notification = gone, event = EventKind.REMOVED)))
        assertEquals(DropReason.APP, only.reasonToDrop(captured("org.example.bank", gone, EventKind.REMOVED)))
    }

    @Test
    fun `pictures are wanted where the app's rule says so, else where the config does`() {
        val policy = CapturePolicy(DeviceConfig(1, listOf(AppRule(WHATSAPP, pictures = false), AppRule(TIKTOK)), pictures = true))

        assertTrue(policy.wantsPictures(TIKTOK))
        assertFalse(policy.wantsPictures(WHATSAPP))
        assertFalse(policy.wantsPictures("org.example.bank"))
        assertFalse(policy().wantsPictures(WHATSAPP))
    }

    @Test
    fun `TikTok is cleared, a messenger only from 20 active ones, where the config says nothing`() {
        val policy = CapturePolicy(DeviceConfig(1, listOf(AppRule(WHATSAPP), AppRule(TIKTOK))))

        assertTrue(policy.clears(captured(TIKTOK), 1))
        assertFalse(policy.clears(captured(WHATSAPP), 19))
        assertTrue(policy.clears(captured(WHATSAPP), 20))
        assertTrue(policy.clears(captured(COMPANION_PACKAGE, canary), 1))
    }

    @Test
    fun `the channel's choice goes before the app's, and the app's before the config's`() {
        val rule = AutoClear(ClearMode.FROM_COUNT, 5, mapOf("voip" to ClearMode.NEVER, "c" to ClearMode.ALWAYS))
        val policy = CapturePolicy(DeviceConfig(1, listOf(AppRule(WHATSAPP, autoClear = rule), AppRule(TIKTOK)), autoClear = AutoClear(ClearMode.NEVER)))

        assertTrue(policy.clears(captured(WHATSAPP), 1))
        assertFalse(policy.clears(captured(WHATSAPP, RawNotification("k", channel = "voip")), 30))
        assertFalse(policy.clears(captured(WHATSAPP, RawNotification("k", channel = "d")), 4))
        assertTrue(policy.clears(captured(WHATSAPP, RawNotification("k", channel = "d")), 5))
        assertFalse(policy.clears(captured(TIKTOK), 30))
    }

    @Test
    fun `what Android lets nobody clear, and what is gone, is not cleared`() {
        val policy = CapturePolicy(DeviceConfig(1, listOf(AppRule(TIKTOK))))

        assertFalse(policy.clears(captured(TIKTOK, RawNotification("k", flags = 0x20)), 30))
        assertFalse(policy.clears(captured(TIKTOK, RawNotification("k"), EventKind.REMOVED), 30))
    }

    @Test
    fun `a group's summary is never cleared, it would take the group with it`() {
        val policy = CapturePolicy(DeviceConfig(1, listOf(AppRule(TIKTOK))))

        assertFalse(policy.clears(captured(TIKTOK, RawNotification("k", isGroupSummary = true)), 30))
    }

    private fun policy(channels: Selection? = null, chats: Selection? = null) =
        CapturePolicy(DeviceConfig(1, listOf(AppRule(WHATSAPP, channels, chats))))
}
