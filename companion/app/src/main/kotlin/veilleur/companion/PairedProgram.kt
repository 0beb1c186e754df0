package veilleur.companion

import android.util.Log
import java.io.File
import veilleur.companion.core.capture.Captured
import veilleur.companion.core.capture.DropReason
import veilleur.companion.core.device.DeviceProgram
import veilleur.companion.core.spool.SpoolException
import veilleur.companion.core.wire.PairingCodes
import veilleur.companion.core.wire.PairingText
import veilleur.companion.health.Obstacle
import veilleur.companion.health.PairingFacts
import veilleur.companion.keep.Credentials
import veilleur.companion.keep.Kept
import veilleur.companion.keep.Vault

private const val LOG = "veilleur"

/** The pairing and the core's program for it, which is tried again until it can be opened; `whenOpen` is called each time it was. */
class PairedProgram(
    private val vault: Vault,
    private val spools: File,
    private val make: (Credentials, File) -> DeviceProgram,
    private val whenOpen: () -> Unit,
) {
    private val intake = Intake()
    private var credentials: Credentials? = null

    @Volatile private var isSettled = false

    @Volatile
    var program: DeviceProgram? = null
        private set

    @Volatile
    var facts = PairingFacts()
        private set

    /** Takes one event, at once; one that comes before the program is open waits for it. */
    fun take(captured: Captured) = intake.take(captured)

    /** Finds out whether we are paired, where that is not known; for every thread but the main one. */
    fun settle() {
        if (!isSettled) resume()
    }

    /** Takes up the work that was left, or that could not be taken up before; settled only when that was tried. */
    @Synchronized
    fun resume() {
        val hasAnswered = isSettled || hasRead()
        val known = credentials
        if (known != null && program == null) open(known)
        isSettled = hasAnswered
    }

    @Synchronized
    fun pair(text: String): PairingOutcome {
        val code = when (val read = PairingCodes.read(text)) {
            is PairingText.Refused -> return PairingOutcome.Refused(read.why)
            is PairingText.Read -> read.code
        }
        if (!vault.keep(text)) return PairingOutcome.NotKept
        val kept = vault.read() as? Kept.Found ?: return PairingOutcome.NotKept
        val known = facts.device
        leave(awaitsNext = true)
        if (known != null && known != code.device) folderOf(known).deleteRecursively()
        isSettled = true
        take(kept.credentials)
        open(kept.credentials)
        return PairingOutcome.Paired(code.device, facts.server.orEmpty())
    }

    /** Forgets the pairing and whatever still waits. */
    @Synchronized
    fun forget() = forgetAll(PairingFacts())

    /** Ends the work; what waits stays on disk. */
    @Synchronized
    fun close() {
        isSettled = true
        credentials = null
        leave(awaitsNext = false)
    }

    /** Returns whether the vault has answered. */
    private fun hasRead(): Boolean {
        when (val kept = vault.read()) {
            is Kept.Found -> take(kept.credentials)
            is Kept.Lost -> forgetAll(PairingFacts(lost = true))
            is Kept.Empty -> intake.close(awaitsNext = false)
            is Kept.Unavailable -> facts = PairingFacts(obstacle = Obstacle.CREDENTIALS_CLOSED)
        }
        return facts.obstacle != Obstacle.CREDENTIALS_CLOSED
    }

    private fun take(found: Credentials) {
        credentials = found
        facts = PairingFacts(found.code.device, found.code.server ?: found.code.addresses.first())
    }

    /** The boundary to the core's start: what keeps it from starting is shown, and tried again. */
    private fun open(known: Credentials) {
        val opened = try {
            make(known, folderOf(known.code.device).apply { mkdirs() })
        } catch (unusable: SpoolException) {
            return stay(Obstacle.SPOOL_CLOSED, unusable)
        } catch (fault: RuntimeException) {
            return stay(Obstacle.OWN_FAULT, fault)
        }
        program = opened
        facts = facts.copy(obstacle = null)
        intake.open(Taker(opened::take) { opened.noteDropped(DropReason.OVERFLOW, it) })
        whenOpen()
    }

    private fun stay(obstacle: Obstacle, cause: Exception) {
        Log.e(LOG, "the program cannot start: ${cause.javaClass.simpleName}")
        facts = facts.copy(obstacle = obstacle)
    }

    private fun leave(awaitsNext: Boolean) {
        intake.close(awaitsNext)
        val left = program
        program = null
        left?.close()
    }

    private fun forgetAll(now: PairingFacts) {
        leave(awaitsNext = false)
        credentials = null
        isSettled = true
        vault.forget()
        spools.deleteRecursively()
        facts = now
    }

    private fun folderOf(device: String) = File(spools, device)
}
