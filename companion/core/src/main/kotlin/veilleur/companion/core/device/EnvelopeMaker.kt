package veilleur.companion.core.device

import java.time.Instant
import veilleur.companion.core.capture.Captured
import veilleur.companion.core.capture.ScreenedNotification
import veilleur.companion.core.capture.encodeWithin
import veilleur.companion.core.wire.Envelope
import veilleur.companion.core.wire.EnvelopeCodec
import veilleur.companion.core.wire.EventIds
import veilleur.companion.core.wire.EventKind
import veilleur.companion.core.wire.LostReason
import veilleur.companion.core.wire.Picture
import veilleur.companion.core.wire.RawNotification
import veilleur.companion.core.wire.RedactionKind
import veilleur.companion.core.wire.Sender
import veilleur.companion.core.wire.lostEnvelope

private const val MAX_PICTURE_BYTES = 64 * 1024
private const val BASE64_CHARACTERS = 4
private const val BASE64_BYTES = 3

/** Makes envelopes of captured events, and their bytes. */
class EnvelopeMaker(private val sender: Sender, private val locale: () -> String?, private val now: () -> Instant) {
    private val ids = EventIds()

    /** Return the envelope of an event whose words were screened, without epoch and seq. */
    fun envelopeOf(captured: Captured, screened: ScreenedNotification, wantsPicture: Boolean): Envelope {
        val shown = if (captured.event == EventKind.REMOVED) ended(screened.notification) else screened.notification
        return Envelope(
            id = ids.next(captured.capturedAt),
            device = sender.device,
            event = captured.event.wire,
            capturedAt = captured.capturedAt,
            source = sender.source,
            app = captured.app,
            removalReason = captured.removalReason,
            locale = captured.locale ?: locale(),
            user = captured.user,
            redacted = screened.redacted.map(RedactionKind::wire).ifEmpty { null },
            notification = shown.copy(picture = if (wantsPicture) pictureOf(captured) else null),
        )
    }

    /** Return the bytes of an envelope at its seq, cut where they are too many. */
    fun payloadOf(envelope: Envelope, epoch: String, seq: Long): ByteArray =
        encodeWithin(envelope.copy(epoch = epoch, seq = seq)) ?: lostPayload(seq..seq, LostReason.OVERSIZE, epoch)

    /** Return the bytes that answer for seqs which can no longer be sent. */
    fun lostPayload(seqs: LongRange, reason: LostReason, epoch: String): ByteArray =
        EnvelopeCodec.encode(lostEnvelope(seqs, reason, sender, epoch, now()))

    private fun pictureOf(captured: Captured): Picture? {
        val picture = captured.notification.picture ?: made(captured.picture)
        val bytes = (picture?.data?.length ?: 0) / BASE64_CHARACTERS * BASE64_BYTES
        return picture?.takeIf { bytes <= MAX_PICTURE_BYTES }
    }

    /** The boundary to the platform's bitmaps: where one cannot be made, the notification goes without. */
    private fun made(picture: (() -> Picture?)?): Picture? = try {
        picture?.invoke()
    } catch (_: RuntimeException) {
        null
    } catch (_: OutOfMemoryError) {
        null
    }

    private fun ended(shown: RawNotification) = RawNotification(shown.key, postedAtMs = shown.postedAtMs)
}
