package veilleur.companion.core.device

import veilleur.companion.core.capture.ActiveCounts
import veilleur.companion.core.capture.ActiveMemory
import veilleur.companion.core.capture.Captured
import veilleur.companion.core.capture.DropReason
import veilleur.companion.core.capture.MANY_ACTIVE
import veilleur.companion.core.capture.ScreenedNotification
import veilleur.companion.core.capture.Sighting
import veilleur.companion.core.wire.COMPANION_PACKAGE
import veilleur.companion.core.wire.Envelope
import veilleur.companion.core.wire.EventKind

/** An event that is to be spooled, where its notification stands, and whether that is cleared once it is. */
class Accepted(val envelope: Envelope, val slot: String, val clears: Boolean)

/** Decides of each event, in order, what becomes of it: policy, screen, and what is known already. One thread. */
class CaptureDesk(
    private val config: ConfigInForce,
    private val memory: ActiveMemory,
    private val active: ActiveCounts,
    private val maker: EnvelopeMaker,
    private val counts: EventCounts,
) {
    private var regime = config.regime

    /** Return what is to be spooled of an event; null where it is dropped, which is counted, or is nobody's business. */
    fun accept(captured: Captured): Accepted? {
        look()
        active.note(captured)
        return if (captured.event == EventKind.REMOVED) ended(captured) else told(captured)
    }

    /** Take note that this is all that is active now; then `accept` each: what is known in these words is told no more. */
    fun beginAnew(shown: List<Captured>) {
        look()
        active.replaceAll(shown)
        memory.retain(shown.map(Sighting::slotOf).toSet())
    }

    /** Let an event that was not spooled after all be seen as new. */
    fun forget(accepted: Accepted) {
        memory.forget(accepted.slot)
    }

    /** Write down what was spooled. */
    fun save() = memory.save()

    /** Tell whether an app of the allow-list is near the number at which Android sheds further ones. */
    fun hasManyActive(): Boolean = config.regime.policy.packages.any { active.of(it) >= MANY_ACTIVE }

    private fun look() {
        if (regime === config.regime) return
        regime = config.regime
        memory.forgetDropped()
    }

    private fun told(captured: Captured): Accepted? {
        val policy = regime.policy
        val reason = policy.reasonToDrop(captured)
        val screened =
            if (reason == null) regime.screen.screen(captured.notification) else ScreenedNotification(captured.notification)
        val sighting = Sighting.of(captured, screened.notification)
        if (captured.event == EventKind.ACTIVE && memory.knows(sighting)) return null
        if (reason != null) return dropped(reason, sighting)
        memory.noteSpooled(sighting)
        val envelope = maker.envelopeOf(captured, screened, policy.wantsPictures(captured.app.packageName))
        return Accepted(envelope, sighting.slot, policy.clears(captured, active.of(captured.app.packageName)))
    }

    private fun dropped(reason: DropReason, sighting: Sighting): Accepted? {
        memory.noteDropped(sighting)
        counts.addDropped(listOf(reason))
        return null
    }

    /** The end of what was not spooled is nobody's business, and of our own canary nobody wants to know it. */
    private fun ended(captured: Captured): Accepted? {
        val slot = Sighting.slotOf(captured)
        val wasSpooled = memory.forget(slot)
        val isWanted = captured.app.packageName != COMPANION_PACKAGE && regime.policy.reasonToDrop(captured) == null
        if (!wasSpooled || !isWanted) return null
        val envelope = maker.envelopeOf(captured, ScreenedNotification(captured.notification), wantsPicture = false)
        return Accepted(envelope, slot, clears = false)
    }
}
