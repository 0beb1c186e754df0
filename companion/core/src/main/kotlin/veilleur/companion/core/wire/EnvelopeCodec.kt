package veilleur.companion.core.wire

/** What bytes turned out to be; `changed` names each text whose U+0000 became U+FFFD (`nul:PATH`). */
sealed class Decoded {
    data class Read(val envelope: Envelope, val changed: List<String>) : Decoded()

    /** `head` is there only where it names the right device. */
    data class Refused(val reason: RejectReason, val head: Head?) : Decoded()
}

/** Envelopes to bytes and back, as the contract has them. */
object EnvelopeCodec {
    /** Return the envelope as the wire has it: one line, `v, id, device, epoch, seq` first, what is null left out. */
    fun encode(envelope: Envelope): ByteArray = writeEnvelope(envelope)

    /** Decode one message or log line; without `topicDevice` it is a log line, where epoch and seq may be absent. */
    fun decode(payload: ByteArray, topicDevice: String?): Decoded {
        if (payload.size > MAX_ENVELOPE_BYTES) return refused(RejectReason.OVERSIZE, payload, topicDevice)
        return when (val tree = JsonTree.read(payload)) {
            is JsonTree.Refused -> refused(tree.reason, payload, topicDevice)
            is JsonTree.Read -> admit(tree.root, payload, topicDevice)
        }
    }

    private fun admit(root: Any, payload: ByteArray, topicDevice: String?): Decoded {
        if (root !is Map<*, *>) return refused(RejectReason.NOT_AN_OBJECT, payload, topicDevice)
        val nuls = NulReplacement()
        val members = Members(nuls.applied(root))
        val read = members.refusal() ?: readEnvelope(members)
        val refusal = when {
            read is RejectReason -> read
            "nul:id" in nuls.changed || "nul:epoch" in nuls.changed -> RejectReason.BAD_FIELD
            else -> refusalOf(read as Envelope, topicDevice)
        }
        return if (refusal != null) refused(refusal, payload, topicDevice) else Decoded.Read(read as Envelope, nuls.changed)
    }

    private fun refused(reason: RejectReason, payload: ByteArray, topicDevice: String?) =
        Decoded.Refused(reason, readHead(payload)?.takeIf { topicDevice == null || it.device == topicDevice })
}

private class NulReplacement {
    val changed = mutableListOf<String>()

    fun applied(members: Map<*, *>): Map<String, Any> = members(members, "")

    private fun members(members: Map<*, *>, path: String): Map<String, Any> = members.entries.associate { (name, value) ->
        val clean = (name as String).replace(NUL, REPLACEMENT)
        val place = if (path.isEmpty()) clean else "$path.$clean"
        if (clean != name) changed += "nul:$place"
        clean to value(value as Any, place)
    }

    private fun value(value: Any, path: String): Any = when {
        value is Map<*, *> -> members(value, path)
        value is List<*> -> value.mapIndexed { index, item -> value(item as Any, "$path[$index]") }
        value is String && NUL in value -> value.replace(NUL, REPLACEMENT).also { changed += "nul:$path" }
        else -> value
    }

    private companion object {
        const val NUL = '\u0000'
        const val REPLACEMENT = '\uFFFD'
    }
}
