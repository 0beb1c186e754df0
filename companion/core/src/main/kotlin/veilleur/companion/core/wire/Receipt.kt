package veilleur.companion.core.wire

/** All up to `throughSeq` is stored; `refused` is the SHA-256 of payloads that nobody could read, newest last. */
data class Receipt(
    val store: String,
    val round: Long,
    val epoch: String,
    val throughSeq: Long,
    val refused: List<String> = emptyList(),
)

/** Reads and writes receipts. */
object ReceiptCodec {
    private const val MAX_REFUSED = 32
    private val SHA256 = Regex("[0-9a-f]{64}")

    /** Return the receipt, or null for bytes that are none. */
    fun read(payload: ByteArray): Receipt? {
        val members = Members.of(payload) ?: return null
        val store = members.text("store", MAX_ID_LENGTH)
        val epoch = members.text("epoch", MAX_ID_LENGTH)
        val round = members.integer("round")
        val throughSeq = members.integer("through_seq")
        val refused = members.texts("refused") ?: emptyList()
        if (store == null || epoch == null || round == null || throughSeq == null || members.wrong.isNotEmpty()) return null
        if (refused.size > MAX_REFUSED || !refused.all(SHA256::matches)) return null
        return Receipt(store, round, epoch, throughSeq, refused)
    }

    /** Return the receipt as the wire has it; of more than 32 refused the newest 32. */
    fun write(receipt: Receipt): ByteArray = JsonObjectText().apply {
        whole("v", CONTRACT_VERSION.toLong())
        text("store", receipt.store)
        whole("round", receipt.round)
        text("epoch", receipt.epoch)
        whole("through_seq", receipt.throughSeq)
        texts("refused", receipt.refused.takeLast(MAX_REFUSED).ifEmpty { null })
    }.toBytes()
}
