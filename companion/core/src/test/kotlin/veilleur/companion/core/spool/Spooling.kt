/** Spools for tests: a clock that stands still, small caps, and payloads that say which seq they are. */
package veilleur.companion.core.spool

import java.nio.file.Files
import java.nio.file.Path
import java.time.Instant
import javax.crypto.spec.SecretKeySpec
import veilleur.companion.core.wire.Receipt

internal val NOW_AT: Instant = Instant.parse("2026-11-22T10:00:00Z")
internal const val ONE_MIB = 1024L * 1024
internal const val NO_CAP = Long.MAX_VALUE / 4

/** The same key in every process of a test. */
internal fun testCipher(): RecordCipher = AesGcmCipher(SecretKeySpec(ByteArray(16) { it.toByte() }, "AES"))

internal fun openSpool(folder: Path, capBytes: Long = 64 * ONE_MIB, sync: Sync = Sync { it.force(false) }): Spool =
    Spool(folder, testCipher(), { NOW_AT }, capBytes, sync)

internal fun payloadOf(epoch: String, seq: Long): ByteArray = """{"v":1,"epoch":"$epoch","seq":$seq}""".toByteArray()

internal fun recordOf(epoch: String, seq: Long) = SpoolRecord(seq, payloadOf(epoch, seq))

internal fun Spool.append(): Long = appendAll(listOf(::payloadOf)).first

internal fun Spool.fill(count: Int, extraBytes: Int = 0) {
    appendAll(List(count) { { epoch, seq -> payloadOf(epoch, seq) + ByteArray(extraBytes) } })
}

internal fun Spool.receiptFor(throughSeq: Long, store: String = "s1", round: Long = 1) = Receipt(store, round, epoch, throughSeq)

internal fun Spool.everything(fromSeq: Long = 1): List<SpoolItem> {
    val items = ArrayList<SpoolItem>()
    var next = fromSeq
    while (true) {
        val found = read(next, 100).ifEmpty { return items }
        items += found
        next = found.last().throughSeq + 1
    }
}

internal fun seqsOf(items: List<SpoolItem>): List<Long> = items.filterIsInstance<SpoolRecord>().map { it.seq }

internal fun spansOf(items: List<SpoolItem>): List<LostSpan> = items.filterIsInstance<LostSpan>()

internal fun segmentFiles(folder: Path): List<Path> = Files.newDirectoryStream(folder, "*.spool").use { it.sorted() }

internal fun firstSeqOf(segment: Path): Long = segment.fileName.toString().removeSuffix(".spool").toLong()

/** Copies a spool's folder, as the next process finds it after a kill. */
internal fun copyOf(folder: Path, copy: Path): Path {
    copy.toFile().deleteRecursively()
    folder.toFile().copyRecursively(copy.toFile())
    return copy
}
