/** The simulator: the companion's core as a plain program, the stand-in for a tablet. */
package veilleur.companion.tablet

import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import kotlin.concurrent.thread
import kotlin.system.exitProcess
import veilleur.companion.core.BuildInfo
import veilleur.companion.core.device.DeviceSettings
import veilleur.companion.core.drain.Pace
import veilleur.companion.core.wire.AppRule
import veilleur.companion.core.wire.ConfigCodec
import veilleur.companion.core.wire.DeviceConfig
import veilleur.companion.core.wire.Envelope
import veilleur.companion.core.wire.SourceInfo

private const val DONE = 0
private const val UNFINISHED = 1
private const val UNUSABLE = 2
private const val LEAVES_WITHIN_S = 10L

/** Runs the simulator; see HELP. */
fun main(arguments: Array<String>) {
    if ("--help" in arguments) return print(HELP)
    val build = BuildInfo.read()
    val code = try {
        run(readOptions(arguments.toList(), build.builtAt), build)
    } catch (error: UsageException) {
        System.err.println(error.message)
        UNUSABLE
    } catch (error: IOException) {
        System.err.println(error.message)
        UNUSABLE
    }
    exitProcess(code)
}

private fun run(options: Options, build: BuildInfo): Int {
    val log = readLog(options.log).drop(options.skip).let { padded(it, options.padFirst) }
    val firstConfig = options.configFile?.let(::readConfig) ?: DeviceConfig(0, log.map { it.app.packageName }.distinct().map { AppRule(it) })
    val isOver = CountDownLatch(1)
    try {
        return Simulation(settingsOf(options, build, firstConfig), options.link.device).use { simulation ->
            Runtime.getRuntime().addShutdownHook(endingWith(simulation, isOver))
            play(simulation, log, options)
        }
    } finally {
        isOver.countDown()
    }
}

/** A program that is told to stop ends when its hooks have: this one lets the tablet say goodbye. */
private fun endingWith(simulation: Simulation, isOver: CountDownLatch): Thread = thread(start = false) {
    simulation.stop()
    isOver.await(LEAVES_WITHIN_S, TimeUnit.SECONDS)
}

private fun play(simulation: Simulation, log: List<Envelope>, options: Options): Int {
    simulation.post(log, options.ratePerSecond, options.killAfter)
    val isDone = if (options.untilDrained) simulation.waitUntilDrained() else true.also { simulation.stay() }
    println(simulation.summary())
    return if (isDone) DONE else UNFINISHED
}

private fun settingsOf(options: Options, build: BuildInfo, firstConfig: DeviceConfig) = DeviceSettings(
    link = options.link,
    folder = options.folder.resolve("spool"),
    cipher = cipherOf(options.folder.resolve("key")),
    source = SourceInfo("companion", build.version),
    locale = { "fr-FR" },
    firstConfig = firstConfig,
    capBytes = options.capBytes,
    pace = options.silenceMs?.let { Pace(firstSilenceMs = it) } ?: Pace(),
)

private fun readConfig(file: Path): DeviceConfig =
    ConfigCodec.read(Files.readAllBytes(file)) ?: throw UsageException("$file is no config: see the contract's config.v1")
