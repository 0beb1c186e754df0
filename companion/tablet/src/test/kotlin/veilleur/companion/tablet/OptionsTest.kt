package veilleur.companion.tablet

import java.nio.file.Path
import java.nio.file.Paths
import java.time.Instant
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

private val NAMED = listOf("--mqtt-url", "mqtt://salon-1:word@127.0.0.1:1883", "--device", "salon-1", "--state-dir", "state", "log.jsonl")

class OptionsTest {
    @TempDir
    lateinit var folder: Path

    private fun refused(vararg arguments: String): String =
        assertThrows(UsageException::class.java) { readOptions(arguments.toList(), Instant.EPOCH) }.message.orEmpty()

    @Test
    fun `a tablet that is named by hand has its account in the address`() {
        val options = readOptions(NAMED, Instant.EPOCH)

        assertEquals("salon-1", options.link.device)
        assertEquals("salon-1" to "word", options.link.addresses.single().run { username to password })
        assertEquals(10.0 to 0, options.ratePerSecond to options.skip)
    }

    @Test
    fun `a pace may be as fast as the disk takes it`() {
        assertEquals(null, readOptions(listOf("--rate", "max") + NAMED, Instant.EPOCH).ratePerSecond)
        assertEquals(0.5, readOptions(listOf("--rate", "0.5") + NAMED, Instant.EPOCH).ratePerSecond)
    }

    @Test
    fun `what is missing or wrong is named`() {
        assertTrue("--pair" in refused("--state-dir", "s", "log.jsonl"))
        assertTrue("--state-dir" in refused("--mqtt-url", "mqtt://h", "--device", "salon-1", "log.jsonl"))
        assertTrue("LOG.jsonl" in refused(*NAMED.dropLast(1).toTypedArray()))
        assertTrue("--rate" in refused("--rate", "quick", *NAMED.toTypedArray()))
        assertTrue("--faster" in refused("--faster", *NAMED.toTypedArray()))
        assertTrue("NO_CODE" in refused("--pair", "no code", "--state-dir", "s", "log.jsonl"))
        assertTrue("--device" in refused("--mqtt-url", "mqtt://h", "--device", "Salon 1", "--state-dir", "s", "log.jsonl"))
    }

    @Test
    fun `every option is in the help`() {
        for (option in listOf("--pair", "--mqtt-url", "--device", "--state-dir", "--rate", "--skip", "--pad-first", "--config")) {
            assertTrue(option in HELP, option)
        }
    }

    @Test
    fun `a log gives back what was shown, and a line that is none is named`() {
        val log = folder.resolve("log.jsonl")
        val week = Paths.get(System.getProperty("veilleur.contract"), "../../samples/restaurant-week.jsonl")

        assertEquals(week.toFile().readLines().count { "\"notification\"" in it }, readLog(week).size)
        log.toFile().writeText("{}\n")
        assertTrue("line 1" in assertThrows(UsageException::class.java) { readLog(log) }.message!!)
    }

    @Test
    fun `the key of a spool is made once, for its owner alone`() {
        val key = folder.resolve("state/key")
        val sealed = cipherOf(key).seal("words".toByteArray(), ByteArray(0))

        assertEquals("words", cipherOf(key).open(sealed, ByteArray(0))?.let { String(it) })
        assertEquals("rw-------", java.nio.file.attribute.PosixFilePermissions.toString(java.nio.file.Files.getPosixFilePermissions(key)))
    }
}
