package veilleur.companion.checklist

import java.time.Duration
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import veilleur.companion.health.AppFacts
import veilleur.companion.health.ConfigFacts
import veilleur.companion.health.GOOD_TABLET
import veilleur.companion.health.NOW
import veilleur.companion.health.SensorState
import veilleur.companion.health.TIKTOK
import veilleur.companion.health.TIKTOK_FACTS
import veilleur.companion.health.UNPAIRED
import veilleur.companion.health.WATCHING

class ChecklistTest {
    private fun row(state: SensorState, step: Step): ChecklistRow? = checklistOf(state).find { it.step == step }

    private fun withApp(app: AppFacts) = WATCHING.copy(apps = listOf(app))

    private fun opened(days: Long) = row(withApp(TIKTOK_FACTS.copy(openedAt = NOW.minus(Duration.ofDays(days)))), Step.APP_OPENED)

    @Test
    fun `a tablet where all is well has nothing to be done`() {
        assertTrue(checklistOf(WATCHING).all { it.verdict == Verdict.DONE })
        assertEquals(emptyList<String>(), problemsOf(checklistOf(WATCHING)))
    }

    @Test
    fun `a fresh tablet is led to pairing, to the listener's page and to the battery's`() {
        assertEquals(Page.PAIRING, row(UNPAIRED, Step.PAIRED)?.page)
        assertEquals(Page.LISTENER_ACCESS, row(UNPAIRED, Step.LISTENER_ALLOWED)?.page)
        assertEquals(Page.BATTERY_EXEMPTION, row(UNPAIRED, Step.BATTERY)?.page)
    }

    @Test
    fun `from Android 13 on a missing access speaks of restricted settings, before that it does not`() {
        val old = UNPAIRED.copy(tablet = UNPAIRED.tablet.copy(sdk = 32))
        assertEquals(true, row(UNPAIRED, Step.LISTENER_ALLOWED)?.isRestricted)
        assertEquals(false, row(old, Step.LISTENER_ALLOWED)?.isRestricted)
        assertEquals(false, row(WATCHING, Step.LISTENER_ALLOWED)?.isRestricted)
    }

    @Test
    fun `the connection of the listener is asked for only where access is allowed`() {
        val unbound = WATCHING.copy(tablet = GOOD_TABLET.copy(isListenerBound = false))
        assertEquals(null, row(UNPAIRED, Step.LISTENER_BOUND))
        assertEquals(Page.RECONNECT, row(unbound, Step.LISTENER_BOUND)?.page)
    }

    @Test
    fun `without the right to post the tablet watches on - that is advice`() {
        val silent = WATCHING.copy(tablet = GOOD_TABLET.copy(mayPost = false))
        assertEquals(Verdict.ADVICE, row(silent, Step.POST)?.verdict)
        assertEquals(listOf("notifications_blocked"), problemsOf(checklistOf(silent)))
    }

    @Test
    fun `off the charger is advice, and missing once the battery is low`() {
        val unplugged = GOOD_TABLET.copy(isCharging = false)
        assertEquals(Verdict.ADVICE, row(WATCHING.copy(tablet = unplugged), Step.CHARGER)?.verdict)
        assertEquals(Verdict.MISSING, row(WATCHING.copy(tablet = unplugged.copy(batteryPercent = 29)), Step.CHARGER)?.verdict)
    }

    @Test
    fun `a low-RAM tablet and a work profile come before everything else`() {
        val unfit = WATCHING.copy(tablet = GOOD_TABLET.copy(isLowRam = true, isMainProfile = false))
        assertEquals(listOf(Step.MEMORY, Step.MAIN_PROFILE), checklistOf(unfit).take(2).map { it.step })
    }

    @Test
    fun `of an app that is not installed nothing else is asked`() {
        val rows = checklistOf(withApp(AppFacts(TIKTOK, isInstalled = false))).filter { it.app != null }
        assertEquals(listOf(Step.APP_INSTALLED to Verdict.MISSING), rows.map { it.step to it.verdict })
    }

    @Test
    fun `an app heard within a week may notify, and silence says nothing`() {
        val quiet = TIKTOK_FACTS.copy(lastEventAt = NOW.minus(Duration.ofDays(7)))
        assertEquals(Verdict.DONE, row(withApp(TIKTOK_FACTS), Step.APP_NOTIFIES)?.verdict)
        assertEquals(Verdict.BY_HAND, row(withApp(quiet), Step.APP_NOTIFIES)?.verdict)
        assertEquals(Verdict.BY_HAND, row(withApp(TIKTOK_FACTS.copy(lastEventAt = null)), Step.APP_NOTIFIES)?.verdict)
    }

    @Test
    fun `hibernation that Android does not tell is checked by hand, and Android 10 knows none`() {
        val untold = withApp(TIKTOK_FACTS.copy(isExemptFromHibernation = null))
        assertEquals(Verdict.BY_HAND, row(untold, Step.APP_HIBERNATION)?.verdict)
        assertEquals(null, row(untold.copy(tablet = GOOD_TABLET.copy(sdk = 29)), Step.APP_HIBERNATION))
    }

    @Test
    fun `an app is to be opened every week, and after three weeks it is an alarm`() {
        assertEquals(Verdict.DONE, opened(6)?.verdict)
        assertEquals(Verdict.ADVICE, opened(7)?.verdict)
        assertEquals(Verdict.ADVICE, opened(20)?.verdict)
        assertEquals(Verdict.MISSING, opened(21)?.verdict)
        assertEquals(Verdict.MISSING, row(withApp(TIKTOK_FACTS.copy(openedAt = null)), Step.APP_OPENED)?.verdict)
    }

    @Test
    fun `the server may ask for openings more rarely`() {
        val fortnightly = WATCHING.copy(
            apps = listOf(TIKTOK_FACTS.copy(openedAt = NOW.minus(Duration.ofDays(10)))),
            config = ConfigFacts(1, emptyList(), openingReminder = Duration.ofDays(14)),
        )
        assertEquals(Verdict.DONE, row(fortnightly, Step.APP_OPENED)?.verdict)
    }

    @Test
    fun `problems are told worst first, each once, and what is checked by hand is none`() {
        val state = WATCHING.copy(
            tablet = GOOD_TABLET.copy(mayPost = false, isBatteryExempt = false),
            apps = listOf(TIKTOK_FACTS.copy(openedAt = null, isExemptFromHibernation = null), TIKTOK_FACTS.copy(packageName = "x", openedAt = null)),
        )
        val problems = problemsOf(checklistOf(state))
        assertEquals(listOf("battery_not_exempt", "watched_app_not_opened", "notifications_blocked"), problems)
        assertFalse("watched_app_may_hibernate" in problems)
    }
}
