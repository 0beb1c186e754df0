/** Files that survive a power cut: written beside, synced, put in place, and the folder synced. */
package veilleur.companion.core.spool

import java.io.IOException
import java.nio.ByteBuffer
import java.nio.channels.FileChannel
import java.nio.channels.OverlappingFileLockException
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardCopyOption.ATOMIC_MOVE
import java.nio.file.StandardOpenOption.CREATE
import java.nio.file.StandardOpenOption.READ
import java.nio.file.StandardOpenOption.TRUNCATE_EXISTING
import java.nio.file.StandardOpenOption.WRITE
import java.nio.file.attribute.PosixFilePermissions

private const val LOCK_FILE = "lock"
private const val BEING_WRITTEN = ".new"

/** Puts a whole file in place; after a crash the old one or the new one is there. Throws IOException. */
fun putFile(path: Path, content: ByteArray) {
    val beside = path.resolveSibling("${path.fileName}$BEING_WRITTEN")
    FileChannel.open(beside, CREATE, WRITE, TRUNCATE_EXISTING).use { channel ->
        channel.writeAll(ByteBuffer.wrap(content))
        channel.force(true)
    }
    Files.move(beside, path, ATOMIC_MOVE)
    syncFolder(path.parent)
}

/** Writes all that remains of [content]. */
internal fun FileChannel.writeAll(content: ByteBuffer) {
    while (content.hasRemaining()) write(content)
}

/** Makes the folder, private to this user, and locks it; the lock dies with the process or the returned channel. */
internal fun lockFolder(folder: Path): FileChannel {
    val channel = try {
        Files.createDirectories(folder)
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"))
        FileChannel.open(folder.resolve(LOCK_FILE), CREATE, WRITE)
    } catch (error: IOException) {
        throw SpoolException("the spool $folder cannot be opened (${error.message}): give another folder", error)
    }
    val lock = try {
        channel.tryLock()
    } catch (_: OverlappingFileLockException) {
        null
    }
    if (lock == null) {
        channel.close()
        throw SpoolInUse("another program uses the spool $folder: end it, or give this device another folder")
    }
    return channel
}

private fun syncFolder(folder: Path) {
    FileChannel.open(folder, READ).use { it.force(true) }
}
