package veilleur.companion.core.device

import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path
import veilleur.companion.core.capture.CapturePolicy
import veilleur.companion.core.capture.NotificationScreen
import veilleur.companion.core.capture.RedactionRules
import veilleur.companion.core.spool.RecordCipher
import veilleur.companion.core.spool.putFile
import veilleur.companion.core.wire.ConfigCodec
import veilleur.companion.core.wire.DeviceConfig

private const val CONFIG_FILE = "config"

/** One config as decisions. */
class Regime(val config: DeviceConfig?, rules: RedactionRules) {
    val policy = CapturePolicy(config)
    val screen = NotificationScreen.by(rules, config?.redaction)
}

/** The daemon's newest config, remembered over restarts; written by one thread, read by any. */
class ConfigInForce(
    folder: Path,
    private val cipher: RecordCipher,
    private val rules: RedactionRules,
    firstConfig: DeviceConfig?,
) {
    private val file = folder.resolve(CONFIG_FILE)

    /** The revision in force; 0 before the daemon's first. */
    @Volatile
    var revision = 0L
        private set

    /** Why the newest config could not be taken; null when it was. */
    @Volatile
    var error: String? = null
        private set

    @Volatile
    var regime: Regime
        private set

    init {
        val remembered = load()
        revision = remembered?.revision ?: 0
        regime = Regime(remembered ?: firstConfig, rules)
    }

    /** Put a newer config in force and remember it; tell whether it was. An unreadable one changes nothing but the error. */
    fun take(payload: ByteArray): Boolean {
        val config = ConfigCodec.read(payload)
        error = if (config == null) "the newest config cannot be read (${payload.size} bytes)" else null
        if (config == null || config.revision <= revision) return false
        revision = config.revision
        regime = Regime(config, rules)
        save(payload)
        return true
    }

    private fun save(payload: ByteArray) {
        try {
            putFile(file, cipher.seal(payload, PLACE))
        } catch (_: IOException) {
            return // the daemon's retained message brings it again
        }
    }

    private fun load(): DeviceConfig? = try {
        cipher.open(Files.readAllBytes(file), PLACE)?.let(ConfigCodec::read)
    } catch (_: IOException) {
        null
    }

    private companion object {
        val PLACE = CONFIG_FILE.toByteArray()
    }
}
