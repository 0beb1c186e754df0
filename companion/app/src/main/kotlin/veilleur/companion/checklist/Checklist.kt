/** What must be right on a tablet before it can be left alone on a wall; pure. */
package veilleur.companion.checklist

import java.time.Duration
import java.time.Instant
import veilleur.companion.health.AppFacts
import veilleur.companion.health.SensorState
import veilleur.companion.health.TabletFacts

/** DONE and MISSING are facts, ADVICE can be lived with, BY_HAND is what Android does not let us read. */
enum class Verdict { DONE, MISSING, ADVICE, BY_HAND }

/** One thing to see to; `code` is its name among the status' problems. */
enum class Step(val code: String) {
    MEMORY("low_ram"),
    MAIN_PROFILE("not_main_profile"),
    PAIRED("not_paired"),
    LISTENER_ALLOWED("listener_not_allowed"),
    LISTENER_BOUND("listener_not_bound"),
    BATTERY("battery_not_exempt"),
    POST("notifications_blocked"),
    CHARGER("not_charging"),
    PLAY_SERVICES("no_play_services"),
    APP_LIST("no_config"),
    APP_INSTALLED("watched_app_missing"),
    APP_NOTIFIES("watched_app_blocked"),
    APP_HIBERNATION("watched_app_may_hibernate"),
    APP_OPENED("watched_app_not_opened"),
}

/** Where the row's button leads. */
enum class Page {
    PAIRING,
    LISTENER_ACCESS,
    RECONNECT,
    BATTERY_EXEMPTION,
    POST_PERMISSION,
    APP_NOTIFICATIONS,
    APP_DETAILS,
    CONFIRM_OPENED,
}

/** One row; `days` since the app was opened, where the step is about that. */
data class ChecklistRow(
    val step: Step,
    val verdict: Verdict,
    val app: AppFacts? = null,
    val page: Page? = null,
    val isRestricted: Boolean = false,
    val days: Long? = null,
)

private const val RESTRICTED_SETTINGS_SDK = 33
private const val HIBERNATION_SDK = 30
private const val LOW_BATTERY_PERCENT = 30
private val UNOPENED_ALARM: Duration = Duration.ofDays(21)
private val HEARD_LATELY: Duration = Duration.ofDays(7)

/** Says of every step how it stands: the tablet first, then each watched app. */
fun checklistOf(state: SensorState): List<ChecklistRow> {
    val reminder = state.config?.openingReminder
    return tabletRows(state) + state.apps.flatMap { appRows(it, state, reminder ?: Duration.ofDays(7)) }
}

/** What the status says of the rows, worst first, each code once. */
fun problemsOf(rows: List<ChecklistRow>): List<String> =
    rows.filter { it.verdict == Verdict.MISSING || it.verdict == Verdict.ADVICE }
        .sortedBy { it.verdict }
        .map { it.step.code }
        .distinct()

private fun tabletRows(state: SensorState): List<ChecklistRow> {
    val tablet = state.tablet
    return listOfNotNull(
        ChecklistRow(Step.MEMORY, Verdict.MISSING).takeIf { tablet.isLowRam },
        ChecklistRow(Step.MAIN_PROFILE, Verdict.MISSING).takeIf { !tablet.isMainProfile },
        ChecklistRow(Step.PLAY_SERVICES, Verdict.MISSING).takeIf { tablet.hasPlayServices == false },
        row(Step.PAIRED, state.pairing.isPaired, Page.PAIRING),
        row(Step.LISTENER_ALLOWED, tablet.isListenerAllowed, Page.LISTENER_ACCESS)
            .copy(isRestricted = !tablet.isListenerAllowed && tablet.sdk >= RESTRICTED_SETTINGS_SDK),
        row(Step.LISTENER_BOUND, tablet.isListenerBound, Page.RECONNECT).takeIf { tablet.isListenerAllowed },
        row(Step.BATTERY, tablet.isBatteryExempt, Page.BATTERY_EXEMPTION),
        row(Step.POST, tablet.mayPost, Page.POST_PERMISSION, otherwise = Verdict.ADVICE),
        chargerRow(tablet),
        ChecklistRow(Step.APP_LIST, Verdict.ADVICE).takeIf { state.pairing.isPaired && state.apps.isEmpty() },
    )
}

private fun chargerRow(tablet: TabletFacts): ChecklistRow? {
    val charging = tablet.isCharging ?: return null
    val isLow = (tablet.batteryPercent ?: LOW_BATTERY_PERCENT) < LOW_BATTERY_PERCENT
    return row(Step.CHARGER, charging, page = null, otherwise = if (isLow) Verdict.MISSING else Verdict.ADVICE)
}

private fun appRows(app: AppFacts, state: SensorState, reminder: Duration): List<ChecklistRow> {
    if (app.isInstalled == false) return listOf(ChecklistRow(Step.APP_INSTALLED, Verdict.MISSING, app))
    return listOfNotNull(
        ChecklistRow(Step.APP_NOTIFIES, known(heardLately(app, state.at)), app, Page.APP_NOTIFICATIONS),
        ChecklistRow(Step.APP_HIBERNATION, known(app.isExemptFromHibernation), app, Page.APP_DETAILS)
            .takeIf { state.tablet.sdk >= HIBERNATION_SDK },
        openedRow(app, state.at, reminder),
    ).map { if (it.verdict == Verdict.DONE) it.copy(page = it.page.takeIf { page -> page == Page.CONFIRM_OPENED }) else it }
}

/** Android tells no other app whether this one, or a channel of it, may notify: heard within a week it may, silence says nothing. */
private fun heardLately(app: AppFacts, now: Instant): Boolean? =
    true.takeIf { app.lastEventAt?.let { Duration.between(it, now) < HEARD_LATELY } == true }

private fun openedRow(app: AppFacts, now: Instant, reminder: Duration): ChecklistRow {
    val age = app.openedAt?.let { Duration.between(it, now) }
    val verdict = when {
        age == null || age >= UNOPENED_ALARM -> Verdict.MISSING
        age >= reminder -> Verdict.ADVICE
        else -> Verdict.DONE
    }
    return ChecklistRow(Step.APP_OPENED, verdict, app, Page.CONFIRM_OPENED, days = age?.toDays())
}

private fun row(step: Step, isDone: Boolean, page: Page?, otherwise: Verdict = Verdict.MISSING): ChecklistRow =
    if (isDone) ChecklistRow(step, Verdict.DONE) else ChecklistRow(step, otherwise, page = page)

private fun known(fact: Boolean?): Verdict = when (fact) {
    true -> Verdict.DONE
    false -> Verdict.MISSING
    null -> Verdict.BY_HAND
}
