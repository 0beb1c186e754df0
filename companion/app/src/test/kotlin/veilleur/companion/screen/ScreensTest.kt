package veilleur.companion.screen

import android.app.Activity
import android.content.ClipData
import android.content.ClipboardManager
import android.content.Intent
import android.provider.Settings
import android.view.View
import android.view.ViewGroup
import android.view.WindowManager
import android.widget.Button
import android.widget.EditText
import android.widget.TextView
import java.util.concurrent.CountDownLatch
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowDialog
import veilleur.companion.PairingOutcome
import veilleur.companion.R
import veilleur.companion.RecordingApplication
import veilleur.companion.core.wire.PairingRefusal
import veilleur.companion.health.GOOD_TABLET
import veilleur.companion.health.OFFLINE
import veilleur.companion.health.PairingFacts
import veilleur.companion.health.TIKTOK
import veilleur.companion.health.TIKTOK_FACTS
import veilleur.companion.health.UNPAIRED
import veilleur.companion.health.WATCHING
import veilleur.companion.keep.VaultTest
import veilleur.companion.service

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [34], qualifiers = "en-rGB", application = RecordingApplication::class)
class ScreensTest {
    private val app = RuntimeEnvironment.getApplication() as RecordingApplication

    private inline fun <reified T : ScreenActivity> open(): T =
        Robolectric.buildActivity(T::class.java).setup().get().also { screen -> awaitOnMain("shown") { screen.shown != null } }

    private fun ScreenActivity.words(id: Int) = part<TextView>(id).text.toString()

    private fun buttons(view: View): List<Button> = when (view) {
        is Button -> listOf(view)
        is ViewGroup -> (0 until view.childCount).flatMap { buttons(view.getChildAt(it)) }
        else -> emptyList()
    }

    private fun ScreenActivity.press(label: String) = buttons(window.decorView).first { it.text.toString() == label }.performClick()

    private fun allWords(view: View): String = when (view) {
        is TextView -> view.text.toString()
        is ViewGroup -> (0 until view.childCount).joinToString("\n") { allWords(view.getChildAt(it)) }
        else -> ""
    }

    /** Lets the screens' own thread come to an end, and the main one after it. */
    @Test
    @Config(sdk = [26, 28, 35])
    fun `every screen opens on every Android, paired and new`() {
        for (state in listOf(WATCHING, OFFLINE, UNPAIRED)) {
            app.sensor.shown = state
            listOf(open<StatusActivity>(), open<CapturedActivity>(), open<ChecklistActivity>(), open<PairingActivity>())
        }
    }

    @Test
    fun `no screen reads on the main thread`() {
        listOf(open<StatusActivity>(), open<CapturedActivity>(), open<ChecklistActivity>(), open<PairingActivity>())
        assertFalse(app.sensor.wasReadOnMain)
    }

    @Test
    fun `the status says what can be read from across the room`() {
        app.sensor.shown = OFFLINE
        val screen = open<StatusActivity>()
        assertEquals("Watching offline", screen.words(R.id.hero_headline))
        assertEquals("1,284", screen.words(R.id.hero_number))
        assertEquals("No server in reach. Everything is kept and will be sent.", screen.words(R.id.hero_cause))
    }

    @Test
    fun `a code that is none is refused in words, and what was typed stays`() {
        app.sensor.shown = UNPAIRED
        app.sensor.outcome = PairingOutcome.Refused(PairingRefusal.DAMAGED)
        val screen = open<PairingActivity>()
        screen.part<EditText>(R.id.pairing_field).setText("veilleur:abc")
        screen.press("Use this code")
        awaitOnMain("refused") { screen.words(R.id.pairing_error).isNotEmpty() }
        assertEquals(listOf("veilleur:abc"), app.sensor.pairedWith)
        assertTrue(screen.words(R.id.pairing_error).startsWith("The code is damaged"))
        assertEquals("veilleur:abc", screen.words(R.id.pairing_field))
    }

    @Test
    fun `a refusal is told by the screen that stands when it comes, and again after a turn`() {
        app.sensor.shown = UNPAIRED
        app.sensor.outcome = PairingOutcome.Refused(PairingRefusal.DAMAGED)
        val mayAnswer = CountDownLatch(1)
        app.sensor.whilePairing = mayAnswer::await
        val turned = Robolectric.buildActivity(PairingActivity::class.java).setup()
        turned.get().part<EditText>(R.id.pairing_field).setText("veilleur:abc")
        turned.get().press("Use this code")
        awaitOnMain("the code is being tried") { app.sensor.pairedWith.isNotEmpty() }
        turned.recreate()
        mayAnswer.countDown()
        awaitOnMain("refused") { turned.get().words(R.id.pairing_error).isNotEmpty() }
        turned.recreate()
        assertTrue(turned.get().words(R.id.pairing_error).startsWith("The code is damaged"))
        assertEquals(View.VISIBLE, turned.get().part<TextView>(R.id.pairing_error).visibility)
    }

