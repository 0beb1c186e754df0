package veilleur.companion.screen

import android.view.ViewGroup
import veilleur.companion.R
import veilleur.companion.core.wire.AppRule
import veilleur.companion.core.wire.AutoClear
import veilleur.companion.core.wire.ClearMode
import veilleur.companion.core.wire.Selection
import veilleur.companion.core.wire.SelectionMode
import veilleur.companion.health.AppFacts
import veilleur.companion.health.Counted
import veilleur.companion.health.SensorState

private const val COUNTED_SHOWN = 6

/** What the server asked for and what came of it: apps, channels, conversations, and what was dropped. */
class CapturedActivity : ScreenActivity(Tab.CAPTURED, R.layout.screen_list) {
    override fun show(state: SensorState) {
        val list = part<ViewGroup>(R.id.list)
        list.removeAllViews()
        if (state.apps.isEmpty()) {
            val why = if (state.pairing.isPaired) R.string.captured_none_list else R.string.captured_none_unpaired
            list.addWords(getString(R.string.captured_none_title), getString(why))
        } else {
            val rows = list.addWords(null, getString(R.string.captured_intro))
            state.config?.let { rows.addFact(getString(R.string.link_config), getString(R.string.link_config_revision, it.revision)) }
        }
        state.apps.forEach { app -> addApp(list, app, state.config?.rules?.find { it.packageName == app.packageName }) }
        addDropped(list, state)
    }

    private fun addApp(list: ViewGroup, app: AppFacts, rule: AppRule?) {
        val note = if (app.isInstalled == false) getString(R.string.captured_not_installed) else figures.captured(app.captured)
        val rows = list.addApp(app.name, note)
        rows.addFact(getString(R.string.captured_channels), selection(rule?.channels, R.string.captured_all_channels))
        addCounted(rows, app.channels)
        rows.addFact(getString(R.string.captured_chats), selection(rule?.chats, R.string.captured_all))
        addCounted(rows, app.chats)
        rule?.pictures?.let { rows.addFact(getString(R.string.captured_pictures), yesOrNo(it)) }
        rule?.autoClear?.let { rows.addFact(getString(R.string.captured_clear), clearing(it)) }
    }

    private fun addCounted(rows: ViewGroup, counted: List<Counted>) =
        counted.sortedByDescending { it.count }.take(COUNTED_SHOWN).forEach { rows.addCount(it.name, figures.number(it.count)) }

    private fun addDropped(list: ViewGroup, state: SensorState) {
        if (state.dropped.isEmpty()) return
        val rows = list.addWords(getString(R.string.dropped_title), null)
        state.dropped.entries.sortedByDescending { it.value }.forEach { (reason, count) ->
            rows.addCount(wording.dropReason(reason), figures.number(count))
        }
    }

    private fun selection(selection: Selection?, all: Int): String = when (selection?.mode) {
        null, SelectionMode.ALL -> getString(all)
        SelectionMode.ONLY -> getString(R.string.captured_only, selection.listed.joinToString())
        SelectionMode.EXCEPT -> getString(R.string.captured_except, selection.listed.joinToString())
    }

    private fun clearing(clear: AutoClear): String = when (clear.mode) {
        ClearMode.NEVER -> getString(R.string.no)
        ClearMode.ALWAYS -> getString(R.string.yes)
        ClearMode.FROM_COUNT -> getString(R.string.clear_from, clear.fromCount ?: 0)
    }
}
