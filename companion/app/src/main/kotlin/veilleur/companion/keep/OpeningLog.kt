package veilleur.companion.keep

import android.content.Context
import java.time.Instant

/** When the user last confirmed to have opened each watched app. */
class OpeningLog(context: Context) {
    private val kept = context.getSharedPreferences("openings", Context.MODE_PRIVATE)

    fun openedAt(packageName: String): Instant? =
        kept.getLong(packageName, 0).takeIf { it > 0 }?.let(Instant::ofEpochMilli)

    fun confirm(packageName: String, at: Instant) = kept.edit().putLong(packageName, at.toEpochMilli()).apply()
}
