package veilleur.companion.alive

import android.app.NotificationManager
import android.app.Service
import android.content.ComponentName
import android.content.Intent
import android.content.pm.PackageManager
import android.os.Build
import android.provider.Settings
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowNotificationListenerService
import veilleur.companion.CaptureListenerService
import veilleur.companion.RecordingApplication
import veilleur.companion.service

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [26, 34], application = RecordingApplication::class)
class AliveTest {
    private val app = RuntimeEnvironment.getApplication() as RecordingApplication
    private val listener = ComponentName(app, CaptureListenerService::class.java)

    @Test
    fun `after a boot and after an update everything stands up, and other broadcasts do nothing`() {
        val before = app.standUps
        listOf(Intent.ACTION_BOOT_COMPLETED, Intent.ACTION_MY_PACKAGE_REPLACED, Intent.ACTION_SCREEN_ON)
            .forEach { StartReceiver().onReceive(app, Intent(it)) }
        assertEquals(2, app.standUps - before)
    }

    @Test
    fun `the service is in the foreground with the notice, and comes back when it is killed`() {
        val service = Robolectric.setupService(WatchService::class.java)
        val answer = service.onStartCommand(null, 0, 1)
        assertEquals(Service.START_STICKY, answer)
        assertEquals(WATCHING_CHANNEL, shadowOf(service).lastForegroundNotification.channelId)
    }

    @Test
    fun `a reconnection switches the component off and on, and asks for the binding`() {
        val before = ShadowNotificationListenerService.getRebindRequestCount()
        ListenerBinding(app).reconnect()
        assertEquals(1, ShadowNotificationListenerService.getRebindRequestCount() - before)
        val setting = app.packageManager.getComponentEnabledSetting(listener)
        assertEquals(PackageManager.COMPONENT_ENABLED_STATE_ENABLED, setting)
    }

    @Test
    fun `the grant is read from Android`() {
        assertFalse(ListenerBinding(app).isAllowed())
        Settings.Secure.putString(app.contentResolver, "enabled_notification_listeners", "other/.One:${listener.flattenToString()}")
        if (Build.VERSION.SDK_INT > Build.VERSION_CODES.O) {
            shadowOf(app.service<NotificationManager>()).setNotificationListenerAccessGranted(listener, true)
        }
        assertTrue(ListenerBinding(app).isAllowed())
    }
}
