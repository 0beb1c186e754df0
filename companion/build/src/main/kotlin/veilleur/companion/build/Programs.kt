/** Running a program of the build, and saying what it said when it fails. */
package veilleur.companion.build

import java.nio.file.Path

/** Runs [command] and returns its output; a failure carries that output. */
fun run(command: List<String>): String {
    val process = ProcessBuilder(command).redirectErrorStream(true).start()
    val output = process.inputStream.bufferedReader().readText()
    check(process.waitFor() == 0) { "${Path.of(command.first()).fileName} failed:\n$output" }
    return output
}
