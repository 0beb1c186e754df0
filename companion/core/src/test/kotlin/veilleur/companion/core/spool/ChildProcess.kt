package veilleur.companion.core.spool

import java.io.File

/** A JVM of its own that runs `main` of a test's file, so that it can be killed or be short of memory. */
internal fun startChild(mainClass: String, jvmOptions: List<String>, vararg arguments: String): Process {
    val java = File(System.getProperty("java.home"), "bin/java").path
    val classPath = System.getProperty("surefire.test.class.path") ?: System.getProperty("java.class.path")
    val quick = listOf("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto")
    return ProcessBuilder(listOf(java) + quick + jvmOptions + listOf("-cp", classPath, mainClass) + arguments)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start()
}
