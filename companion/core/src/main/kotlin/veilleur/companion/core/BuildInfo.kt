/** What this build is: the project's version and the moment of its source, packed in by the build. */
package veilleur.companion.core

import java.time.Instant
import java.util.Properties

/** The version that the status names, and the earliest moment a tablet's clock may claim. */
data class BuildInfo(val version: String, val builtAt: Instant) {
    companion object {
        private const val RESOURCE = "/veilleur/companion/build.properties"

        /** Reads what the build packed beside the classes. */
        fun read(): BuildInfo {
            val properties = Properties()
            checkNotNull(BuildInfo::class.java.getResourceAsStream(RESOURCE)) { "This build lacks $RESOURCE: build it with Maven." }
                .use(properties::load)
            return BuildInfo(
                version = properties.getProperty("version"),
                builtAt = Instant.ofEpochSecond(properties.getProperty("built_at_s").toLong()),
            )
        }
    }
}
