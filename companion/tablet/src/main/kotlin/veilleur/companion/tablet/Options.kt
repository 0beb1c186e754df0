package veilleur.companion.tablet

import java.nio.file.Path
import java.nio.file.Paths
import java.time.Instant
import veilleur.companion.core.link.BrokerAddress
import veilleur.companion.core.link.LinkSettings
import veilleur.companion.core.wire.PairingCodes
import veilleur.companion.core.wire.PairingText
import veilleur.companion.core.wire.isDeviceName

internal const val HELP = """usage: java -jar tablet-all.jar (--pair CODE | --mqtt-url URL --device NAME) --state-dir FOLDER [options] LOG.jsonl

A tablet of no person's: the companion's core, which replays a log of Veilleur's own format (one envelope a line) as
if Android posted it now. It spools to disk and sends until the daemon's receipt covers it.

  --pair CODE        the code that `veilleur device pair NAME` printed
  --mqtt-url URL     instead of a code: mqtt://user:password@host:port; needs --device
  --device NAME      the device's name, of a-z, 0-9 and -
  --state-dir FOLDER where spool and key are kept; the same folder goes on where it was left
  --rate N           so many a second (default 10), or max
  --skip N           leave out the first N lines of the log
  --pad-first N      make the first text N characters longer: no log holds a notification that is too large
  --config FILE      a config (contract: config.v1) in force until the daemon's; default: every app of the log
  --cap-bytes N      the spool's cap until a config says otherwise
  --silence-s N      how long nothing may be receipted before the first is repeated (default 30)
  --kill-after N     end at once, as by a power cut, when N lines of the log are on disk
  --until-drained    end once all that was replayed is stored; without it, stay until told to stop
  --help             this text

It ends with 0, with 1 where the spool is not empty though that was asked for, and with 2 for what it cannot read.
"""

/** What is asked cannot be done; the message says what to do next. */
class UsageException(message: String) : Exception(message)

/** What the command line asks for; `ratePerSecond` is null for as fast as the disk takes it. */
internal data class Options(
    val link: LinkSettings,
    val folder: Path,
    val log: Path,
    val ratePerSecond: Double?,
    val skip: Int,
    val padFirst: Int,
    val configFile: Path?,
    val capBytes: Long?,
    val silenceMs: Long?,
    val killAfter: Int?,
    val untilDrained: Boolean,
)

private val FLAGS = setOf("--until-drained")
private val VALUES = setOf(
    "--pair", "--mqtt-url", "--device", "--state-dir", "--rate", "--skip", "--pad-first", "--config", "--cap-bytes", "--silence-s",
    "--kill-after",
)
private const val LONGEST_PAUSE_MS = 2_000L
private const val DEFAULT_RATE = 10.0
private const val MS_PER_S = 1_000

/** Reads a command line. Throws UsageException. */
internal fun readOptions(arguments: List<String>, builtAt: Instant): Options {
    val given = HashMap<String, String>()
    val names = ArrayList<String>()
    val left = arguments.iterator()
    while (left.hasNext()) {
        val one = left.next()
        when {
            one in FLAGS -> given[one] = ""
            one in VALUES -> given[one] = if (left.hasNext()) left.next() else throw UsageException("$one needs a value: see --help")
            one.startsWith("--") -> throw UsageException("$one is not known: see --help")
            else -> names += one
        }
    }
    return Options(
        link = linkOf(given, builtAt).copy(longestPauseMs = LONGEST_PAUSE_MS),
        folder = Paths.get(given["--state-dir"] ?: throw UsageException("--state-dir FOLDER is needed")),
        log = Paths.get(names.singleOrNull() ?: throw UsageException("give one LOG.jsonl")),
        ratePerSecond = given["--rate"].let { if (it == "max") null else numberOf("--rate", it) ?: DEFAULT_RATE },
        skip = numberOf("--skip", given["--skip"])?.toInt() ?: 0,
        padFirst = numberOf("--pad-first", given["--pad-first"])?.toInt() ?: 0,
        configFile = given["--config"]?.let { Paths.get(it) },
        capBytes = numberOf("--cap-bytes", given["--cap-bytes"])?.toLong(),
        silenceMs = numberOf("--silence-s", given["--silence-s"])?.let { (it * MS_PER_S).toLong() },
        killAfter = numberOf("--kill-after", given["--kill-after"])?.toInt(),
        untilDrained = "--until-drained" in given,
    )
}

private fun linkOf(given: Map<String, String>, builtAt: Instant): LinkSettings {
    given["--pair"]?.let { return paired(it, builtAt) }
    val url = given["--mqtt-url"] ?: throw UsageException("say who the tablet is: --pair CODE, or --mqtt-url URL --device NAME")
    val device = given["--device"]?.takeIf(::isDeviceName) ?: throw UsageException("--device NAME is needed, of a-z, 0-9 and -")
    try {
        return LinkSettings(device, listOf(BrokerAddress.parse(url)), builtAt)
    } catch (error: IllegalArgumentException) {
        throw UsageException(error.message.orEmpty())
    }
}

private fun paired(code: String, builtAt: Instant): LinkSettings =
    when (val text = PairingCodes.read(code)) {
        is PairingText.Read -> LinkSettings.of(text.code, builtAt)
        is PairingText.Refused -> throw UsageException("the pairing code cannot be used (${text.why}): make a new one with `veilleur device pair`")
    }

private fun numberOf(name: String, written: String?): Double? {
    if (written == null) return null
    return written.toDoubleOrNull()?.takeIf { it > 0 || (it == 0.0 && name != "--rate") } ?: throw UsageException("$name needs a number: $written is none")
}
