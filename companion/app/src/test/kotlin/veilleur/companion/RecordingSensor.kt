package veilleur.companion

import android.content.Context
import android.os.Looper
import java.time.Instant
import java.util.Collections
import veilleur.companion.capture.AppCatalog
import veilleur.companion.capture.Capturer
import veilleur.companion.core.capture.Captured
import veilleur.companion.core.wire.PairingRefusal
import veilleur.companion.health.SensorState
import veilleur.companion.health.WATCHING

/** A sensor that keeps what it is given and shows the state it is told. */
class RecordingSensor(context: Context) : Sensor {
    val taken = mutableListOf<Captured>()
    val pairedWith: MutableList<String> = Collections.synchronizedList(mutableListOf())
    val opened = mutableListOf<String>()
    var connections = 0
    var faults = 0
    var lastActive: List<Captured>? = null
    var wantsPictures = true
    var isConnected = false
    var hasForgotten = false
    var whilePairing: () -> Unit = {}
    var reconnects = 0

    @Volatile var shown: SensorState = WATCHING

    @Volatile var wasReadOnMain = false
    var outcome: PairingOutcome = PairingOutcome.Refused(PairingRefusal.NO_CODE)

    override val capturer =
        Capturer(context, AppCatalog(context.packageManager), { Instant.parse("2026-11-21T18:04:05.120Z") }) { wantsPictures }

    override fun take(captured: Captured) {
        taken += captured
    }

    override fun noteFault() {
        faults++
    }

    override fun listenerConnected(listener: CaptureListenerService, active: List<Captured>?) {
        connections++
        isConnected = true
        lastActive = active
        taken += active.orEmpty()
    }

    override fun listenerDisconnected() {
        isConnected = false
    }

    override fun state(): SensorState {
        if (Looper.getMainLooper().isCurrentThread) wasReadOnMain = true
        return shown
    }

    override fun pair(text: String): PairingOutcome {
        pairedWith += text
        whilePairing()
        return outcome
    }

    override fun forget() {
        hasForgotten = true
    }

    override fun confirmOpened(packageName: String) {
        opened += packageName
    }

    override fun reconnectListener() {
        reconnects++
    }
}

/** The process without its services: a test looks at one part at a time. */
class RecordingApplication : CompanionApplication() {
    override val sensor: RecordingSensor by lazy { RecordingSensor(this) }

    var standUps = 0

    override fun standUp() {
        standUps++
    }
}
