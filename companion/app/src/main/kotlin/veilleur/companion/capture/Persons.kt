package veilleur.companion.capture

import android.app.Person
import android.os.Build
import android.os.Bundle
import veilleur.companion.NeedsApi
import veilleur.companion.core.wire.Message

/** Android's Person, which came with API 28; asked only from there on. */
@NeedsApi(Build.VERSION_CODES.P)
object Persons {
    fun nameIn(extras: Bundle, name: String): String? = (extras.value(name) as? Person)?.name.words()

    /** The URI of each person, or the name where there is none. */
    fun listIn(extras: Bundle, name: String): List<String> =
        extras.parcelables(name).filterIsInstance<Person>().mapNotNull { it.uri.words() ?: it.name.words() }

    fun complete(said: Message, bundle: Bundle, name: String): Message {
        val person = bundle.value(name) as? Person ?: return said
        return said.copy(
            sender = said.sender ?: person.name.words(),
            senderKey = person.key.words(),
            senderUri = person.uri.words(),
        )
    }
}
