/** A log in our own format (one envelope a line) turned back into what Android showed. */
package veilleur.companion.tablet

import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path
import java.time.Instant
import veilleur.companion.core.capture.Captured
import veilleur.companion.core.wire.Decoded
import veilleur.companion.core.wire.Envelope
import veilleur.companion.core.wire.EnvelopeCodec
import veilleur.companion.core.wire.EventKind
import veilleur.companion.core.wire.RawNotification

/** Returns the envelopes of a log that tell of a notification. Throws UsageException. */
internal fun readLog(log: Path): List<Envelope> {
    val lines = try {
        Files.readAllLines(log)
    } catch (error: IOException) {
        throw UsageException("$log cannot be read (${error.message})")
    }
    return lines.mapIndexedNotNull { index, line -> if (line.isBlank()) null else envelopeIn(line, log, index + 1) }
        .filter { it.notification != null }
}

/** Returns the event of an envelope, as if it happened now. */
internal fun captured(envelope: Envelope, notification: RawNotification, capturedAt: Instant): Captured =
    Captured(
        event = EventKind.values().first { it.wire == envelope.event },
        capturedAt = capturedAt,
        app = envelope.app,
        notification = notification,
        user = envelope.user,
        locale = envelope.locale,
        removalReason = envelope.removalReason,
        picture = notification.picture?.let { picture -> { picture } },
    )

/** Returns the envelopes with the first text so many characters longer. */
internal fun padded(log: List<Envelope>, characters: Int): List<Envelope> {
    val first = log.firstOrNull() ?: return log
    val notification = first.notification?.let { it.copy(text = it.text.orEmpty() + "é".repeat(characters)) }
    return listOf(first.copy(notification = notification)) + log.drop(1)
}

private fun envelopeIn(line: String, log: Path, number: Int): Envelope =
    when (val decoded = EnvelopeCodec.decode(line.toByteArray(), null)) {
        is Decoded.Read -> decoded.envelope
        is Decoded.Refused -> throw UsageException("$log, line $number is no envelope (${decoded.reason}): give a log of Veilleur's own format")
    }
