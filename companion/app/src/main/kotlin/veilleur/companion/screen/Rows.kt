/** The rows that several screens are made of. */
package veilleur.companion.screen

import android.app.Activity
import android.content.Context
import android.content.res.ColorStateList
import android.view.LayoutInflater
import android.view.View
import android.view.ViewGroup
import android.widget.TextView
import veilleur.companion.R
import veilleur.companion.health.Tone

/** The colours of a tone: words on a soft ground, or a ground that is seen from across the room. */
enum class ToneColors(val strong: Int, val onStrong: Int, val soft: Int) {
    GOOD(R.color.good, R.color.on_good, R.color.good_soft),
    WARN(R.color.warn, R.color.on_warn, R.color.warn_soft),
    BAD(R.color.bad, R.color.on_bad, R.color.bad_soft),
    CALM(R.color.calm, R.color.on_calm, R.color.calm_soft),
    ;

    companion object {
        fun of(tone: Tone): ToneColors = when (tone) {
            Tone.GOOD -> GOOD
            Tone.WARN -> WARN
            Tone.BAD -> BAD
            Tone.CALM -> CALM
        }
    }
}

fun View.tintBackground(color: Int) {
    backgroundTintList = ColorStateList.valueOf(context.getColor(color))
}

fun View.showWhere(condition: Boolean) {
    visibility = if (condition) View.VISIBLE else View.GONE
}

/** Puts a text, or takes the view away where there is none. */
fun TextView.say(words: String?) {
    text = words
    showWhere(words != null)
}

fun ViewGroup.add(layout: Int): View = LayoutInflater.from(context).inflate(layout, this, false).also(::addView)

/** A name with its value beside it. */
fun ViewGroup.addFact(name: String, value: String) = addPair(R.layout.row_fact, name, value)

/** A name that may be long, with a number at the end. */
fun ViewGroup.addCount(name: String, number: String) = addPair(R.layout.row_count, name, number)

private fun ViewGroup.addPair(layout: Int, name: String, value: String) {
    val row = add(layout)
    row.part<TextView>(R.id.fact_name).text = name
    row.part<TextView>(R.id.fact_value).text = value
}

/** A card with a title, a sentence, and room for rows. */
fun ViewGroup.addWords(title: String?, words: String?): ViewGroup {
    val card = add(R.layout.card_words)
    card.part<TextView>(R.id.words_title).say(title)
    card.part<TextView>(R.id.words_text).say(words)
    return card.part(R.id.words_rows)
}

/** A card about one app, with room for rows. */
fun ViewGroup.addApp(name: String, note: String?): ViewGroup {
    val card = add(R.layout.card_app)
    card.part<TextView>(R.id.app_mark).text = initialOf(name)
    card.part<TextView>(R.id.app_name).text = name
    card.part<TextView>(R.id.app_note).say(note)
    return card.part(R.id.app_rows)
}

/** The first letter of a name, a surrogate pair whole. */
fun initialOf(name: String): String =
    if (name.isEmpty()) "" else String(Character.toChars(name.codePointAt(0))).uppercase()

fun Context.yesOrNo(answer: Boolean): String = getString(if (answer) R.string.yes else R.string.no)

/** A part of a layout, which is there by construction. */
fun <T : View> Activity.part(id: Int): T = checkNotNull(findViewById(id)) { "the layout lacks ${resources.getResourceEntryName(id)}" }

fun <T : View> View.part(id: Int): T = checkNotNull(findViewById(id)) { "the layout lacks ${resources.getResourceEntryName(id)}" }
