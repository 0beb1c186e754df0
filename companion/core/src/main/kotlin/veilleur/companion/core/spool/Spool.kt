/** The spool of one device: a folder of segments, from the append to the receipt that covers it. */
package veilleur.companion.core.spool

import java.io.Closeable
import java.io.EOFException
import java.io.IOException
import java.nio.ByteBuffer
import java.nio.channels.FileChannel
import java.nio.file.Files
import java.nio.file.NoSuchFileException
import java.nio.file.Path
import java.security.SecureRandom
import java.time.Instant
import veilleur.companion.core.wire.LostReason
import veilleur.companion.core.wire.Receipt

/** Makes the envelope of a seq that is being given out. */
typealias MakeEnvelope = (epoch: String, seq: Long) -> ByteArray

/**
 * One folder, used by one process; every method may be called from any thread.
 *
 * An appended record is on disk, sealed by [cipher], when [appendAll] returns, and stays until a receipt covers it or
 * the cap drops it: past the cap the oldest segment goes, and its seqs are answered for as lost (`cap`). Every seq
 * below [nextSeq] comes out of [read] as a record or in a LostSpan, whatever happened to the files. A folder that
 * holds segments keeps its epoch; an empty one gets a new epoch. Throws SpoolException where the folder cannot be used.
 */
