package veilleur.companion.capture

import android.os.Build
import android.os.Bundle

/** Whom a notification is about, and what the tablet's own user is called in it. */
object People {
    fun read(extras: Bundle): List<String>? {
        val uris = extras.lines(EXTRA_PEOPLE_URIS).orEmpty()
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.P) return uris.unlessEmpty()
        return (uris + Persons.listIn(extras, EXTRA_PEOPLE_LIST)).distinct().unlessEmpty()
    }

    fun selfName(extras: Bundle): String? {
        val named = extras.words(EXTRA_SELF_NAME)
        if (named != null || Build.VERSION.SDK_INT < Build.VERSION_CODES.P) return named
        return Persons.nameIn(extras, EXTRA_MESSAGING_PERSON)
    }
}
