/** The simulator: the companion's core as a plain program. */
package veilleur.companion.tablet

import veilleur.companion.core.BuildInfo

/** Says which version this is. */
fun main() {
    println("veilleur tablet ${BuildInfo.read().version}")
}
