package veilleur.companion.core.capture

import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardCopyOption.ATOMIC_MOVE
import java.security.MessageDigest
import veilleur.companion.core.spool.RecordCipher
import veilleur.companion.core.wire.JsonObjectText
import veilleur.companion.core.wire.JsonTree
import veilleur.companion.core.wire.Members
import veilleur.companion.core.wire.RawNotification

private const val MEMORY_FILE = "active"
private const val BEING_WRITTEN = ".new"

/** Where one notification at a time stands, and a digest of what it says; both give nothing away by themselves. */
data class Sighting(val slot: String, val told: String) {
    companion object {
        /** Return the sighting of an event; `screened` holds its words as they are spooled. */
        fun of(captured: Captured, screened: RawNotification): Sighting = Sighting(slotOf(captured), digest(contentOf(screened)))

        /** Return where an event's notification stands: Android replaces what has the same key. */
        fun slotOf(captured: Captured): String =
            digest(listOf(captured.user, captured.app.packageName, captured.notification.key))

        private fun contentOf(shown: RawNotification): List<Any?> = listOf(
            shown.postedAtMs, shown.title, shown.text, shown.bigText, shown.subText, shown.summaryText, shown.infoText,
            shown.ticker, shown.conversationTitle, shown.textLines, shown.messages, shown.historicMessages,
        )

        private fun digest(parts: List<Any?>): String {
            val whole = MessageDigest.getInstance("SHA-256").digest(parts.toString().toByteArray())
            return whole.take(DIGEST_BYTES).joinToString("") { "%02x".format(it) }
        }

        private const val DIGEST_BYTES = 16
    }
}

/**
 * What was spooled of the notifications that are active, so that catching up after a restart tells nothing twice.
 *
 * What was dropped is remembered in memory alone: nothing of an app that is not on the list may reach a disk. A new
 * epoch remembers nothing of the one before. Used by one thread.
 */
class ActiveMemory(folder: Path, private val epoch: String, private val cipher: RecordCipher) {
    private val file = folder.resolve(MEMORY_FILE)
    private val spooled: MutableMap<String, String> = load().toMutableMap()
    private val dropped = HashMap<String, String>()

    /** Tell whether this was spooled or dropped before, in these words. */
    fun knows(sighting: Sighting): Boolean =
        spooled[sighting.slot] == sighting.told || dropped[sighting.slot] == sighting.told

    fun noteSpooled(sighting: Sighting) {
        dropped.remove(sighting.slot)
        spooled[sighting.slot] = sighting.told
    }

    fun noteDropped(sighting: Sighting) {
        dropped[sighting.slot] = sighting.told
    }

    /** Forget what is no more; tell whether its last words were spooled. */
    fun forget(slot: String): Boolean {
        dropped.remove(slot)
        return spooled.remove(slot) != null
    }

    /** Forget everything but these. */
    fun retain(slots: Set<String>) {
        spooled.keys.retainAll(slots)
        dropped.keys.retainAll(slots)
    }

    /** Let what was dropped be seen as new: another config may want it. */
    fun forgetDropped() = dropped.clear()

    /** Write down what was spooled. What a crash or a full disk keeps from the file is told again, as the same mentions. */
    fun save() {
        val text = JsonObjectText().apply { tree("told", spooled) }
        val beside = file.resolveSibling(MEMORY_FILE + BEING_WRITTEN)
        try {
            Files.write(beside, cipher.seal(text.toBytes(), place()))
            Files.move(beside, file, ATOMIC_MOVE)
        } catch (_: IOException) {
            return
        }
    }

    private fun load(): Map<String, String> {
        val sealed = try {
            Files.readAllBytes(file)
        } catch (_: IOException) {
            return emptyMap()
        }
        val root = cipher.open(sealed, place())?.let { JsonTree.read(it) as? JsonTree.Read }?.root as? Map<*, *> ?: return emptyMap()
        val told = Members(root).inner("told") ?: return emptyMap()
        return told.names.mapNotNull { slot -> told.string(slot)?.let { slot to it } }.toMap()
    }

    private fun place(): ByteArray = "$MEMORY_FILE $epoch".toByteArray()
}
