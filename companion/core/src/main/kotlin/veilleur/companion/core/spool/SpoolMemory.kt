/** What a spool must still know after a restart beside its records: the receipt in force, and what is gone and why. */
package veilleur.companion.core.spool

import java.io.ByteArrayInputStream
import java.io.ByteArrayOutputStream
import java.io.DataInputStream
import java.io.DataOutputStream
import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path
import java.util.zip.CRC32
import veilleur.companion.core.wire.LostReason
import veilleur.companion.core.wire.Receipt

private const val MEMORY_FILE = "memory"
private const val FORMAT = 1
private const val CHECKSUM_BYTES = 8

/**
 * [trimmedThrough]: deleted because a receipt covered it; [dropped]: fell to the cap and awaits its receipt.
 *
 * [nextSeq] is what was to be given out next when this was written: whatever the records say, no lower one may be.
 */
internal data class SpoolMemory(
    val nextSeq: Long = 1,
    val trimmedThrough: Long = 0,
    val dropped: List<LostSpan> = emptyList(),
    val receipt: Receipt? = null,
) {
    /** Takes a receipt in force, and forgets the drops that it covers. */
    fun withReceipt(receipt: Receipt): SpoolMemory {
        val (answered, awaited) = dropped.partition { it.throughSeq <= receipt.throughSeq }
        return copy(receipt = receipt, dropped = awaited).withTrim(answered.maxOfOrNull { it.throughSeq } ?: 0)
    }

    /** Notes that what a receipt covered is deleted up to this seq. */
    fun withTrim(throughSeq: Long): SpoolMemory = copy(trimmedThrough = maxOf(trimmedThrough, throughSeq))

    /** Adds what fell to the cap, joined to the drop before it. */
    fun withDrop(seq: Long, throughSeq: Long): SpoolMemory {
        val last = dropped.lastOrNull()?.takeIf { it.throughSeq + 1 == seq }
        val before = if (last == null) dropped else dropped.dropLast(1)
        return copy(dropped = before + LostSpan(last?.seq ?: seq, throughSeq, LostReason.CAP))
    }

    /** Returns the span that begins at a seq of which no segment is left, ending below [beforeSeq]. */
    fun lostAt(seq: Long, beforeSeq: Long): LostSpan {
        val drop = dropped.find { seq in it.seq..it.throughSeq }
        if (drop != null) return LostSpan(seq, minOf(drop.throughSeq, beforeSeq - 1), LostReason.CAP)
        val ahead = dropped.filter { it.seq > seq }.minOfOrNull { it.seq } ?: beforeSeq
        if (seq <= trimmedThrough) return LostSpan(seq, minOf(trimmedThrough, ahead - 1), LostReason.TRIMMED)
        return LostSpan(seq, minOf(ahead, beforeSeq) - 1, LostReason.CORRUPT)
    }
}

/** Returns the epoch and what the folder remembers of it; nothing where the file is missing or damaged. */
internal fun loadMemory(folder: Path): Pair<String?, SpoolMemory> =
    try {
        val content = Files.readAllBytes(folder.resolve(MEMORY_FILE))
        val body = content.copyOf(maxOf(0, content.size - CHECKSUM_BYTES))
        val reading = DataInputStream(ByteArrayInputStream(content))
        val epoch = if (reading.readInt() == FORMAT) reading.readUTF() else throw IOException("another format")
        val memory = reading.readMemory()
        if (reading.readLong() == checksumOf(body)) epoch to memory else null to SpoolMemory()
    } catch (_: IOException) {
        null to SpoolMemory()
    }

/** Writes it down durably. Throws IOException. */
internal fun saveMemory(folder: Path, epoch: String, memory: SpoolMemory) {
    val content = ByteArrayOutputStream()
    with(DataOutputStream(content)) {
        writeInt(FORMAT)
        writeUTF(epoch)
        writeMemory(memory)
        writeLong(checksumOf(content.toByteArray()))
    }
    putFile(folder.resolve(MEMORY_FILE), content.toByteArray())
}

private fun DataOutputStream.writeMemory(memory: SpoolMemory) {
    writeLong(memory.nextSeq)
    writeLong(memory.trimmedThrough)
    writeInt(memory.dropped.size)
    for (span in memory.dropped) {
        writeLong(span.seq)
        writeLong(span.throughSeq)
    }
    writeBoolean(memory.receipt != null)
    memory.receipt?.let { receipt ->
        writeUTF(receipt.store)
        writeLong(receipt.round)
        writeUTF(receipt.epoch)
        writeLong(receipt.throughSeq)
        writeInt(receipt.refused.size)
        receipt.refused.forEach(::writeUTF)
    }
}

private fun DataInputStream.readMemory(): SpoolMemory =
    SpoolMemory(
        nextSeq = readLong(),
        trimmedThrough = readLong(),
        dropped = readList { LostSpan(readLong(), readLong(), LostReason.CAP) },
        receipt = if (readBoolean()) Receipt(readUTF(), readLong(), readUTF(), readLong(), readList { readUTF() }) else null,
    )

private fun <T> DataInputStream.readList(readOne: () -> T): List<T> {
    val count = readInt()
    // each takes at least two bytes: a damaged count asks for no memory
    if (count !in 0..available()) throw IOException("$count cannot be in ${available()} bytes")
    return List(count) { readOne() }
}

private fun checksumOf(content: ByteArray): Long =
    CRC32().run {
        update(content)
        value
    }
