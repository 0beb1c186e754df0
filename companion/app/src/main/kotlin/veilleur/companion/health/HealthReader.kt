package veilleur.companion.health

import android.app.ActivityManager
import android.content.Context
import android.content.Intent
import android.content.IntentFilter
import android.os.BatteryManager
import android.os.Build
import android.os.PowerManager
import android.os.UserManager
import veilleur.companion.service
import veilleur.companion.alive.ListenerBinding
import veilleur.companion.alive.Notices
import veilleur.companion.capture.AppCatalog
import veilleur.companion.core.wire.AndroidInfo

private const val PLAY_SERVICES = "com.google.android.gms"
private const val TENTHS = 10.0
private const val PERCENT = 100

/** Reads from Android how the tablet does. */
class HealthReader(
    private val context: Context,
    private val binding: ListenerBinding,
    private val notices: Notices,
    private val apps: AppCatalog,
) {
    fun android() = AndroidInfo(
        release = Build.VERSION.RELEASE,
        sdk = Build.VERSION.SDK_INT.toLong(),
        maker = Build.MANUFACTURER,
        model = Build.MODEL,
        securityPatch = Build.VERSION.SECURITY_PATCH,
    )

    fun tablet(isListenerBound: Boolean): TabletFacts {
        val battery = context.registerReceiver(null, IntentFilter(Intent.ACTION_BATTERY_CHANGED))
        return TabletFacts(
            sdk = Build.VERSION.SDK_INT,
            isLowRam = context.service<ActivityManager>().isLowRamDevice,
            isMainProfile = context.service<UserManager>().isSystemUser,
            isListenerAllowed = binding.isAllowed(),
            isListenerBound = isListenerBound,
            isBatteryExempt = context.service<PowerManager>().isIgnoringBatteryOptimizations(context.packageName),
            mayPost = notices.mayPost(),
            hasPlayServices = apps.isInstalled(PLAY_SERVICES),
            isCharging = battery?.let { it.getIntExtra(BatteryManager.EXTRA_PLUGGED, 0) != 0 },
            batteryPercent = battery?.let(::percent),
            batteryTemperatureC = battery?.getIntExtra(BatteryManager.EXTRA_TEMPERATURE, 0)?.takeIf { it != 0 }?.div(TENTHS),
            freeBytes = context.filesDir.usableSpace,
        )
    }

    private fun percent(battery: Intent): Int? {
        val level = battery.getIntExtra(BatteryManager.EXTRA_LEVEL, -1)
        val scale = battery.getIntExtra(BatteryManager.EXTRA_SCALE, 0)
        return if (level < 0 || scale <= 0) null else level * PERCENT / scale
    }
}
