/** What comes out of a spool: a record, or a span of seqs that can no longer be sent, and why. */
package veilleur.companion.core.spool

import java.time.Instant
import veilleur.companion.core.wire.LostReason
import veilleur.companion.core.wire.Receipt

/** What stands at the seqs from [seq] to [throughSeq], both ends included. */
sealed interface SpoolItem {
    val seq: Long
    val throughSeq: Long
}

/** One envelope as it was spooled. */
class SpoolRecord(override val seq: Long, val payload: ByteArray) : SpoolItem {
    override val throughSeq: Long get() = seq

    override fun equals(other: Any?): Boolean =
        other is SpoolRecord && other.seq == seq && other.payload.contentEquals(payload)

    override fun hashCode(): Int = seq.hashCode()

    override fun toString(): String = "SpoolRecord(seq=$seq, ${payload.size} bytes)"
}

/** Seqs that were given out and whose envelopes are gone. */
data class LostSpan(override val seq: Long, override val throughSeq: Long, val reason: LostReason) : SpoolItem

/** How full the spool is; [firstSeq] is the oldest that [receipt] does not cover, [nextSeq] the next given out. */
data class SpoolState(
    val epoch: String,
    val firstSeq: Long,
    val nextSeq: Long,
    val sizeBytes: Long,
    val capBytes: Long,
    val oldestAt: Instant?,
    val receipt: Receipt?,
) {
    /** How many seqs wait for a receipt. */
    val depth: Long get() = nextSeq - firstSeq
}
