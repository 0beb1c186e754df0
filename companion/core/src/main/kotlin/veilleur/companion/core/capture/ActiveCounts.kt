package veilleur.companion.core.capture

import java.util.concurrent.ConcurrentHashMap
import veilleur.companion.core.wire.EventKind

/** How many notifications of each app are active, in memory alone; written by one thread, read by any. */
class ActiveCounts {
    private val keys = ConcurrentHashMap<String, MutableSet<String>>()

    fun note(captured: Captured) {
        val known = keys.getOrPut(captured.app.packageName) { ConcurrentHashMap.newKeySet() }
        val key = "${captured.user} ${captured.notification.key}"
        if (captured.event == EventKind.REMOVED) known.remove(key) else known.add(key)
    }

    /** Begin anew with what is active now. */
    fun replaceAll(active: List<Captured>) {
        keys.clear()
        active.forEach(::note)
    }

    fun of(packageName: String): Int = keys[packageName]?.size ?: 0

    /** Return the counts of these apps, without those of which nothing is active. */
    fun of(packages: Set<String>): Map<String, Long> =
        packages.associateWith { of(it).toLong() }.filterValues { it > 0 }
}
