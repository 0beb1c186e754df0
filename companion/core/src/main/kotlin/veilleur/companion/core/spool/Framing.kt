/**
 * How the spool's files are written: a segment's header, and records that can be told from noise on their own.
 *
 * All numbers are little-endian. A record's header has its own checksum, so that a flipped bit in a length is noticed
 * and the search for the next record begins at the next mark instead of at a place that the length invented.
 */
package veilleur.companion.core.spool

import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.util.zip.CRC32

internal const val RECORD_HEADER_BYTES = 4 + 4 + 8 + 8 + 4 + 4
internal const val SEGMENT_HEADER_BYTES = 16 + 64 + 8 + 4
private const val EPOCH_BYTES = 64
private const val CHECKSUM_BYTES = 4
private val RECORD_MARK = "VsR\u001e".toByteArray()
private val SEGMENT_MARK = "VeilleurTablet\u0001\n".toByteArray()

/** Where a record stands in its file; its payload is not checked yet. */
internal class Frame(val seq: Long, val spooledAtMs: Long, val start: Int, val end: Int, val payloadChecksum: Int) {
    /** Returns the payload out of a piece of the file that begins at [base], or null where it is damaged. */
    fun payloadIn(content: ByteArray, base: Int): ByteArray? {
        if (end - base > content.size) return null
        val payload = content.copyOfRange(start - base + RECORD_HEADER_BYTES, end - base)
        return payload.takeIf { checksumOf(it, 0, it.size) == payloadChecksum }
    }
}

/** Returns records as the file will have them from byte [start] on, and where each will stand. */
internal fun framed(payloads: List<ByteArray>, firstSeq: Long, spooledAtMs: Long, start: Int): Pair<ByteBuffer, List<Frame>> {
    val content = littleEndian(payloads.sumOf { RECORD_HEADER_BYTES + it.size })
    val frames = payloads.mapIndexed { index, payload ->
        val begin = content.position()
        val checksum = checksumOf(payload, 0, payload.size)
        content.put(RECORD_MARK).putInt(payload.size).putLong(firstSeq + index).putLong(spooledAtMs).putInt(checksum)
        content.putInt(checksumOf(content.array(), begin, RECORD_HEADER_BYTES - CHECKSUM_BYTES)).put(payload)
        Frame(firstSeq + index, spooledAtMs, start + begin, start + content.position(), checksum)
    }
    content.flip()
    return content to frames
}

/** Returns every whole record whose seq is higher than the one before it; noise is stepped over. */
internal fun findFrames(content: ByteArray, afterSeq: Long): List<Frame> {
    val frames = ArrayList<Frame>()
    val reading = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN)
    var lastSeq = afterSeq
    var at = SEGMENT_HEADER_BYTES
    while (at <= content.size - RECORD_HEADER_BYTES) {
        val frame = frameAt(reading, at)
        if (frame == null || frame.seq <= lastSeq) {
            at++
            continue
        }
        frames += frame
        lastSeq = frame.seq
        at = frame.end
    }
    return frames
}

/** Returns the beginning of a segment. */
internal fun writeSegmentHeader(epoch: String, firstSeq: Long): ByteArray {
    val header = littleEndian(SEGMENT_HEADER_BYTES)
    header.put(SEGMENT_MARK).put(epoch.toByteArray().copyOf(EPOCH_BYTES)).putLong(firstSeq)
    return header.putInt(checksumOf(header.array(), 0, header.position())).array()
}

/** Returns epoch and first seq, or null where the header is damaged. */
internal fun readSegmentHeader(content: ByteArray): Pair<String, Long>? {
    if (content.size < SEGMENT_HEADER_BYTES || !hasMark(content, 0, SEGMENT_MARK)) return null
    val header = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN)
    val checked = SEGMENT_HEADER_BYTES - CHECKSUM_BYTES
    if (header.getInt(checked) != checksumOf(content, 0, checked)) return null
    val epoch = String(content, SEGMENT_MARK.size, EPOCH_BYTES, Charsets.UTF_8).trimEnd('\u0000')
    return epoch to header.getLong(SEGMENT_MARK.size + EPOCH_BYTES)
}

private fun frameAt(content: ByteBuffer, at: Int): Frame? {
    val bytes = content.array()
    if (!hasMark(bytes, at, RECORD_MARK)) return null
    val checked = RECORD_HEADER_BYTES - CHECKSUM_BYTES
    if (content.getInt(at + checked) != checksumOf(bytes, at, checked)) return null
    val length = content.getInt(at + 4)
    if (length < 0 || length > bytes.size - at - RECORD_HEADER_BYTES) return null
    val end = at + RECORD_HEADER_BYTES + length
    return Frame(content.getLong(at + 8), content.getLong(at + 16), at, end, content.getInt(at + 24))
}

private fun hasMark(content: ByteArray, at: Int, mark: ByteArray): Boolean = mark.indices.all { content[at + it] == mark[it] }

private fun checksumOf(content: ByteArray, from: Int, length: Int): Int =
    CRC32().run {
        update(content, from, length)
        value.toInt()
    }

private fun littleEndian(bytes: Int): ByteBuffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN)
