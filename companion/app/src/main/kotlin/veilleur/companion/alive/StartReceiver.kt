package veilleur.companion.alive

import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent
import veilleur.companion.CompanionApplication

/** After the tablet started, or this app was updated: everything stands up again without anybody touching it. */
class StartReceiver : BroadcastReceiver() {
    override fun onReceive(context: Context, intent: Intent) {
        if (intent.action == Intent.ACTION_BOOT_COMPLETED || intent.action == Intent.ACTION_MY_PACKAGE_REPLACED) {
            (context.applicationContext as CompanionApplication).standUp()
        }
    }
}
