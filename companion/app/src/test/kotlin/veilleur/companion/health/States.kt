/** States of a tablet for the tests: one where all is well, to be changed by `copy`. */
package veilleur.companion.health

import java.time.Duration
import java.time.Instant
import veilleur.companion.core.wire.AppRule
import veilleur.companion.core.wire.AutoClear
import veilleur.companion.core.wire.ClearMode
import veilleur.companion.core.wire.EventKind
import veilleur.companion.core.wire.Selection
import veilleur.companion.core.wire.SelectionMode

const val TIKTOK = "com.zhiliaoapp.musically"
const val WHATSAPP_BUSINESS = "com.whatsapp.w4b"

val NOW: Instant = Instant.parse("2026-11-21T17:42:10Z")

val GOOD_TABLET = TabletFacts(
    sdk = 34,
    isListenerAllowed = true,
    isListenerBound = true,
    isBatteryExempt = true,
    mayPost = true,
    hasPlayServices = true,
    isCharging = true,
    batteryPercent = 96,
)

val TIKTOK_FACTS = AppFacts(
    packageName = TIKTOK,
    label = "TikTok",
    version = "43.1.4",
    isInstalled = true,
    isExemptFromHibernation = true,
    openedAt = NOW.minus(Duration.ofDays(2)),
    lastEventAt = NOW.minusSeconds(75),
    captured = 812,
    channels = listOf(Counted("comment_push", 530), Counted("digg_push", 201), Counted("follow_push", 81)),
)

val WHATSAPP_FACTS = AppFacts(
    packageName = WHATSAPP_BUSINESS,
    label = "WhatsApp Business",
    version = "2.26.42.75",
    isInstalled = true,
    isExemptFromHibernation = true,
    openedAt = NOW.minus(Duration.ofDays(2)),
    lastEventAt = NOW.minusSeconds(312),
    captured = 436,
    channels = listOf(Counted("group_chat_defaults_2", 301), Counted("individual_chat_defaults_1", 135)),
    chats = listOf(Counted("Clients (Lyon)", 287), Counted("Service du soir", 149)),
)

val WATCHING = SensorState(
    at = NOW,
    tablet = GOOD_TABLET,
    pairing = PairingFacts(device = "salon-1", server = "Bureau de Lyon"),
    link = LinkFacts(LinkKind.CONNECTED, "192.0.2.10:8883"),
    spool = SpoolFacts(waiting = 0, bytes = 64, capBytes = 268_435_456),
    config = ConfigFacts(
        revision = 6,
        rules = listOf(
            AppRule(TIKTOK, channels = Selection(SelectionMode.EXCEPT, listOf("recommend_video_push", "live_push")), autoClear = AutoClear(ClearMode.ALWAYS)),
            AppRule(WHATSAPP_BUSINESS, chats = Selection(SelectionMode.ONLY, listOf("Clients (Lyon)", "Service du soir")), pictures = true),
        ),
    ),
    apps = listOf(TIKTOK_FACTS, WHATSAPP_FACTS),
    recent = listOf(
        RecentEvent("TikTok", EventKind.POSTED, NOW.minusSeconds(75)),
        RecentEvent("WhatsApp Business", EventKind.UPDATED, NOW.minusSeconds(312)),
        RecentEvent("WhatsApp Business", EventKind.POSTED, NOW.minusSeconds(340)),
        RecentEvent("TikTok", EventKind.POSTED, NOW.minusSeconds(1900)),
        RecentEvent("WhatsApp Business", EventKind.REMOVED, NOW.minusSeconds(4100)),
        RecentEvent("TikTok", EventKind.ACTIVE, NOW.minusSeconds(90_000)),
    ),
    dropped = mapOf("app" to 1204L, "chat" to 88L, "ongoing" to 41L),
)

val OFFLINE = WATCHING.copy(
    link = LinkFacts(LinkKind.CONNECTING, "192.0.2.10:8883"),
    spool = SpoolFacts(waiting = 1284, bytes = 2_600_000, capBytes = 268_435_456, oldestAt = NOW.minusSeconds(9000)),
)

val UNPAIRED = SensorState(at = NOW, tablet = GOOD_TABLET.copy(isListenerAllowed = false, isListenerBound = false, isBatteryExempt = false, mayPost = false), pairing = PairingFacts())
