package veilleur.companion.health

import android.content.Context
import android.os.Build
import veilleur.companion.NeedsApi
import veilleur.companion.capture.AppCatalog
import veilleur.companion.keep.OpeningLog

/** Reads of a watched app what Android lets a plain app see: for the rest, null. */
class WatchedApps(private val context: Context, private val apps: AppCatalog, private val openings: OpeningLog) {
    fun read(packageName: String): AppFacts {
        val app = apps.describe(packageName)
        val isInstalled = apps.isInstalled(packageName)
        return AppFacts(
            packageName = packageName,
            label = app.label,
            version = app.version,
            isInstalled = isInstalled,
            isExemptFromHibernation = if (isInstalled) isExempt(packageName) else null,
            openedAt = openings.openedAt(packageName),
        )
    }

    /** Android answers this to the app itself and to its installer; to others with a SecurityException. */
    private fun isExempt(packageName: String): Boolean? {
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.R) return null
        return try {
            asked(packageName)
        } catch (_: SecurityException) {
            null
        }
    }

    @NeedsApi(Build.VERSION_CODES.R)
    private fun asked(packageName: String): Boolean = context.packageManager.isAutoRevokeWhitelisted(packageName)
}
