package veilleur.companion.health

import veilleur.companion.core.device.DeviceProblem

/** The one thing that must be read from across the room. */
enum class Headline { WATCHING, WATCHING_OFFLINE, WAITING_FOR_LIST, NOT_WATCHING, NOT_PAIRED }

enum class Tone { GOOD, WARN, BAD, CALM }

/** Why the headline is not the best one, and what to do: one sentence. */
enum class Cause {
    LOW_RAM,
    NOT_ALLOWED,
    NOT_BOUND,
    CANARY_UNSEEN,
    CANNOT_WRITE,
    CREDENTIALS_CLOSED,
    SPOOL_CLOSED,
    OWN_FAULT,
    NOT_PAIRED,
    CREDENTIALS_LOST,
    NO_CONFIG,
    REFUSED,
    UNTRUSTED,
    OFFLINE,
    NO_RECEIPT,
    SPOOL_NEAR_CAP,
}

data class Standing(val headline: Headline, val tone: Tone, val cause: Cause?)

private val CANARY_UNSEEN = DeviceProblem.CANARY_UNSEEN.wire
private val SPOOL_AT_CAP = DeviceProblem.SPOOL_AT_CAP.wire
private val BROKER_REFUSES = DeviceProblem.BROKER_REFUSES.wire
private val CANNOT_WRITE = DeviceProblem.SPOOL_CANNOT_WRITE.wire
private val NO_RECEIPT = DeviceProblem.NO_RECEIPT.wire

/** Tells how the tablet stands: the worst cause first, and one alone. */
fun standingOf(state: SensorState): Standing {
    val cause = causeOf(state)
    return when (cause) {
        null -> Standing(Headline.WATCHING, Tone.GOOD, null)
        Cause.LOW_RAM, Cause.NOT_ALLOWED, Cause.NOT_BOUND, Cause.CANARY_UNSEEN, Cause.CANNOT_WRITE,
        Cause.CREDENTIALS_CLOSED, Cause.SPOOL_CLOSED, Cause.OWN_FAULT,
        -> Standing(Headline.NOT_WATCHING, Tone.BAD, cause)
        Cause.NOT_PAIRED -> Standing(Headline.NOT_PAIRED, Tone.CALM, cause)
        Cause.CREDENTIALS_LOST -> Standing(Headline.NOT_PAIRED, Tone.BAD, cause)
        Cause.NO_CONFIG -> Standing(Headline.WAITING_FOR_LIST, Tone.WARN, cause)
        Cause.REFUSED, Cause.UNTRUSTED -> Standing(Headline.WATCHING_OFFLINE, Tone.BAD, cause)
        Cause.OFFLINE, Cause.NO_RECEIPT -> Standing(Headline.WATCHING_OFFLINE, Tone.WARN, cause)
        Cause.SPOOL_NEAR_CAP -> Standing(Headline.WATCHING, Tone.WARN, cause)
    }
}

private fun causeOf(state: SensorState): Cause? = when {
    state.tablet.isLowRam -> Cause.LOW_RAM
    state.pairing.lost -> Cause.CREDENTIALS_LOST
    !state.pairing.isPaired -> Cause.NOT_PAIRED
    state.pairing.obstacle != null -> causeOf(state.pairing.obstacle)
    !state.tablet.isListenerAllowed -> Cause.NOT_ALLOWED
    !state.tablet.isListenerBound -> Cause.NOT_BOUND
    CANNOT_WRITE in state.problems -> Cause.CANNOT_WRITE
    CANARY_UNSEEN in state.problems && state.tablet.mayPost -> Cause.CANARY_UNSEEN
    state.link.kind == LinkKind.REFUSED || BROKER_REFUSES in state.problems -> Cause.REFUSED
    state.link.kind == LinkKind.UNTRUSTED -> Cause.UNTRUSTED
    SPOOL_AT_CAP in state.problems -> Cause.SPOOL_NEAR_CAP
    state.link.kind != LinkKind.CONNECTED -> Cause.OFFLINE
    NO_RECEIPT in state.problems -> Cause.NO_RECEIPT
    state.config == null -> Cause.NO_CONFIG
    else -> null
}

private fun causeOf(obstacle: Obstacle): Cause = when (obstacle) {
    Obstacle.CREDENTIALS_CLOSED -> Cause.CREDENTIALS_CLOSED
    Obstacle.SPOOL_CLOSED -> Cause.SPOOL_CLOSED
    Obstacle.OWN_FAULT -> Cause.OWN_FAULT
}
