/** One file of the spool: records appended in seq order, read back by their checksums. */
package veilleur.companion.core.spool

import java.io.Closeable
import java.io.EOFException
import java.io.IOException
import java.nio.ByteBuffer
import java.nio.channels.FileChannel
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardOpenOption.READ
import java.nio.file.StandardOpenOption.WRITE

/** Makes what was written to a file survive a power cut; throws IOException where it may not. */
fun interface Sync {
    fun sync(file: FileChannel)
}

/** Sealed payloads that a piece of a segment held, and the seq that it was looked through to (null: to its end). */
internal class Piece(val payloads: List<Pair<Long, ByteArray>>, val lookedThrough: Long?)

/** Records from [firstSeq] on; [epoch] is null where the header is damaged. Not safe for threads. */
internal class Segment(val path: Path, private val sync: Sync) : Closeable {
    val firstSeq: Long = seqOf(path) ?: throw IOException("$path is no segment")
    val epoch: String?
    var sizeBytes: Long = Files.size(path)
        private set

    private var frames: MutableList<Frame>? = null
    private var appending: FileChannel? = null

    init {
        val header = readSegmentHeader(read(0, minOf(SEGMENT_HEADER_BYTES.toLong(), sizeBytes).toInt()))
        epoch = header?.takeIf { it.second == firstSeq }?.first
    }

    /** True while it holds nothing but its header. */
    val isEmpty: Boolean get() = sizeBytes <= SEGMENT_HEADER_BYTES

    /** Returns where the record of this seq stands, or the next one; the file is looked through once. */
    fun frameAtOrAfter(seq: Long): Frame? = known().let { it.getOrNull(indexOf(seq, it)) }

    /** Tells whether it ends with a whole record, so that more can be appended. */
    fun isWhole(): Boolean = epoch != null && sizeBytes == wholeBytes

    /** Returns the seq that may follow; a torn record at the end may have been given one, so that is left out. */
    fun seqAfter(): Long = (known().lastOrNull()?.seq ?: (firstSeq - 1)) + if (sizeBytes > wholeBytes) 2 else 1

    /** Returns at most [limit] payloads from [fromSeq] on, and of them about [mostBytes]. Throws IOException. */
    fun read(fromSeq: Long, limit: Int, mostBytes: Int): Piece {
        val all = known()
        val at = indexOf(fromSeq, all)
        if (at >= all.size) return Piece(emptyList(), null)
        val base = all[at].start
        var end = at + 1
        while (end < all.size && end - at < limit && all[end].end - base <= mostBytes) end++
        val content = read(base, all[end - 1].end - base)
        val payloads = all.subList(at, end).mapNotNull { frame -> frame.payloadIn(content, base)?.let { frame.seq to it } }
        return Piece(payloads, if (end == all.size) null else all[end - 1].seq)
    }

    /** Writes records and syncs them. Throws IOException, and then none of them is there, or [isWhole] is false. */
    fun append(payloads: List<ByteArray>, firstSeq: Long, spooledAtMs: Long) {
        val all = known()
        val end = sizeBytes
        val (content, added) = framed(payloads, firstSeq, spooledAtMs, end.toInt())
        val file = appending ?: FileChannel.open(path, WRITE).also { appending = it }
        try {
            file.position(end)
            file.writeAll(content)
            sync.sync(file)
        } catch (error: IOException) {
            takeBack(file, end)
            throw error
        }
        all += added
        sizeBytes = added.last().end.toLong()
    }

    /** Appends no more: gives back the file and the memory. */
    override fun close() {
        frames = null
        appending?.close()
        appending = null
    }

    private val wholeBytes: Long get() = (known().lastOrNull()?.end ?: SEGMENT_HEADER_BYTES).toLong()

    private fun indexOf(seq: Long, frames: List<Frame>): Int =
        frames.binarySearch { it.seq.compareTo(seq) }.let { if (it < 0) -it - 1 else it }

    private fun takeBack(file: FileChannel, end: Long) {
        try {
            file.truncate(end)
        } catch (_: IOException) {
            // what stays is torn, which isWhole tells
        }
        sizeBytes = Files.size(path)
    }

    private fun known(): MutableList<Frame> =
        frames ?: ArrayList(findFrames(read(0, sizeBytes.toInt()), firstSeq - 1)).also { frames = it }

    private fun read(from: Int, count: Int): ByteArray =
        FileChannel.open(path, READ).use { file ->
            val content = ByteBuffer.allocate(count)
            while (content.hasRemaining()) {
                if (file.read(content, from.toLong() + content.position()) < 0) throw EOFException("$path is shorter than it was")
            }
            content.array()
        }
}

private const val SUFFIX = ".spool"

/** Puts an empty segment in the folder, durably. Throws IOException. */
internal fun makeSegment(folder: Path, epoch: String, firstSeq: Long, sync: Sync): Segment {
    val path = folder.resolve(firstSeq.toString().padStart(16, '0') + SUFFIX)
    putFile(path, writeSegmentHeader(epoch, firstSeq))
    return Segment(path, sync)
}

/** Returns the folder's segments in seq order. Throws IOException. */
internal fun findSegments(folder: Path, sync: Sync): List<Segment> =
    Files.newDirectoryStream(folder, "*$SUFFIX").use { paths -> paths.filter { seqOf(it) != null }.sorted() }.map { Segment(it, sync) }

private fun seqOf(path: Path): Long? = path.fileName.toString().removeSuffix(SUFFIX).toLongOrNull()
