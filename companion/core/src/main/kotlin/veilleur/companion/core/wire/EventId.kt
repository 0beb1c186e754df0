package veilleur.companion.core.wire

import java.security.SecureRandom
import java.time.Instant
import java.util.UUID

/** Makes ids of events: UUID version 7, whose first bits are the time, so that they sort as made (RFC 9562 §5.7). */
class EventIds(private val random: SecureRandom = SecureRandom()) {
    /** Return a fresh id for an event captured at that time. */
    fun next(capturedAt: Instant): String {
        val atMs = maxOf(0, capturedAt.toEpochMilli()) and (-1L ushr 16)
        val high = (atMs shl 16) or 0x7000 or (random.nextLong() and 0xFFF)
        val low = (random.nextLong() and (-1L ushr 2)) or (1L shl 63)
        return UUID(high, low).toString()
    }
}
