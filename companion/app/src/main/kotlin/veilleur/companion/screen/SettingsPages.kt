package veilleur.companion.screen

import android.Manifest
import android.app.Activity
import android.content.ActivityNotFoundException
import android.content.ComponentName
import android.content.Intent
import android.net.Uri
import android.os.Build
import android.provider.Settings
import veilleur.companion.CaptureListenerService

private const val POST_REQUEST = 2
private const val HIGHLIGHT = ":settings:fragment_args_key"

/** Android's settings pages; each opens the first that this tablet has, and tells whether there was one. */
class SettingsPages(private val activity: Activity) {
    fun listenerAccess(): Boolean {
        val listener = ComponentName(activity, CaptureListenerService::class.java).flattenToString()
        val list = Intent(Settings.ACTION_NOTIFICATION_LISTENER_SETTINGS).putExtra(HIGHLIGHT, listener)
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.R) return openFirst(list)
        val own = Intent(Settings.ACTION_NOTIFICATION_LISTENER_DETAIL_SETTINGS)
            .putExtra(Settings.EXTRA_NOTIFICATION_LISTENER_COMPONENT_NAME, listener)
        return openFirst(own, list)
    }

    fun batteryExemption(): Boolean = openFirst(
        Intent(Settings.ACTION_REQUEST_IGNORE_BATTERY_OPTIMIZATIONS, uriOf(activity.packageName)),
        Intent(Settings.ACTION_IGNORE_BATTERY_OPTIMIZATION_SETTINGS),
    )

    fun askToPost(): Boolean {
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.TIRAMISU) return ownNotifications()
        activity.requestPermissions(arrayOf(Manifest.permission.POST_NOTIFICATIONS), POST_REQUEST)
        return true
    }

    fun ownNotifications(): Boolean = notificationsOf(activity.packageName)

    fun ownDetails(): Boolean = detailsOf(activity.packageName)

    fun notificationsOf(packageName: String): Boolean = openFirst(
        Intent(Settings.ACTION_APP_NOTIFICATION_SETTINGS).putExtra(Settings.EXTRA_APP_PACKAGE, packageName),
        Intent(Settings.ACTION_APPLICATION_DETAILS_SETTINGS, uriOf(packageName)),
    )

    fun detailsOf(packageName: String): Boolean =
        openFirst(Intent(Settings.ACTION_APPLICATION_DETAILS_SETTINGS, uriOf(packageName)))

    fun launch(packageName: String): Boolean =
        activity.packageManager.getLaunchIntentForPackage(packageName)?.let { openFirst(it) } ?: false

    private fun openFirst(vararg pages: Intent): Boolean = pages.any(::open)

    private fun open(page: Intent): Boolean = try {
        activity.startActivity(page)
        true
    } catch (_: ActivityNotFoundException) {
        false
    } catch (_: SecurityException) {
        false
    }

    private fun uriOf(packageName: String): Uri = Uri.fromParts("package", packageName, null)
}
