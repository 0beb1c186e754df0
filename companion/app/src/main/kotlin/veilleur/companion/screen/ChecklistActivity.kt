package veilleur.companion.screen

import android.content.pm.PackageManager
import android.content.res.ColorStateList
import android.util.TypedValue
import android.view.ViewGroup
import android.widget.Button
import android.widget.ImageView
import android.widget.TextView
import android.widget.Toast
import veilleur.companion.R
import veilleur.companion.checklist.ChecklistRow
import veilleur.companion.checklist.Page
import veilleur.companion.checklist.Verdict
import veilleur.companion.checklist.checklistOf
import veilleur.companion.health.SensorState

/** Everything that must be right before the tablet is left alone; each row says what to do and opens the page for it. */
class ChecklistActivity : ScreenActivity(Tab.CHECKLIST, R.layout.screen_list) {
    private val steps by lazy { StepWording(this) }
    private val pages by lazy { SettingsPages(this) }

    override fun show(state: SensorState) {
        val list = part<ViewGroup>(R.id.list)
        val rows = checklistOf(state)
        list.removeAllViews()
        addSummary(list, rows)
        val tablet = list.addWords(getString(R.string.section_tablet), null)
        rows.filter { it.app == null }.forEach { addRow(tablet, it) }
        rows.filter { it.app != null }.groupBy { it.app }.forEach { (app, ofApp) ->
            val card = list.addApp(app?.name.orEmpty(), app?.version)
            ofApp.forEach { addRow(card, it) }
        }
    }

    private fun addSummary(list: ViewGroup, rows: List<ChecklistRow>) {
        val worst = WORST_FIRST.first { verdict -> verdict == Verdict.DONE || rows.any { it.verdict == verdict } }
        val card = list.add(R.layout.card_words)
        val colors = Look.of(worst).colors
        val isAlarm = worst == Verdict.MISSING || worst == Verdict.ADVICE
        card.tintBackground(if (isAlarm) colors.strong else colors.soft)
        card.part<TextView>(R.id.words_title).apply {
            text = summary(rows)
            setTextColor(getColor(if (isAlarm) colors.onStrong else colors.strong))
            setTextSize(TypedValue.COMPLEX_UNIT_PX, resources.getDimension(R.dimen.text_summary))
        }
        card.part<TextView>(R.id.words_text).say(null)
    }

    private fun summary(rows: List<ChecklistRow>): String {
        val missing = rows.count { it.verdict == Verdict.MISSING }.toLong()
        val advised = rows.count { it.verdict == Verdict.ADVICE }.toLong()
        return when {
            missing > 0 -> figures.plural(R.plurals.checklist_missing, missing)
            advised > 0 -> figures.plural(R.plurals.checklist_advice, advised)
            rows.any { it.verdict == Verdict.BY_HAND } -> getString(R.string.checklist_by_hand)
            else -> getString(R.string.checklist_all_done)
        }
    }

    private fun addRow(parent: ViewGroup, row: ChecklistRow) {
        val view = parent.add(R.layout.row_step)
        val look = Look.of(row.verdict)
        view.part<ImageView>(R.id.step_icon).apply {
            setImageResource(look.icon)
            imageTintList = ColorStateList.valueOf(getColor(look.colors.strong))
            tintBackground(look.colors.soft)
            contentDescription = steps.verdict(row.verdict)
        }
        view.part<TextView>(R.id.step_name).text = steps.name(row.step)
        view.part<TextView>(R.id.step_words).say(steps.words(row))
        val buttons = view.part<ViewGroup>(R.id.step_buttons)
        if (row.isRestricted) addButton(buttons, getString(R.string.button_app_info)) { pages.ownDetails() }
        row.page?.let { page -> addPage(buttons, page, row) }
    }

    private fun addPage(buttons: ViewGroup, page: Page, row: ChecklistRow) {
        val packageName = row.app?.packageName
        if (page == Page.CONFIRM_OPENED && packageName != null) {
            if (row.verdict != Verdict.DONE) addButton(buttons, getString(R.string.button_open_app)) { pages.launch(packageName) }
            addButton(buttons, steps.button(page)) { confirm(packageName) }
        } else {
            addButton(buttons, steps.button(page)) { follow(page, packageName) }
        }
    }

    private fun addButton(buttons: ViewGroup, label: String, act: () -> Boolean) {
        val button = buttons.add(R.layout.button_quiet) as Button
        button.text = label
        button.setOnClickListener { if (!act()) Toast.makeText(this, R.string.no_page, Toast.LENGTH_LONG).show() }
    }

    private fun confirm(packageName: String): Boolean {
        sensor.confirmOpened(packageName)
        showNow()
        return true
    }

    private fun follow(page: Page, packageName: String?): Boolean = when (page) {
        Page.PAIRING -> true.also { open(Tab.PAIRING) }
        Page.RECONNECT -> true.also { sensor.reconnectListener() }
        Page.POST_PERMISSION -> pages.askToPost()
        Page.LISTENER_ACCESS -> pages.listenerAccess()
        Page.BATTERY_EXEMPTION -> pages.batteryExemption()
        Page.APP_NOTIFICATIONS -> packageName != null && pages.notificationsOf(packageName)
        Page.APP_DETAILS -> packageName != null && pages.detailsOf(packageName)
        Page.CONFIRM_OPENED -> packageName != null && confirm(packageName)
    }

    override fun onRequestPermissionsResult(requestCode: Int, permissions: Array<out String>, grantResults: IntArray) {
        if (grantResults.none { it == PackageManager.PERMISSION_GRANTED } && permissions.isNotEmpty()) pages.ownNotifications()
        showNow()
    }
}

private val WORST_FIRST = listOf(Verdict.MISSING, Verdict.ADVICE, Verdict.BY_HAND, Verdict.DONE)

/** How a verdict looks. */
private enum class Look(val icon: Int, val colors: ToneColors) {
    DONE(R.drawable.ic_done, ToneColors.GOOD),
    MISSING(R.drawable.ic_missing, ToneColors.BAD),
    ADVICE(R.drawable.ic_advice, ToneColors.WARN),
    BY_HAND(R.drawable.ic_by_hand, ToneColors.CALM),
    ;

    companion object {
        fun of(verdict: Verdict): Look = when (verdict) {
            Verdict.DONE -> DONE
            Verdict.MISSING -> MISSING
            Verdict.ADVICE -> ADVICE
            Verdict.BY_HAND -> BY_HAND
        }
    }
}
