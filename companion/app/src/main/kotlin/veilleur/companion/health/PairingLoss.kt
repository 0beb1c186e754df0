package veilleur.companion.health

import veilleur.companion.core.wire.PairingCodes
import veilleur.companion.core.wire.PairingText

/** Returns how many captured events a code would throw away: another device's spool cannot take them over. */
fun eventsLostBy(codeText: String, state: SensorState): Long {
    val read = PairingCodes.read(codeText) as? PairingText.Read ?: return 0
    return if (state.pairing.device == null || read.code.device == state.pairing.device) 0 else state.spool.waiting
}
