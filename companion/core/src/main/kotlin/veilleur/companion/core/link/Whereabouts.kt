package veilleur.companion.core.link

/** Looks for a server by its mDNS name: host and port of what answers; throws nothing. */
fun interface ServerSearch {
    fun search(name: String): List<Pair<String, Int>>
}

/**
 * Tells which address to try next: the last good one, each of the code in turn, then wherever mDNS says the server is.
 *
 * What was found is only tried: the key of the code decides whom to trust. For one thread.
 */
class Whereabouts(private val settings: LinkSettings, private val search: ServerSearch) {
    private val round = ArrayDeque(settings.addresses)
    private var lastGood: BrokerAddress? = null

    /** Returns the next address to try. */
    fun next(): BrokerAddress {
        if (round.isEmpty()) {
            val known = listOfNotNull(lastGood) + settings.addresses
            round += (known + movedTo()).distinct()
        }
        return round.removeFirst()
    }

    /** Notes that a server took us here: it is tried first from now on. */
    fun worked(address: BrokerAddress) {
        lastGood = address
        round.clear()
        round += (listOf(address) + settings.addresses).distinct()
    }

    private fun movedTo(): List<BrokerAddress> {
        val name = settings.mdns ?: return emptyList()
        val pinned = settings.addresses.find { it.keySha256 != null } ?: return emptyList()
        return search.search(name).take(MOST_FOUND).map { (host, port) ->
            pinned.copy(host = host, port = port, isEncrypted = true, websocketPath = null)
        }
    }

    private companion object {
        const val MOST_FOUND = 4
    }
}
