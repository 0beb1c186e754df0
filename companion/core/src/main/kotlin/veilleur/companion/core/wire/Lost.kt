package veilleur.companion.core.wire

import java.security.MessageDigest
import java.time.Instant
import java.util.UUID

/** Who writes envelopes: the device's name, and the program. */
data class Sender(val device: String, val source: SourceInfo)

private val LOST_NAMESPACE = UUID.fromString("a5f4b7a0-1c0e-5a53-9a52-3f0f2b6e6c11")

/**
 * Return the envelope that answers for seqs which the device can no longer send, both ends included.
 *
 * The same span has the same id, so that sending it again is a duplicate.
 */
fun lostEnvelope(
    seqs: LongRange,
    reason: LostReason,
    sender: Sender,
    epoch: String,
    capturedAt: Instant,
): Envelope = Envelope(
    id = uuid5("${sender.device}\n$epoch\n${seqs.first}\n${seqs.last}\n${reason.wire}").toString(),
    device = sender.device,
    epoch = epoch,
    seq = seqs.first,
    event = EventKind.LOST.wire,
    capturedAt = capturedAt,
    source = sender.source,
    app = AppInfo(SPOOL_PACKAGE),
    throughSeq = seqs.last,
    reason = reason.wire,
)

/** RFC 9562 §5.5: SHA-1 over namespace and name. */
private fun uuid5(name: String): UUID {
    val digest = MessageDigest.getInstance("SHA-1")
    digest.update(LOST_NAMESPACE.toString().replace("-", "").chunked(2).map { it.toInt(16).toByte() }.toByteArray())
    val bytes = digest.digest(name.toByteArray())
    val high = longAt(bytes, 0) and 0xF000L.inv() or 0x5000L
    val low = longAt(bytes, 8) and (-1L ushr 2) or (1L shl 63)
    return UUID(high, low)
}

private fun longAt(bytes: ByteArray, start: Int): Long =
    (start until start + 8).fold(0L) { value, at -> value shl 8 or (bytes[at].toLong() and 0xFF) }
