package veilleur.companion.alive

import android.app.NotificationManager
import android.content.ComponentName
import android.content.Context
import android.content.pm.PackageManager
import android.os.Build
import android.provider.Settings
import android.service.notification.NotificationListenerService
import veilleur.companion.NeedsApi
import veilleur.companion.service
import veilleur.companion.CaptureListenerService

/** Whether Android lets the listener read, and how to get it back when Android has lost it. */
class ListenerBinding(private val context: Context) {
    private val component = ComponentName(context, CaptureListenerService::class.java)

    fun isAllowed(): Boolean {
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.O_MR1) {
            return isGranted()
        }
        val allowed = Settings.Secure.getString(context.contentResolver, ENABLED_LISTENERS).orEmpty()
        return allowed.split(':').any { ComponentName.unflattenFromString(it) == component }
    }

    /** After a process was killed requestRebind alone can do nothing: switching the component off and on makes Android look again. */
    fun reconnect() {
        switch(PackageManager.COMPONENT_ENABLED_STATE_DISABLED)
        switch(PackageManager.COMPONENT_ENABLED_STATE_ENABLED)
        NotificationListenerService.requestRebind(component)
    }

    @NeedsApi(Build.VERSION_CODES.O_MR1)
    private fun isGranted() = context.service<NotificationManager>().isNotificationListenerAccessGranted(component)

    private fun switch(state: Int) =
        context.packageManager.setComponentEnabledSetting(component, state, PackageManager.DONT_KILL_APP)

    private companion object {
        const val ENABLED_LISTENERS = "enabled_notification_listeners"
    }
}

private const val FIRST_PATIENCE_MS = 20_000L
private const val LONGEST_PATIENCE_MS = 900_000L

/** When to ask Android for the listener again: never while it is bound, and ever more rarely while nothing helps. Its clock never goes back. */
class RebindPatience(private var unboundSinceMs: Long) {
    private var patienceMs = FIRST_PATIENCE_MS

    @Synchronized
    fun bound(nowMs: Long) {
        unboundSinceMs = nowMs
        patienceMs = FIRST_PATIENCE_MS
    }

    /** Tells whether to reconnect now; a yes counts as the try. */
    @Synchronized
    fun isDue(isAllowed: Boolean, isBound: Boolean, nowMs: Long): Boolean {
        if (isBound) bound(nowMs)
        if (isBound || !isAllowed || nowMs - unboundSinceMs < patienceMs) return false
        unboundSinceMs = nowMs
        patienceMs = minOf(patienceMs * 2, LONGEST_PATIENCE_MS)
        return true
    }
}
