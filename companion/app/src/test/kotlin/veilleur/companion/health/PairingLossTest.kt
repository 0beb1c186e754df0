package veilleur.companion.health

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import veilleur.companion.keep.VaultTest

class PairingLossTest {
    private val waiting = OFFLINE.spool.waiting

    @Test
    fun `another device's code loses what waits, the same device's nothing`() {
        assertEquals(waiting, eventsLostBy(VaultTest.PAIRING_TEXT, OFFLINE.copy(pairing = PairingFacts("other"))))
        assertEquals(0, eventsLostBy(VaultTest.PAIRING_TEXT, OFFLINE))
    }

    @Test
    fun `a first pairing, and a text that is no code, lose nothing`() {
        assertEquals(0, eventsLostBy(VaultTest.PAIRING_TEXT, OFFLINE.copy(pairing = PairingFacts())))
        assertEquals(0, eventsLostBy("hello", OFFLINE.copy(pairing = PairingFacts("other"))))
    }
}
