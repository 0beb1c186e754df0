package veilleur.companion.alive

import android.app.Notification
import android.app.Service
import android.content.Context
import android.content.Intent
import android.content.pm.ServiceInfo
import android.os.Build
import android.os.IBinder
import android.util.Log
import veilleur.companion.CompanionApplication
import veilleur.companion.NeedsApi

private const val LOG = "veilleur"

/** Keeps the process in the foreground, so that Android leaves it alone; all work is the sensor's. */
class WatchService : Service() {
    override fun onBind(intent: Intent?): IBinder? = null

    override fun onStartCommand(intent: Intent?, flags: Int, startId: Int): Int {
        if (isInForeground((application as CompanionApplication).notices.latest())) return START_STICKY
        stopSelf(startId)
        return START_NOT_STICKY
    }

    /** Android 12 may refuse this too, with an IllegalStateException: then the watchdog tries again. */
    private fun isInForeground(notice: Notification): Boolean = try {
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.UPSIDE_DOWN_CAKE) {
            startTyped(notice)
        } else {
            startForeground(WATCHING_ID, notice)
        }
        true
    } catch (refused: IllegalStateException) {
        Log.w(LOG, "foreground not allowed now: ${refused.javaClass.simpleName}")
        false
    }

    @NeedsApi(Build.VERSION_CODES.UPSIDE_DOWN_CAKE)
    private fun startTyped(notice: Notification) =
        startForeground(WATCHING_ID, notice, ServiceInfo.FOREGROUND_SERVICE_TYPE_SPECIAL_USE)

    companion object {
        /** Android 12 refuses a start from the background with an IllegalStateException: the watchdog tries again. */
        fun start(context: Context) {
            try {
                context.startForegroundService(Intent(context, WatchService::class.java))
            } catch (refused: IllegalStateException) {
                Log.w(LOG, "foreground service not allowed now: ${refused.javaClass.simpleName}")
            }
        }
    }
}
