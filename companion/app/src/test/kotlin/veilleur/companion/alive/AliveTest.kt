package veilleur.companion.alive

import android.app.NotificationChannel
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
import org.robolectric.annotation.Implementation
import org.robolectric.annotation.Implements
import org.robolectric.shadows.ShadowApplicationPackageManager
import org.robolectric.shadows.ShadowNotificationListenerService
import veilleur.companion.CaptureListenerService
import veilleur.companion.RecordingApplication
import veilleur.companion.service

/** Remembers every switch of a component, in order. */
@Implements(className = "android.app.ApplicationPackageManager", isInAndroidSdk = false)
class SwitchRecorder : ShadowApplicationPackageManager() {
    @Implementation
    override fun setComponentEnabledSetting(component: ComponentName, state: Int, flags: Int) {
        states += component to state
        super.setComponentEnabledSetting(component, state, flags)
    }

    companion object {
        val states = mutableListOf<Pair<ComponentName, Int>>()
    }
}

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
    fun `a service that Android refuses the foreground ends, and the watchdog starts it another time`() {
        val service = Robolectric.setupService(WatchService::class.java)
        shadowOf(service).setThrowInStartForeground(IllegalStateException("not from the background"))
        assertEquals(Service.START_NOT_STICKY, service.onStartCommand(null, 0, 1))
        assertTrue(shadowOf(service).isStoppedBySelf)
    }

    @Test
    fun `the foreground is reached before anything is read`() {
        Robolectric.setupService(WatchService::class.java).onStartCommand(null, 0, 1)
        assertFalse(app.sensor.wasReadOnMain)
    }

    @Test
    fun `a canary whose channel is switched off is none that we may post`() {
        assertTrue(app.notices.mayPost())
        val manager = app.service<NotificationManager>()
        manager.deleteNotificationChannel(CANARY_CHANNEL)
        manager.createNotificationChannel(NotificationChannel(CANARY_CHANNEL, "off", NotificationManager.IMPORTANCE_NONE))
        assertFalse(app.notices.mayPost())
    }

    @Test
    @Config(shadows = [SwitchRecorder::class])
    fun `a reconnection switches the component off and on, and asks for the binding`() {
        SwitchRecorder.states.clear()
        val before = ShadowNotificationListenerService.getRebindRequestCount()
        ListenerBinding(app).reconnect()
        assertEquals(1, ShadowNotificationListenerService.getRebindRequestCount() - before)
        val offAndOn = listOf(PackageManager.COMPONENT_ENABLED_STATE_DISABLED, PackageManager.COMPONENT_ENABLED_STATE_ENABLED)
        assertEquals(offAndOn.map { listener to it }, SwitchRecorder.states)
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
