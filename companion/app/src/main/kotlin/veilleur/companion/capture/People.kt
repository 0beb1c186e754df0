package veilleur.companion.capture

import android.app.Person
import android.os.Build
import android.os.Bundle

/** Whom a notification is about, and what the tablet's own user is called in it. */
object People {
    fun read(extras: Bundle): List<String>? {
        val uris = extras.lines(EXTRA_PEOPLE_URIS).orEmpty()
        return (uris + persons(extras)).distinct().unlessEmpty()
    }

    fun selfName(extras: Bundle): String? {
        val named = extras.words(EXTRA_SELF_NAME)
        if (named != null || Build.VERSION.SDK_INT < Build.VERSION_CODES.P) return named
        return (extras.value(EXTRA_MESSAGING_PERSON) as? Person)?.name.words()
    }

    private fun persons(extras: Bundle): List<String> {
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.P) return emptyList()
        return extras.parcelables(EXTRA_PEOPLE_LIST).filterIsInstance<Person>().mapNotNull(::nameOf)
    }

    private fun nameOf(person: Person): String? {
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.P) return null
        return person.uri.words() ?: person.name.words()
    }
}
