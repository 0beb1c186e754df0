package veilleur.companion.capture

import android.content.pm.PackageInfo
import android.content.pm.PackageManager
import android.util.LruCache
import veilleur.companion.core.wire.AppInfo

private const val REMEMBERED_APPS = 64

/** Names and versions of apps; one that Android does not let us see has its package name alone. */
class AppCatalog(private val packages: PackageManager) {
    private val known = LruCache<String, AppInfo>(REMEMBERED_APPS)

    fun describe(packageName: String): AppInfo =
        known.get(packageName) ?: look(packageName).also { known.put(packageName, it) }

    fun isInstalled(packageName: String): Boolean = installed(packageName) != null

    /** Forgets what was known: an app may have been updated. */
    fun refresh() = known.evictAll()

    private fun look(packageName: String): AppInfo {
        val installed = installed(packageName) ?: return AppInfo(packageName)
        val label = installed.applicationInfo?.let(packages::getApplicationLabel)
        return AppInfo(packageName, label.words(), installed.versionName)
    }

    private fun installed(packageName: String): PackageInfo? = try {
        packages.getPackageInfo(packageName, 0)
    } catch (_: PackageManager.NameNotFoundException) {
        null
    }
}
