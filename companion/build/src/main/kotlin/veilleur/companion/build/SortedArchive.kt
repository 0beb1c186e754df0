/** Every archive of the build: entries in the order of their names and without times, so the same content gives the same bytes. */
package veilleur.companion.build

import java.nio.file.Files
import java.nio.file.Path
import java.time.LocalDateTime
import java.util.zip.CRC32
import java.util.zip.ZipEntry
import java.util.zip.ZipFile
import java.util.zip.ZipOutputStream

/** One file of an archive; [isStored] leaves it uncompressed. */
class ArchiveEntry(val name: String, val bytes: ByteArray, val isStored: Boolean = false)

/** Writes archives that depend on their content alone. */
object SortedArchive {
    private val NO_TIME: LocalDateTime = LocalDateTime.of(1981, 1, 1, 1, 1, 2)

    /** Writes [entries] to [target]; two entries of one name are a mistake of the build. */
    fun write(target: Path, entries: List<ArchiveEntry>) {
        Files.createDirectories(target.toAbsolutePath().parent)
        ZipOutputStream(Files.newOutputStream(target)).use { zip ->
            entries.sortedBy(ArchiveEntry::name).forEach { entry ->
                zip.putNextEntry(headerOf(entry))
                zip.write(entry.bytes)
                zip.closeEntry()
            }
        }
    }

    private fun headerOf(entry: ArchiveEntry) = ZipEntry(entry.name).apply {
        timeLocal = NO_TIME
        if (entry.isStored) {
            method = ZipEntry.STORED
            size = entry.bytes.size.toLong()
            crc = CRC32().apply { update(entry.bytes) }.value
        }
    }
}

/** Reads one file of an archive. */
fun ZipFile.bytesOf(name: String): ByteArray =
    getInputStream(checkNotNull(getEntry(name)) { "${this.name} holds no $name." }).use { it.readBytes() }
