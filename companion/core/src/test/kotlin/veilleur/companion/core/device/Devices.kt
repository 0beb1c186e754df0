package veilleur.companion.core.device

import java.nio.file.Path
import java.time.Instant
import java.util.Base64
import java.util.concurrent.CopyOnWriteArrayList
import javax.crypto.spec.SecretKeySpec
import veilleur.companion.core.capture.NOON
import veilleur.companion.core.link.LinkSettings
import veilleur.companion.core.spool.AesGcmCipher
import veilleur.companion.core.spool.RecordCipher
import veilleur.companion.core.spool.Spool
import veilleur.companion.core.spool.SpoolRecord
import veilleur.companion.core.wire.COMPANION_PACKAGE
import veilleur.companion.core.wire.Decoded
import veilleur.companion.core.wire.DeviceConfig
import veilleur.companion.core.wire.Envelope
import veilleur.companion.core.wire.EnvelopeCodec
import veilleur.companion.core.wire.PairingCode
import veilleur.companion.core.wire.SourceInfo

private const val KEY_BYTES = 16
private const val DEADLINE_NS = 30_000_000_000L

fun testCipher(key: Int): RecordCipher = AesGcmCipher(SecretKeySpec(ByteArray(KEY_BYTES) { key.toByte() }, "AES"))

/** A platform that notes what it was asked to do. */
class NotingPorts : DevicePorts {
    val cleared = CopyOnWriteArrayList<String>()
    val canaries = CopyOnWriteArrayList<String>()

    @Volatile var rebinds = 0

    @Volatile var requests = 0

    @Volatile var sleptMs = 0L

    override fun now(): Instant = NOON

    override fun monotonicMs(): Long = super.monotonicMs() + sleptMs

    override fun clear(keys: List<String>) {
        cleared += keys
    }

    override fun postCanary(mark: String): Boolean = canaries.add(mark)

    override fun rebindListener() {
        rebinds++
    }

    override fun requestActive() {
        requests++
    }
}

/** Return the settings of a device whose broker is not there. */
fun lonely(folder: Path, firstConfig: DeviceConfig? = null, canaryPace: CanaryPace = CanaryPace()): DeviceSettings {
    val code = PairingCode("salon-1", "S".repeat(22), listOf("mqtt://127.0.0.1:1"), NOON)
    return DeviceSettings(
        LinkSettings.of(code, NOON),
        folder,
        testCipher(1),
        SourceInfo("companion", "1.0.0"),
        firstConfig = firstConfig,
        canaryPace = canaryPace,
    )
}

/** Return what a closed device left in its spool, without its canaries. */
fun spooledIn(folder: Path): List<Envelope> = Spool(folder, testCipher(1), { NOON }).use { spool ->
    val found = mutableListOf<Envelope>()
    var seq = spool.firstSeq
    while (seq < spool.nextSeq) {
        for (item in spool.read(seq, 100)) {
            found += (EnvelopeCodec.decode((item as SpoolRecord).payload, "salon-1") as Decoded.Read).envelope
            seq = item.throughSeq + 1
        }
    }
    found.filter { it.app.packageName != COMPANION_PACKAGE }
}

/** Wait until something holds. */
fun until(what: String, holds: () -> Boolean) {
    val endNs = System.nanoTime() + DEADLINE_NS
    while (!holds()) {
        check(System.nanoTime() < endNs) { "not within 30 s: $what" }
        Thread.sleep(5)
    }
}

fun configPayload(revision: Long, vararg packages: String, more: String = ""): ByteArray {
    val apps = packages.joinToString(",") { """{"package":"$it"}""" }
    return """{"v":1,"revision":$revision,"apps":[$apps]$more}""".toByteArray()
}

fun base64(bytes: Int): String = Base64.getEncoder().encodeToString(ByteArray(bytes))
