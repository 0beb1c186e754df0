package veilleur.companion.screen

import android.content.Context
import veilleur.companion.R
import veilleur.companion.checklist.ChecklistRow
import veilleur.companion.checklist.Page
import veilleur.companion.checklist.Step
import veilleur.companion.checklist.Verdict

/** The checklist in the user's language. */
class StepWording(private val context: Context) {
    private val figures = Figures(context)

    fun name(step: Step): String = context.getString(
        when (step) {
            Step.MEMORY -> R.string.step_memory
            Step.MAIN_PROFILE -> R.string.step_main_profile
            Step.PAIRED -> R.string.step_paired
            Step.LISTENER_ALLOWED -> R.string.step_listener_allowed
            Step.LISTENER_BOUND -> R.string.step_listener_bound
            Step.BATTERY -> R.string.step_battery
            Step.POST -> R.string.step_post
            Step.CHARGER -> R.string.step_charger
            Step.PLAY_SERVICES -> R.string.step_play_services
            Step.APP_LIST -> R.string.step_app_list
            Step.APP_INSTALLED -> R.string.step_app_installed
            Step.APP_NOTIFIES -> R.string.step_app_notifies
            Step.APP_HIBERNATION -> R.string.step_app_hibernation
            Step.APP_OPENED -> R.string.step_app_opened
        },
    )

    /** What to do; null where nothing is to be said. */
    fun words(row: ChecklistRow): String? = when {
        row.step == Step.APP_OPENED -> openedWords(row)
        row.verdict == Verdict.DONE -> null
        row.isRestricted -> context.getString(R.string.step_listener_restricted)
        row.verdict == Verdict.BY_HAND -> byHandWords(row.step)?.let(context::getString)
        else -> missingWords(row.step)?.let(context::getString)
    }

    fun verdict(verdict: Verdict): String = context.getString(
        when (verdict) {
            Verdict.DONE -> R.string.icon_done
            Verdict.MISSING -> R.string.icon_missing
            Verdict.ADVICE -> R.string.icon_advice
            Verdict.BY_HAND -> R.string.icon_by_hand
        },
    )

    fun button(page: Page): String = context.getString(
        when (page) {
            Page.PAIRING -> R.string.button_pair
            Page.LISTENER_ACCESS, Page.APP_NOTIFICATIONS -> R.string.button_open_settings
            Page.RECONNECT -> R.string.button_reconnect
            Page.BATTERY_EXEMPTION, Page.POST_PERMISSION -> R.string.button_allow
            Page.APP_DETAILS -> R.string.button_app_info
            Page.CONFIRM_OPENED -> R.string.button_opened
        },
    )

    private fun openedWords(row: ChecklistRow): String {
        val days = row.days ?: return context.getString(R.string.step_app_opened_never)
        return when {
            row.verdict != Verdict.DONE -> figures.plural(R.plurals.opened_days_late, days)
            days == 0L -> context.getString(R.string.step_app_opened_today)
            else -> figures.plural(R.plurals.opened_days, days)
        }
    }

    private fun byHandWords(step: Step): Int? = when (step) {
        Step.APP_NOTIFIES -> R.string.step_app_notifies_by_hand
        Step.APP_HIBERNATION -> R.string.step_app_hibernation_by_hand
        else -> null
    }

    private fun missingWords(step: Step): Int? = when (step) {
        Step.MEMORY -> R.string.step_memory_missing
        Step.MAIN_PROFILE -> R.string.step_main_profile_missing
        Step.PAIRED -> R.string.step_paired_missing
        Step.LISTENER_ALLOWED -> R.string.step_listener_allowed_missing
        Step.LISTENER_BOUND -> R.string.step_listener_bound_missing
        Step.BATTERY -> R.string.step_battery_missing
        Step.POST -> R.string.step_post_missing
        Step.CHARGER -> R.string.step_charger_missing
        Step.PLAY_SERVICES -> R.string.step_play_services_missing
        Step.APP_LIST -> R.string.step_app_list_missing
        Step.APP_INSTALLED -> R.string.step_app_installed_missing
        Step.APP_HIBERNATION -> R.string.step_app_hibernation_missing
        Step.APP_NOTIFIES, Step.APP_OPENED -> null
    }
}
