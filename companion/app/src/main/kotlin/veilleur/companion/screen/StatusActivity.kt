package veilleur.companion.screen

import android.content.res.ColorStateList
import android.view.ViewGroup
import android.widget.ImageView
import android.widget.TextView
import veilleur.companion.R
import veilleur.companion.health.Headline
import veilleur.companion.health.RecentEvent
import veilleur.companion.health.SensorState
import veilleur.companion.health.Tone
import veilleur.companion.health.standingOf

private const val RECENT_SHOWN = 8

/** Watching or not, at one glance from across the room; below, what came last and how it travels. */
class StatusActivity : ScreenActivity(Tab.STATUS, R.layout.screen_status) {
    override fun show(state: SensorState) {
        showHero(state)
        showRecent(state)
        showFacts(state)
    }

    private fun showHero(state: SensorState) {
        val standing = standingOf(state)
        val colors = ToneColors.of(standing.tone)
        val isAlarm = standing.tone == Tone.WARN || standing.tone == Tone.BAD
        val ink = getColor(if (isAlarm) colors.onStrong else colors.strong)
        part<ViewGroup>(R.id.hero).tintBackground(if (isAlarm) colors.strong else colors.soft)
        part<ImageView>(R.id.hero_icon).apply {
            val watches = standing.headline == Headline.WATCHING || standing.headline == Headline.WATCHING_OFFLINE
            setImageResource(if (watches) R.drawable.ic_eye else R.drawable.ic_eye_off)
            imageTintList = ColorStateList.valueOf(ink)
        }
        val number = figures.number(state.spool.waiting)
        hero(R.id.hero_headline, wording.headline(standing.headline), ink)
        hero(R.id.hero_number, number, ink)
        hero(R.id.hero_waiting, figures.waitingWord(state.spool.waiting), ink)
        hero(R.id.hero_cause, wording.cause(standing.cause), if (isAlarm) ink else getColor(R.color.ink))
        part<ViewGroup>(R.id.hero_count).showWhere(standing.tone != Tone.CALM)
    }

    private fun hero(id: Int, words: String, color: Int) {
        val view = part<TextView>(id)
        view.setTextColor(color)
        if (view.text.toString() != words) view.text = words
    }

    private fun showRecent(state: SensorState) {
        val rows = part<ViewGroup>(R.id.recent_rows)
        rows.removeAllViews()
        state.recent.take(RECENT_SHOWN).forEach { addEvent(rows, it, state) }
        part<TextView>(R.id.recent_none).showWhere(state.recent.isEmpty())
    }

    private fun addEvent(rows: ViewGroup, event: RecentEvent, state: SensorState) {
        val row = rows.add(R.layout.row_event)
        row.part<TextView>(R.id.event_mark).text = initialOf(event.app)
        row.part<TextView>(R.id.event_app).text = event.app
        row.part<TextView>(R.id.event_kind).text = wording.event(event.event)
        row.part<TextView>(R.id.event_time).text = figures.moment(event.at, state.at)
    }

    private fun showFacts(state: SensorState) {
        val rows = part<ViewGroup>(R.id.link_rows)
        rows.removeAllViews()
        val unknown = getString(R.string.unknown)
        rows.addFact(getString(R.string.link_state), wording.link(state.link.kind))
        rows.addFact(getString(R.string.link_server), state.pairing.server ?: state.link.address ?: unknown)
        rows.addFact(getString(R.string.link_device), state.pairing.device ?: unknown)
        rows.addFact(getString(R.string.power_title), wording.power(state.tablet))
        if (state.spool.waiting > 0) addSpool(rows, state)
    }

    private fun addSpool(rows: ViewGroup, state: SensorState) {
        val spool = state.spool
        val room = getString(R.string.spool_room, figures.bytes(spool.bytes), figures.bytes(spool.capBytes))
        rows.addFact(getString(R.string.spool_title), room)
        spool.oldestAt?.let { rows.addFact(getString(R.string.spool_oldest), figures.moment(it, state.at)) }
    }
}
