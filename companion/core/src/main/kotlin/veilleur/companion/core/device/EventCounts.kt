package veilleur.companion.core.device

import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path
import veilleur.companion.core.capture.DropReason
import veilleur.companion.core.spool.putFile
import veilleur.companion.core.wire.Envelope
import veilleur.companion.core.wire.JsonObjectText
import veilleur.companion.core.wire.JsonTree
import veilleur.companion.core.wire.Members
import veilleur.companion.core.wire.counts

private const val COUNTS_FILE = "counts.json"

/** Captured by package, dropped by reason, redacted by kind, over one epoch. */
data class Counts(
    val captured: Map<String, Long> = emptyMap(),
    val dropped: Map<String, Long> = emptyMap(),
    val redacted: Map<String, Long> = emptyMap(),
)

/** Counts that outlive a restart, as far as they were saved; every method may be called from any thread. */
class EventCounts(folder: Path, private val epoch: String) {
    private val file = folder.resolve(COUNTS_FILE)
    private val access = Any()
    private var known = load()

    @Volatile private var saved = known

    fun addSpooled(envelopes: List<Envelope>) = synchronized(access) {
        known = known.copy(
            captured = known.captured.plusEach(envelopes.map { it.app.packageName }),
            redacted = known.redacted.plusEach(envelopes.flatMap { it.redacted.orEmpty() }),
        )
    }

    fun addDropped(reasons: List<DropReason>) = synchronized(access) {
        known = known.copy(dropped = known.dropped.plusEach(reasons.map(DropReason::wire)))
    }

    fun now(): Counts = synchronized(access) { known }

    /** Write them down where they changed; where the disk does not take them, the next save will. */
    fun save() {
        val counts = now()
        if (counts == saved) return
        val text = JsonObjectText().apply {
            text("epoch", epoch)
            counts("captured", counts.captured)
            counts("dropped", counts.dropped)
            counts("redacted", counts.redacted)
        }
        try {
            putFile(file, text.toBytes())
            saved = counts
        } catch (_: IOException) {
            return
        }
    }

    private fun load(): Counts {
        val written = try {
            Files.readAllBytes(file)
        } catch (_: IOException) {
            return Counts()
        }
        val members = ((JsonTree.read(written) as? JsonTree.Read)?.root as? Map<*, *>)?.let { Members(it) }
        if (members == null || members.string("epoch") != epoch) return Counts()
        return Counts(members.countsOf("captured"), members.countsOf("dropped"), members.countsOf("redacted"))
    }

    private fun Members.countsOf(name: String): Map<String, Long> = inner(name)?.counts().orEmpty()

    private fun Map<String, Long>.plusEach(names: List<String>): Map<String, Long> =
        this + names.groupingBy { it }.eachCount().map { (name, count) -> name to (this[name] ?: 0) + count }
}
