/** What the listener, the services and the screens ask of this tablet. */
package veilleur.companion

import veilleur.companion.capture.Capturer
import veilleur.companion.core.capture.Captured
import veilleur.companion.core.wire.PairingRefusal
import veilleur.companion.health.SensorState

/** What became of a pairing code. */
sealed class PairingOutcome {
    data class Paired(val device: String, val server: String) : PairingOutcome()

    data class Refused(val why: PairingRefusal) : PairingOutcome()

    data object NotKept : PairingOutcome()
}

/** The tablet as a whole. Every call returns at once, on any thread, unless it says otherwise. */
interface Sensor {
    val capturer: Capturer

    fun take(captured: Captured)

    /** Takes note of a notification that a fault of our own has cost. */
    fun noteFault()

    /** `active` is all that is up now; null where Android did not say, and is to be asked again. */
    fun listenerConnected(listener: CaptureListenerService, active: List<Captured>?)

    fun listenerDisconnected()

    /** Reads how everything stands; not for the main thread, since it may wait for the disk. */
    fun state(): SensorState

    /** Puts a code in force that was scanned, typed or pasted; takes seconds where another pairing is left for it. */
    fun pair(text: String): PairingOutcome

    /** Forgets the pairing and whatever still waits; may take seconds. */
    fun forget()

    fun confirmOpened(packageName: String)

    fun reconnectListener()
}
