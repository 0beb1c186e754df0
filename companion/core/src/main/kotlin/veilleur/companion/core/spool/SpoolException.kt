package veilleur.companion.core.spool

import java.io.IOException

/** The spool could not do what was asked; the message says what to do next. */
open class SpoolException(message: String, cause: Throwable? = null) : IOException(message, cause)

/** Another process has this spool. */
class SpoolInUse(message: String) : SpoolException(message)
