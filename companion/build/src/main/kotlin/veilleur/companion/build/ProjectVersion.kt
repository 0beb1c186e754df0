/** The project's one version, as Android wants it: a name for people and a code that grows. */
package veilleur.companion.build

import java.nio.file.Files
import java.nio.file.Path

/** A version such as 1.4.2, whose code is 10402. */
data class ProjectVersion(val major: Int, val minor: Int, val patch: Int) {
    val name: String get() = "$major.$minor.$patch"
    val code: Int get() = major * 10_000 + minor * 100 + patch

    companion object {
        private val LINE = Regex("""^__version__ = "(\d+)\.(\d{1,2})\.(\d{1,2})"$""", RegexOption.MULTILINE)

        /** Reads the version out of the daemon's package. */
        fun readFrom(file: Path): ProjectVersion {
            val found = LINE.find(Files.readString(file)) ?: error("$file names no __version__ = \"MAJOR.MINOR.PATCH\".")
            val (major, minor, patch) = found.destructured
            return ProjectVersion(major.toInt(), minor.toInt(), patch.toInt())
        }
    }
}
