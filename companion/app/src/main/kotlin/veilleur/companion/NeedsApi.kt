/** The word by which a function says that its callers ask for a newer Android first. */
package veilleur.companion

/** Calls Android [level] or newer: the build's look-up against API 26 leaves this out. */
@Retention(AnnotationRetention.BINARY)
@Target(AnnotationTarget.FUNCTION, AnnotationTarget.CLASS)
annotation class NeedsApi(val level: Int)
