package veilleur.companion.capture

import veilleur.companion.core.wire.EventKind

/** Which notifications are up, so that a second post of one is told as its update. Main thread only. */
class ActiveKeys {
    private val keys = HashSet<String>()

    fun replaceAll(active: Collection<String>) {
        keys.clear()
        keys.addAll(active)
    }

    fun posted(key: String): EventKind = if (keys.add(key)) EventKind.POSTED else EventKind.UPDATED

    fun removed(key: String) {
        keys.remove(key)
    }
}
