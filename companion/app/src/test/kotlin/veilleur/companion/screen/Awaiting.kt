package veilleur.companion.screen

import android.os.Looper
import org.robolectric.Shadows.shadowOf

/** Lets the main thread work until something is so; what a screen reads comes from a thread of its own. */
fun awaitOnMain(what: String, isSo: () -> Boolean) {
    val deadline = System.nanoTime() + 30_000_000_000
    while (!isSo()) {
        check(System.nanoTime() < deadline) { "not within 30 s: $what" }
        shadowOf(Looper.getMainLooper()).idle()
    }
}
