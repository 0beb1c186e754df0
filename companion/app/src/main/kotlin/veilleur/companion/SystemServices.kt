package veilleur.companion

import android.content.Context

/** A service that every Android since API 26 has. */
inline fun <reified T : Any> Context.service(): T =
    checkNotNull(getSystemService(T::class.java)) { "Android lacks ${T::class.java.simpleName}" }
