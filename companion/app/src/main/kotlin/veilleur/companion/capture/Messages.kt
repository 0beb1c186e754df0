package veilleur.companion.capture

import android.os.Build
import android.os.Bundle
import veilleur.companion.core.wire.Message

/** The messages of a MessagingStyle, read from its bundles, which are the same from API 24 on. */
object Messages {
    private const val AT = "time"
    private const val TEXT = "text"
    private const val SENDER = "sender"
    private const val SENDER_PERSON = "sender_person"
    private const val COMPAT_PERSON = "person"
    private const val MIME = "type"
    private const val COMPAT_KEY = "key"
    private const val COMPAT_URI = "uri"
    private const val COMPAT_NAME = "name"

    fun read(extras: Bundle, name: String): List<Message>? =
        extras.parcelables(name).filterIsInstance<Bundle>().map(::message).unlessEmpty()

    private fun message(bundle: Bundle): Message {
        val said = Message(
            atMs = (bundle.value(AT) as? Number)?.toLong(),
            sender = bundle.words(SENDER),
            text = bundle.words(TEXT),
            mime = bundle.words(MIME),
        )
        return withPerson(said, bundle)
    }

    private fun withPerson(said: Message, bundle: Bundle): Message {
        val compat = bundle.value(COMPAT_PERSON) as? Bundle
        if (compat != null) {
            return said.copy(
                sender = said.sender ?: compat.words(COMPAT_NAME),
                senderKey = compat.words(COMPAT_KEY),
                senderUri = compat.words(COMPAT_URI),
            )
        }
        return if (Build.VERSION.SDK_INT < Build.VERSION_CODES.P) said else Persons.complete(said, bundle, SENDER_PERSON)
    }
}
