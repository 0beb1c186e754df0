package veilleur.companion.capture

import android.content.res.Resources

private val NAMES = listOf("redacted_notification_message")

/** What this Android, in its language, shows in the place of words that it hides (Android 15; AOSP's core strings). */
object HiddenSentences {
    fun read(system: Resources = Resources.getSystem()): List<String> =
        NAMES.map { system.getIdentifier(it, "string", "android") }.filter { it != 0 }.map(system::getString)
}
