package veilleur.companion.health

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

class StandingTest {
    @Test
    fun `a tablet where all is well watches`() {
        assertEquals(Standing(Headline.WATCHING, Tone.GOOD, null), standingOf(WATCHING))
    }

    @Test
    fun `a tablet without a server in reach still watches and says that nothing is lost`() {
        assertEquals(Standing(Headline.WATCHING_OFFLINE, Tone.WARN, Cause.OFFLINE), standingOf(OFFLINE))
    }

    @Test
    fun `a refused tablet says so before it speaks of anything else of the connection`() {
        val refused = OFFLINE.copy(link = LinkFacts(LinkKind.REFUSED), problems = listOf("spool_at_cap"))
        assertEquals(Cause.REFUSED, standingOf(refused).cause)
    }

    @Test
    fun `a listener that Android has not connected is not watching, whatever the connection`() {
        val unbound = WATCHING.copy(tablet = GOOD_TABLET.copy(isListenerBound = false))
        assertEquals(Standing(Headline.NOT_WATCHING, Tone.BAD, Cause.NOT_BOUND), standingOf(unbound))
    }

    @Test
    fun `a canary that did not come back is not watching although the listener is said to be bound`() {
        assertEquals(Headline.NOT_WATCHING, standingOf(WATCHING.copy(problems = listOf("canary_unseen"))).headline)
    }

    @Test
    fun `a tablet that is not paired asks for that before the permissions`() {
        assertEquals(Standing(Headline.NOT_PAIRED, Tone.CALM, Cause.NOT_PAIRED), standingOf(UNPAIRED))
    }

    @Test
    fun `credentials that Android lost are told apart from none`() {
        assertEquals(Cause.CREDENTIALS_LOST, standingOf(UNPAIRED.copy(pairing = PairingFacts(lost = true))).cause)
    }

    @Test
    fun `a paired tablet without a program is not watching, and says which door is closed`() {
        val causes = Obstacle.entries.map { standingOf(WATCHING.copy(pairing = WATCHING.pairing.copy(obstacle = it))) }
        val expected = listOf(Cause.CREDENTIALS_CLOSED, Cause.SPOOL_CLOSED, Cause.OWN_FAULT)
        assertEquals(expected.map { Standing(Headline.NOT_WATCHING, Tone.BAD, it) }, causes)
    }

    @Test
    fun `a low-RAM tablet is unfit before all else`() {
        val small = WATCHING.copy(tablet = GOOD_TABLET.copy(isLowRam = true))
        assertEquals(Standing(Headline.NOT_WATCHING, Tone.BAD, Cause.LOW_RAM), standingOf(small))
    }

    @Test
    fun `before the first list the tablet waits for the server`() {
        assertEquals(Headline.WAITING_FOR_LIST, standingOf(WATCHING.copy(config = null)).headline)
    }

    @Test
    fun `a server that receipts nothing is told before a list that is missing`() {
        val silent = WATCHING.copy(problems = listOf("no_receipt"))
        assertEquals(Cause.NO_RECEIPT, standingOf(silent).cause)
        assertEquals(Cause.NO_RECEIPT, standingOf(silent.copy(config = null)).cause)
    }
}
