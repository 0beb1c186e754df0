package veilleur.companion.screen

import android.content.pm.PackageManager
import android.view.View
import android.view.ViewGroup
import android.widget.Button
import android.widget.TextView
import java.util.Locale
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.ParameterizedRobolectricTestRunner
import org.robolectric.ParameterizedRobolectricTestRunner.Parameters
import org.robolectric.Robolectric
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode
import veilleur.companion.RecordingApplication
import veilleur.companion.health.GOOD_TABLET
import veilleur.companion.health.OFFLINE
import veilleur.companion.health.SensorState
import veilleur.companion.health.TIKTOK_FACTS
import veilleur.companion.health.UNPAIRED
import veilleur.companion.health.WATCHING
import veilleur.companion.health.WHATSAPP_FACTS

/** Each screen on a phone and on a 10-inch tablet, in both languages, by day and by night. */
@RunWith(ParameterizedRobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(sdk = [34], application = RecordingApplication::class)
class ScreenshotTest(private val device: String, private val language: String, private val light: String) {
    private val app = RuntimeEnvironment.getApplication() as RecordingApplication
    private val before = Locale.getDefault()

    @Before
    fun giveACamera() = shadowOf(app.packageManager).setSystemFeature(PackageManager.FEATURE_CAMERA_ANY, true)

    @Before
    fun speak() {
        val place = "${LANGUAGES.getValue(language)}-${DEVICES.getValue(device)}-$light-${DENSITIES.getValue(device)}"
        RuntimeEnvironment.setQualifiers(place)
        Locale.setDefault(app.resources.configuration.locales[0])
    }

    @After
    fun speakAsBefore() = Locale.setDefault(before)

    @Test
    fun `every screen shows whole words and targets for a finger`() {
        shoot("status", StatusActivity::class.java, WATCHING)
        shoot("captured", CapturedActivity::class.java, WATCHING)
        shoot("checklist", ChecklistActivity::class.java, HALF_SET_UP)
        shoot("pairing", PairingActivity::class.java, UNPAIRED)
    }

    @Test
    fun `bad news and empty screens do so too`() {
        if (light == "night" && language == "en") return
        shoot("status-offline", StatusActivity::class.java, OFFLINE)
        shoot("status-unpaired", StatusActivity::class.java, UNPAIRED)
        shoot("status-stopped", StatusActivity::class.java, WATCHING.copy(tablet = GOOD_TABLET.copy(isListenerBound = false)))
        shoot("captured-empty", CapturedActivity::class.java, UNPAIRED)
        shoot("checklist-new", ChecklistActivity::class.java, UNPAIRED)
        shoot("pairing-again", PairingActivity::class.java, WATCHING)
    }

    private fun shoot(name: String, screen: Class<out ScreenActivity>, state: SensorState) {
        app.sensor.shown = state
        Robolectric.buildActivity(screen).use { shown ->
            val activity = shown.setup().visible().get()
            awaitOnMain("shown") { activity.shown != null }
            val picture = activity.shoot("$device-$language-$light-$name")
            assertTrue("$name is drawn", picture.width > 0)
            check(name, activity.window.decorView)
        }
    }

    private fun check(name: String, view: View) {
        if (view.visibility != View.VISIBLE) return
        if (view is TextView && view.layout != null) {
            val cut = (0 until view.lineCount).sumOf { view.layout.getEllipsisCount(it) }
            assertEquals("$name cuts “${view.text}”", 0, cut)
        }
        if (view.isClickable && (view is Button || view.parent is ViewGroup && view is TextView)) {
            val least = (48 * view.resources.displayMetrics.density).toInt()
            assertTrue("$name: “${view.text}” is too small for a finger", view.height >= least && view.width >= least)
        }
        if (view is ViewGroup) (0 until view.childCount).forEach { check(name, view.getChildAt(it)) }
    }

    companion object {
        private val LANGUAGES = mapOf("fr" to "fr-rFR", "en" to "en-rGB")
        private val DEVICES = mapOf("phone" to "w411dp-h891dp", "tablet" to "sw800dp-w1280dp-h800dp-land")
        private val DENSITIES = mapOf("phone" to "xhdpi", "tablet" to "mdpi")
        private val HALF_SET_UP = WATCHING.copy(
            tablet = GOOD_TABLET.copy(isBatteryExempt = false, mayPost = false),
            apps = listOf(TIKTOK_FACTS, WHATSAPP_FACTS.copy(openedAt = null, isExemptFromHibernation = null)),
        )

        @JvmStatic
        @Parameters(name = "{0} {1} {2}")
        fun parameters(): List<Array<String>> = DEVICES.keys.flatMap { device ->
            LANGUAGES.keys.flatMap { language -> listOf("notnight", "night").map { arrayOf(device, language, it) } }
        }
    }
}
