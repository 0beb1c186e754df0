package veilleur.companion.core.wire

private const val LONGEST_ID = 128
private val LENGTHS_OF_IDS = 1..LONGEST_ID
private val LENGTHS_OF_EPOCHS = 1..MAX_ID_LENGTH
private val LENGTHS_OF_PACKAGES = 1..MAX_PACKAGE_LENGTH
private val LENGTHS_OF_CHOICES = 1..MAX_ID_LENGTH
private val SEQS = 1..MAX_SEQ

/** Return the first rule of the contract that a well-typed envelope breaks, or null. */
internal fun refusalOf(envelope: Envelope, topicDevice: String?): RejectReason? =
    refusalOfAddress(envelope, topicDevice)
        ?: refusalOfSeq(envelope, topicDevice)
        ?: refusalOfLengths(envelope)
        ?: refusalOfEvent(envelope)

private fun refusalOfAddress(envelope: Envelope, topicDevice: String?): RejectReason? = when {
    !isDeviceName(envelope.device) -> RejectReason.BAD_DEVICE
    topicDevice != null && envelope.device != topicDevice -> RejectReason.WRONG_DEVICE
    else -> null
}

private fun refusalOfSeq(envelope: Envelope, topicDevice: String?): RejectReason? {
    val seq = envelope.seq
    val epoch = envelope.epoch
    return when {
        seq == null && epoch == null && topicDevice == null -> null
        seq == null || epoch == null -> RejectReason.MISSING_SEQ
        seq !in SEQS -> RejectReason.BAD_NUMBER
        characters(epoch) !in LENGTHS_OF_EPOCHS -> RejectReason.BAD_FIELD
        else -> null
    }
}

private fun refusalOfLengths(envelope: Envelope): RejectReason? {
    val isSound = characters(envelope.id) in LENGTHS_OF_IDS &&
        characters(envelope.app.packageName) in LENGTHS_OF_PACKAGES &&
        envelope.notification?.key != "" &&
        characters(envelope.event) in LENGTHS_OF_CHOICES &&
        characters(envelope.source.kind) in LENGTHS_OF_CHOICES
    return if (isSound) null else RejectReason.BAD_FIELD
}

private fun refusalOfEvent(envelope: Envelope): RejectReason? {
    if (envelope.event != EventKind.LOST.wire) {
        return if (envelope.notification == null) RejectReason.MISSING_NOTIFICATION else null
    }
    val seq = envelope.seq ?: return RejectReason.MISSING_SEQ
    val throughSeq = envelope.throughSeq
    return when {
        throughSeq == null || envelope.reason.isNullOrEmpty() -> RejectReason.MISSING_FIELD
        throughSeq !in seq..MAX_SEQ -> RejectReason.BAD_NUMBER
        else -> null
    }
}

private fun characters(text: String): Int = text.codePointCount(0, text.length)
