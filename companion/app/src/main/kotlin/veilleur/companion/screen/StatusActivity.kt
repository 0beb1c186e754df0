package veilleur.companion.screen

import android.content.res.ColorStateList
import android.view.ViewGroup
import android.widget.ImageView
import android.widget.ProgressBar
import android.widget.TextView
import java.text.NumberFormat
import veilleur.companion.R
import veilleur.companion.health.Headline
import veilleur.companion.health.RecentEvent
import veilleur.companion.health.SensorState
import veilleur.companion.health.Tone
import veilleur.companion.health.standingOf

private const val RECENT_SHOWN = 8
private const val BAR_STEPS = 1000

/** Watching or not, at one glance from across the room; below, what came last and how it travels. */
class StatusActivity : ScreenActivity(Tab.STATUS, R.layout.screen_status) {
    override fun show(state: SensorState) {
        showHero(state)
        showRecent(state)
        showLink(state)
        showSpool(state)
    }

    private fun showHero(state: SensorState) {
        val standing = standingOf(state)
        val colors = ToneColors.of(standing.tone)
        val strong = getColor(colors.strong)
        part<ViewGroup>(R.id.hero).tintBackground(colors.soft)
        part<ImageView>(R.id.hero_icon).apply {
            val watches = standing.headline == Headline.WATCHING || standing.headline == Headline.WATCHING_OFFLINE
            setImageResource(if (watches) R.drawable.ic_eye else R.drawable.ic_eye_off)
            imageTintList = ColorStateList.valueOf(strong)
        }
        val number = NumberFormat.getIntegerInstance().format(state.spool.waiting)
        hero(R.id.hero_headline, wording.headline(standing.headline), strong)
        hero(R.id.hero_number, number, strong)
        hero(R.id.hero_waiting, wording.waitingWord(state.spool.waiting), strong)
        part<TextView>(R.id.hero_cause).text = wording.cause(standing.cause)
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
        row.part<TextView>(R.id.event_time).text = wording.moment(event.at, state.at)
    }

    private fun showLink(state: SensorState) {
        val rows = part<ViewGroup>(R.id.link_rows)
        rows.removeAllViews()
        rows.addFact(getString(R.string.link_title), wording.link(state.link.kind))
        rows.addFact(getString(R.string.link_server), state.pairing.server ?: state.link.address ?: getString(R.string.unknown))
        rows.addFact(getString(R.string.link_device), state.pairing.device ?: getString(R.string.unknown))
        val revision = state.config?.let { getString(R.string.link_config_revision, it.revision) }
        rows.addFact(getString(R.string.link_config), revision ?: getString(R.string.link_config_none))
        rows.addFact(getString(R.string.power_title), wording.power(state.tablet))
    }

    private fun showSpool(state: SensorState) {
        val spool = state.spool
        val used = if (spool.capBytes > 0) (spool.bytes * BAR_STEPS / spool.capBytes).toInt() else 0
        part<ProgressBar>(R.id.spool_bar).apply {
            max = BAR_STEPS
            progress = used
        }
        val room = getString(R.string.spool_room, wording.bytes(spool.bytes), wording.bytes(spool.capBytes))
        part<TextView>(R.id.spool_room).say(room.takeIf { spool.capBytes > 0 && spool.waiting > 0 } ?: getString(R.string.spool_empty))
        val oldest = spool.oldestAt?.let { getString(R.string.spool_oldest, wording.moment(it, state.at)) }
        part<TextView>(R.id.spool_oldest).say(oldest)
    }
}
