package veilleur.companion.core.link

/** What can happen on a connection to a broker. */
internal sealed interface LinkEvent {
    /** The broker took us and every subscription. */
    data object Ready : LinkEvent

    /** A message arrived. */
    class Received(val topic: String, val payload: ByteArray) : LinkEvent

    /** The broker answered for the message of this seq. */
    class Answered(val seq: Long) : LinkEvent

    /** The connection is over. */
    class Over(val reason: String) : LinkEvent

    /** Somebody wants the link to look around. */
    data object Wake : LinkEvent
}
