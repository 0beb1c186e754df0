package veilleur.companion.core.device

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.fail
import org.junit.jupiter.api.Test
import veilleur.companion.core.capture.Captured
import veilleur.companion.core.capture.NOON
import veilleur.companion.core.capture.ScreenedNotification
import veilleur.companion.core.capture.captured
import veilleur.companion.core.capture.thread
import veilleur.companion.core.wire.Decoded
import veilleur.companion.core.wire.EnvelopeCodec
import veilleur.companion.core.wire.EventKind
import veilleur.companion.core.wire.MAX_ENVELOPE_BYTES
import veilleur.companion.core.wire.Picture
import veilleur.companion.core.wire.RawNotification
import veilleur.companion.core.wire.RedactionKind
import veilleur.companion.core.wire.Sender
import veilleur.companion.core.wire.SourceInfo

class EnvelopeMakerTest {
    private val maker = EnvelopeMaker(Sender("salon-1", SourceInfo("companion", "1.0.0")), { "fr-FR" }, { NOON })

    @Test
    fun `an envelope says who, what and when, and every one has its own id`() {
        val screened = ScreenedNotification(thread("[otp]"), listOf(RedactionKind.OTP))
        val envelope = maker.envelopeOf(captured(notification = thread("482913")), screened, wantsPicture = false)

        assertEquals(listOf("salon-1", "posted", "fr-FR", 0L), listOf(envelope.device, envelope.event, envelope.locale, envelope.user))
        assertEquals(listOf("otp"), envelope.redacted)
        assertEquals(thread("[otp]"), envelope.notification)
        assertNotEquals(envelope.id, maker.envelopeOf(captured(), screened, wantsPicture = false).id)
        assertNull(maker.envelopeOf(captured(), ScreenedNotification(thread("a")), wantsPicture = false).redacted)
    }

    @Test
    fun `of what is gone nothing but its key and times is told`() {
        val gone = captured(notification = thread("Bonjour"), event = EventKind.REMOVED).copy(removalReason = "REASON_CANCEL")
        val envelope = maker.envelopeOf(gone, ScreenedNotification(gone.notification), wantsPicture = false)

        assertEquals("REASON_CANCEL", envelope.removalReason)
        assertEquals(RawNotification(gone.notification.key, postedAtMs = gone.notification.postedAtMs), envelope.notification)
    }

    @Test
    fun `a picture is made only where it is wanted, and kept only up to 64 KiB`() {
        assertNull(pictureOf(captured().copy(picture = { fail<Picture>("made though nobody wants it") }), wantsPicture = false))
        assertNull(pictureOf(captured(notification = RawNotification("k", picture = Picture(data = base64(5)))), wantsPicture = false))
        assertEquals(Picture(data = base64(64 * 1024 - 3)), pictureOf(captured().copy(picture = { Picture(data = base64(64 * 1024 - 3)) }), wantsPicture = true))
        assertNull(pictureOf(captured().copy(picture = { Picture(data = base64(64 * 1024 + 3)) }), wantsPicture = true))
    }

    @Test
    fun `a picture that cannot be made costs the picture alone`() {
        assertNull(pictureOf(captured().copy(picture = { error("no bitmap") }), wantsPicture = true))
        assertNull(pictureOf(captured().copy(picture = { throw OutOfMemoryError("a bitmap") }), wantsPicture = true))
    }

    @Test
    fun `what is too large for any envelope is answered for as lost`() {
        val absurd = captured(notification = RawNotification("k".repeat(MAX_ENVELOPE_BYTES)))
        val payload = maker.payloadOf(maker.envelopeOf(absurd, ScreenedNotification(absurd.notification), wantsPicture = false), "e1", 9)

        val lost = (EnvelopeCodec.decode(payload, "salon-1") as Decoded.Read).envelope
        assertEquals(listOf("lost", 9L, 9L, "oversize"), listOf(lost.event, lost.seq, lost.throughSeq, lost.reason))
    }

    private fun pictureOf(captured: Captured, wantsPicture: Boolean) =
        maker.envelopeOf(captured, ScreenedNotification(captured.notification), wantsPicture).notification?.picture
}