    @Test
    fun `no picture can be taken of the screen that holds the secret`() {
        val flags = open<PairingActivity>().window.attributes.flags
        assertTrue(flags and WindowManager.LayoutParams.FLAG_SECURE != 0)
    }

    @Test
    fun `what was lost is called lost`() {
        app.sensor.shown = WATCHING.copy(dropped = mapOf("overflow" to 3L, "own_error" to 1L))
        val words = allWords(open<CapturedActivity>().window.decorView)
        assertTrue("Lost: the storage" in words && "Lost by a fault" in words)
    }

    @Test
    fun `a pasted code pairs and leads to the checklist, and the secret leaves the screen`() {
        app.sensor.shown = UNPAIRED
        app.sensor.outcome = PairingOutcome.Paired("salon-1", "Bureau de Lyon")
        app.service<ClipboardManager>().setPrimaryClip(ClipData.newPlainText("code", "veilleur:abc"))
        val screen = open<PairingActivity>()
        screen.press("Paste")
        screen.press("Use this code")
        awaitOnMain("paired") { shadowOf(screen).peekNextStartedActivity() != null }
        assertEquals("", screen.words(R.id.pairing_field))
        assertEquals(ChecklistActivity::class.java.name, shadowOf(screen).nextStartedActivity.component?.className)
    }

    @Test
    fun `a scanned code is offered as a typed one is`() {
        app.sensor.shown = UNPAIRED
        val screen = open<PairingActivity>()
        screen.part<Button>(R.id.pairing_scan).performClick()
        val scan = shadowOf(screen).nextStartedActivityForResult
        val code = Intent().putExtra(ScanActivity.CODE, "veilleur:scanned")
        shadowOf(screen).receiveResult(scan.intent, Activity.RESULT_OK, code)
        awaitOnMain("told") { screen.words(R.id.pairing_error).isNotEmpty() }
        assertEquals(listOf("veilleur:scanned"), app.sensor.pairedWith)
    }

    @Test
    fun `with events waiting, nothing is replaced or forgotten before it was asked`() {
        app.sensor.shown = OFFLINE.copy(pairing = PairingFacts("another", "Bureau"))
        val screen = open<PairingActivity>()
        screen.part<EditText>(R.id.pairing_field).setText(VaultTest.PAIRING_TEXT)
        screen.press("Use this code")
        awaitOnMain("asked whether to replace") { ShadowDialog.getLatestDialog()?.isShowing == true }
        val first = ShadowDialog.getLatestDialog()
        assertEquals(emptyList<String>(), app.sensor.pairedWith)
        screen.press("Forget this pairing")
        awaitOnMain("asked whether to forget") { ShadowDialog.getLatestDialog() !== first }
        assertFalse(app.sensor.hasForgotten)
    }

    @Test
    fun `the checklist opens the settings page of what is missing`() {
        app.sensor.shown = WATCHING.copy(tablet = GOOD_TABLET.copy(isListenerAllowed = false))
        val screen = open<ChecklistActivity>()
        screen.press("Open settings")
        assertEquals(Settings.ACTION_NOTIFICATION_LISTENER_DETAIL_SETTINGS, shadowOf(screen).nextStartedActivity.action)
        screen.press("App info")
        assertEquals(Settings.ACTION_APPLICATION_DETAILS_SETTINGS, shadowOf(screen).nextStartedActivity.action)
    }

    @Test
    fun `an opening that the user confirms is kept`() {
        app.sensor.shown = WATCHING.copy(apps = listOf(TIKTOK_FACTS.copy(openedAt = null)))
        open<ChecklistActivity>().press("I opened it")
        assertEquals(listOf(TIKTOK), app.sensor.opened)
    }

    @Test
    fun `the persistent notice says that we watch and what waits, in public, and never what was captured`() {
        app.sensor.shown = OFFLINE
        val notice = app.notices.watching(OFFLINE)
        assertEquals("Watching offline · 1,284 waiting", notice.extras.getCharSequence("android.title")?.toString())
        assertNull(notice.extras.getCharSequence("android.text"))
        val due = app.notices.watching(WATCHING.copy(apps = listOf(TIKTOK_FACTS.copy(openedAt = null))))
        assertEquals("Open for a minute: TikTok", due.extras.getCharSequence("android.text")?.toString())
    }

    @Test
    fun `the screen of what is captured counts, and names no message`() {
        val words = allWords(open<CapturedActivity>().window.decorView)
        assertTrue("Clients (Lyon)" in words && "287" in words && "Apps not on the list" in words && "1,204" in words)
    }
}
