package veilleur.companion.screen

import android.content.Context
import android.text.format.DateUtils
import android.text.format.Formatter
import java.text.NumberFormat
import java.time.Instant
import java.time.LocalDate
import java.time.ZoneId
import veilleur.companion.R

/** Numbers, sizes and times as the user's language writes them. */
class Figures(private val context: Context) {
    fun waiting(count: Long): String = plural(R.plurals.waiting, count)

    fun waitingWord(count: Long): String = context.resources.getQuantityString(R.plurals.waiting_word, bounded(count))

    fun captured(count: Long): String = plural(R.plurals.captured_count, count)

    fun number(count: Long): String = NumberFormat.getIntegerInstance(context.resources.configuration.locales[0]).format(count)

    fun plural(id: Int, count: Long): String = context.resources.getQuantityString(id, bounded(count), count)

    fun bytes(count: Long): String = Formatter.formatShortFileSize(context, count)

    /** The time of day, with the day where it is another one. */
    fun moment(at: Instant, now: Instant): String {
        val date = if (day(at) == day(now)) 0 else DateUtils.FORMAT_SHOW_DATE or DateUtils.FORMAT_ABBREV_ALL or DateUtils.FORMAT_NO_YEAR
        return DateUtils.formatDateTime(context, at.toEpochMilli(), DateUtils.FORMAT_SHOW_TIME or date)
    }

    private fun day(at: Instant): LocalDate = at.atZone(ZoneId.systemDefault()).toLocalDate()

    private fun bounded(count: Long): Int = count.coerceAtMost(Int.MAX_VALUE.toLong()).toInt()
}
