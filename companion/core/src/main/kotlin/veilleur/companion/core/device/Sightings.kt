package veilleur.companion.core.device

import java.time.Instant
import java.util.ArrayDeque
import veilleur.companion.core.wire.Envelope
import veilleur.companion.core.wire.EventKind
import veilleur.companion.core.wire.RawNotification

private const val MOST_RECENT = 20
private const val MOST_NAMES = 200
private val EVENTS = EventKind.entries.associateBy(EventKind::wire)

/** What the screens show of what was spooled since the start; in memory alone. Every method from any thread. */
class Sightings {
    private val access = Any()
    private val recent = ArrayDeque<RecentEvent>()
    private val lastEventAt = HashMap<String, Instant>()
    private val channels = HashMap<String, LinkedHashMap<String, Long>>()
    private val chats = HashMap<String, LinkedHashMap<String, Long>>()

    fun note(envelopes: List<Envelope>) = synchronized(access) { envelopes.forEach(::note) }

    fun recent(): List<RecentEvent> = synchronized(access) { recent.toList() }

    fun lastEventAt(): Map<String, Instant> = synchronized(access) { lastEventAt.toMap() }

    /** Return the captured events by app and channel. */
    fun channels(): Map<String, Map<String, Long>> = synchronized(access) { channels.mapValues { it.value.toMap() } }

    /** Return the captured events by app and chat. */
    fun chats(): Map<String, Map<String, Long>> = synchronized(access) { chats.mapValues { it.value.toMap() } }

    private fun note(envelope: Envelope) {
        val event = EVENTS[envelope.event] ?: return
        val packageName = envelope.app.packageName
        recent.addFirst(RecentEvent(packageName, envelope.app.label, event, envelope.capturedAt))
        if (recent.size > MOST_RECENT) recent.removeLast()
        if (event == EventKind.REMOVED) return
        lastEventAt[packageName] = envelope.capturedAt
        envelope.notification?.channel?.let { count(channels, packageName, it) }
        envelope.notification?.let(::chatOf)?.let { count(chats, packageName, it) }
    }

    private fun chatOf(shown: RawNotification): String? =
        shown.conversationTitle ?: shown.title.takeIf { shown.shortcutId != null || shown.messages != null }

    private fun count(counts: HashMap<String, LinkedHashMap<String, Long>>, packageName: String, name: String) {
        val ofApp = counts.getOrPut(packageName) { LinkedHashMap() }
        if (name in ofApp || ofApp.size < MOST_NAMES) ofApp[name] = (ofApp[name] ?: 0) + 1
    }
}