class Spool(
    private val folder: Path,
    private val cipher: RecordCipher,
    private val clock: () -> Instant,
    private var capBytes: Long = DEFAULT_CAP_BYTES,
    private val sync: Sync = Sync { it.force(false) },
) : Closeable {
    /** The spool's random name. */
    var epoch: String = ""
        private set

    /** The oldest seq that no receipt covers. */
    @Volatile
    var firstSeq: Long = 1
        private set

    /** The seq that is given out next. */
    @Volatile
    var nextSeq: Long = 1
        private set

    private val access = Any()
    private val givenUp = HashMap<Long, LostReason>()
    private val segments = ArrayList<Segment>()
    private val lock: FileChannel = lockFolder(folder)
    private var memory = SpoolMemory()
    private var savedMemory: SpoolMemory? = null
    private var isClosed = false

    @Volatile private var standing: SpoolState

    init {
        try {
            open()
            standing = measured()
        } catch (error: IOException) {
            lock.close()
            throw SpoolException("the spool $folder cannot be opened (${error.message}): give another folder", error)
        }
    }

    /** Gives out seqs to several envelopes with one sync: all or none are on disk; throws SpoolException for none. */
    fun appendAll(makes: List<MakeEnvelope>): LongRange =
        changing {
            if (isClosed) throw SpoolException("the spool $folder was closed: nothing more is taken")
            val given = nextSeq until nextSeq + makes.size
            val sealed = makes.zip(given) { make, seq -> cipher.seal(make(epoch, seq), placeOf(seq)) }
            if (sealed.isEmpty()) return given
            try {
                makeRoom(sealed.sumOf { it.size.toLong() + RECORD_HEADER_BYTES })
                active.append(sealed, given.first, clock().toEpochMilli())
            } catch (error: IOException) {
                throw SpoolException("the disk did not take a record of $folder (${error.message})", error)
            }
            nextSeq = given.last + 1
            given
        }

    /** Returns what stands at the seqs from [fromSeq] on, in order and without holes; about [limit] of them. */
    fun read(fromSeq: Long, limit: Int): List<SpoolItem> =
        synchronized(access) { if (fromSeq < nextSeq) readPiece(maxOf(fromSeq, 1), limit) else emptyList() }

    /** Deletes what this receipt in force covers; a lower one of a new store keeps what is still there. */
    fun trim(receipt: Receipt) = changing {
        memory = memory.withReceipt(receipt)
        settleBounds()
        givenUp.keys.removeAll { it <= receipt.throughSeq }
        if (active.sizeBytes > segmentBytes / SEGMENTS_UNDER_THE_CAP) emptyIfReceipted()
        deleteReceipted()
    }

    /** Answers for a seq with `lost` from now on: nobody can read or will take its envelope. */
    fun giveUp(seq: Long, reason: LostReason) = synchronized(access) { givenUp[seq] = reason }

    /** Never gives out seqs up to this one: somebody has stored them already. */
    fun skipPast(seq: Long) = changing {
        if (seq >= nextSeq) {
            nextSeq = seq + 1
            beginSegment()
        }
    }

    /** Keeps no receipted words in an idle spool, and writes down the receipt in force; call it each minute or so. */
    fun tidy() = changing {
        emptyIfReceipted()
        saveWhatIsKnown()
    }

    /** Takes another cap from the next append on. */
    fun setCap(bytes: Long) = changing { capBytes = bytes }

    /** Returns how full it is, without waiting for the disk. */
    fun state(): SpoolState = standing

    /** Releases the folder. */
    override fun close() = synchronized(access) {
        if (!isClosed) {
            isClosed = true
            saveWhatIsKnown()
            active.close()
            lock.close()
        }
    }

    private inline fun <T> changing(change: () -> T): T = synchronized(access) {
        try {
            change()
        } finally {
            standing = measured()
        }
    }

    private fun measured() = SpoolState(epoch, firstSeq, nextSeq, sizeBytes(), capBytes, oldestAt(), memory.receipt)

    private val active: Segment get() = segments.last()

    private val oldest: Segment? get() = segments.lastOrNull { it.firstSeq <= firstSeq }

    private val receiptedThrough: Long get() = memory.receipt?.throughSeq ?: 0

    private val segmentBytes: Long get() = minOf(LARGEST_SEGMENT_BYTES, capBytes / SEGMENTS_UNDER_THE_CAP)

    private fun open() {
        val found = findSegments(folder, sync)
        val (rememberedEpoch, remembered) = loadMemory(folder)
        val known = found.mapNotNull { it.epoch }.lastOrNull() ?: rememberedEpoch.takeIf { found.isNotEmpty() }
        epoch = known ?: newEpoch()
        if (rememberedEpoch == epoch) memory = remembered
        val (ours, others) = found.partition { known != null && (it.epoch == null || it.epoch == known) }
        segments += ours
        others.forEach { Files.move(it.path, it.path.resolveSibling("${it.path.fileName}$UNREADABLE_SUFFIX")) }
        val last = segments.lastOrNull()
        nextSeq = maxOf(last?.seqAfter() ?: 1, memory.nextSeq, receiptedThrough + 1)
        if (last == null || !last.isWhole() || last.seqAfter() != nextSeq) beginSegment()
        settleBounds()
        deleteReceipted()
        saveWhatIsKnown()
    }

    private fun settleBounds() {
        firstSeq = maxOf(segments.first().firstSeq, minOf(receiptedThrough + 1, nextSeq))
    }

    private fun readPiece(from: Long, limit: Int): List<SpoolItem> {
        if (from < segments.first().firstSeq) return listOf(memory.lostAt(from, segments.first().firstSeq))
        val at = segments.indexOfLast { it.firstSeq <= from }
        val piece = pieceOf(segments[at], from, limit)
        val lookedThrough = piece.lookedThrough ?: ((segments.getOrNull(at + 1)?.firstSeq ?: nextSeq) - 1)
        val items = ArrayList<SpoolItem>()
        var next = from
        for ((seq, sealed) in piece.payloads) {
            val payload = cipher.open(sealed, placeOf(seq)) ?: continue
            if (seq > next) items += LostSpan(next, seq - 1, LostReason.CORRUPT)
            items += givenUp[seq]?.let { LostSpan(seq, seq, it) } ?: SpoolRecord(seq, payload)
            next = seq + 1
        }
        if (next <= lookedThrough) items += LostSpan(next, lookedThrough, LostReason.CORRUPT)
        return items
    }

    private fun pieceOf(segment: Segment, from: Long, limit: Int): Piece {
        segments.filter { it !== active && it !== segment && it !== oldest }.forEach { it.close() }
        return try {
            segment.read(from, limit, READ_BYTES)
        } catch (_: NoSuchFileException) {
            Piece(emptyList(), null)
        } catch (_: EOFException) {
            Piece(emptyList(), null)
        } catch (error: IOException) {
            throw SpoolException("the spool $folder cannot be read (${error.message})", error)
        }
    }

    private fun makeRoom(wantedBytes: Long) {
        val isFull = !active.isEmpty && active.sizeBytes + wantedBytes > segmentBytes
        if (isFull || !active.isWhole()) beginSegment()
        while (sizeBytes() + wantedBytes > capBytes) {
            if (segments.size == 1) {
                if (active.isEmpty) return
                beginSegment()
            }
            dropOldest()
        }
    }

    private fun dropOldest() {
        val (oldest, newer) = segments
        val from = maxOf(oldest.firstSeq, receiptedThrough + 1)
        memory = memory.withTrim(minOf(receiptedThrough, newer.firstSeq - 1))
        if (from < newer.firstSeq) memory = memory.withDrop(from, newer.firstSeq - 1)
        remove(1)
    }

    private fun deleteReceipted() {
        val covered = segments.drop(1).count { it.firstSeq - 1 <= receiptedThrough }
        if (covered > 0) {
            memory = memory.withTrim(segments[covered].firstSeq - 1)
            remove(covered)
        }
    }

    private fun emptyIfReceipted() {
        if (firstSeq < nextSeq || active.isEmpty) return
        try {
            beginSegment()
            deleteReceipted()
        } catch (_: IOException) {
            // a full disk takes no new segment: the words of this one wait for the next time
        }
    }

    private fun remove(count: Int) {
        saveWhatIsKnown()
        val gone = segments.subList(0, count)
        gone.forEach {
            it.close()
            Files.deleteIfExists(it.path)
        }
        gone.clear()
        settleBounds()
    }

    private fun beginSegment() {
        segments.lastOrNull()?.close()
        val begun = makeSegment(folder, epoch, nextSeq, sync)
        segments.removeAll { it.path == begun.path }
        segments += begun
    }

    private fun saveWhatIsKnown() {
        memory = memory.copy(nextSeq = nextSeq)
        if (memory == savedMemory) return
        try {
            saveMemory(folder, epoch, memory)
            savedMemory = memory
        } catch (_: IOException) {
            // a full disk must not keep us from deleting: what is not written down is answered for as `corrupt`
        }
    }

    private fun sizeBytes(): Long = segments.sumOf { it.sizeBytes }

    private fun oldestAt(): Instant? =
        try {
            if (firstSeq < nextSeq) oldest?.frameAtOrAfter(firstSeq)?.let { Instant.ofEpochMilli(it.spooledAtMs) } else null
        } catch (_: IOException) {
            null
        }

    private fun placeOf(seq: Long): ByteArray {
        val name = epoch.toByteArray()
        return ByteBuffer.allocate(name.size + Long.SIZE_BYTES).put(name).putLong(seq).array()
    }

    companion object {
        const val DEFAULT_CAP_BYTES = 256L * 1024 * 1024
        internal const val LARGEST_SEGMENT_BYTES = 4L * 1024 * 1024
        private const val SEGMENTS_UNDER_THE_CAP = 8
        private const val READ_BYTES = 1024 * 1024
        private const val EPOCH_BYTES = 8
        private const val UNREADABLE_SUFFIX = ".unreadable"

        private fun newEpoch(): String =
            ByteArray(EPOCH_BYTES).also(SecureRandom()::nextBytes).joinToString("") { "%02x".format(it) }
    }
}
