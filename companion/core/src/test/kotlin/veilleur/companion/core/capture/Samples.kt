package veilleur.companion.core.capture

import java.time.Instant
import veilleur.companion.core.wire.AppInfo
import veilleur.companion.core.wire.EventKind
import veilleur.companion.core.wire.Message
import veilleur.companion.core.wire.RawNotification

const val TIKTOK = "com.zhiliaoapp.musically"
const val WHATSAPP = "com.whatsapp.w4b"
val NOON: Instant = Instant.parse("2026-11-21T12:00:00Z")

fun captured(
    packageName: String = WHATSAPP,
    notification: RawNotification = RawNotification("k", channel = "c", title = "Nadia", text = "Bonjour"),
    event: EventKind = EventKind.POSTED,
) = Captured(event, NOON, AppInfo(packageName), notification, user = 0)

fun thread(vararg texts: String) = RawNotification(
    key = "0|com.whatsapp.w4b|1|chat-1|10100",
    channel = "individual_chat_defaults_1",
    postedAtMs = 1_795_262_400_000,
    title = "Clients (Lyon): Nadia",
    text = texts.last(),
    conversationTitle = "Clients (Lyon)",
    isGroupConversation = true,
    shortcutId = "120363000000000001@g.us",
    messages = texts.mapIndexed { index, text -> Message(1_795_262_400_000 + index, "Nadia", text = text) },
)
