package veilleur.companion.core.wire

import java.time.DateTimeException
import java.time.Instant
import java.time.OffsetDateTime
import java.time.format.DateTimeFormatter
import java.time.format.DateTimeFormatterBuilder

private val RFC_3339 = Regex("\\d{4}-\\d{2}-\\d{2}[Tt ]\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?([Zz]|[+-]\\d{2}:\\d{2})")
private val WITH_MILLISECONDS: DateTimeFormatter = DateTimeFormatterBuilder().appendInstant(3).toFormatter()

/** Return a time as RFC 3339 in UTC with milliseconds: `2026-11-21T10:11:12.123Z`. */
fun writeInstant(instant: Instant): String = WITH_MILLISECONDS.format(instant)

/** Return an RFC 3339 time, or null for a text that is none or names no zone. */
fun readInstant(text: String): Instant? {
    if (!RFC_3339.matches(text)) return null
    return try {
        OffsetDateTime.parse(text.uppercase().replace(' ', 'T')).toInstant()
    } catch (_: DateTimeException) {
        null
    }
}
