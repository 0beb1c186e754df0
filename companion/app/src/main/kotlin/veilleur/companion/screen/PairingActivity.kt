package veilleur.companion.screen

import android.app.AlertDialog
import android.content.ClipboardManager
import android.content.Intent
import android.content.pm.PackageManager
import android.os.Bundle
import android.view.WindowManager
import android.widget.Button
import android.widget.EditText
import android.widget.LinearLayout
import android.widget.TextView
import android.widget.Toast
import java.lang.ref.WeakReference
import veilleur.companion.service
import veilleur.companion.PairingOutcome
import veilleur.companion.R
import veilleur.companion.health.SensorState
import veilleur.companion.health.eventsLostBy

private const val SCAN_REQUEST = 1
private const val SAID = "said"

/** Joins the tablet to a server: the code is scanned, pasted or typed. */
class PairingActivity : ScreenActivity(Tab.PAIRING, R.layout.screen_pairing) {
    private val field: EditText get() = part(R.id.pairing_field)

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        newest = WeakReference(this)
        window.addFlags(WindowManager.LayoutParams.FLAG_SECURE)
        say(savedInstanceState?.getString(SAID))
        part<Button>(R.id.pairing_scan).setOnClickListener { scan() }
        part<Button>(R.id.pairing_paste).setOnClickListener { paste() }
        part<Button>(R.id.pairing_use).setOnClickListener { offer(field.text.toString()) }
        part<Button>(R.id.pairing_forget).setOnClickListener { askToForget() }
        val hasCamera = packageManager.hasSystemFeature(PackageManager.FEATURE_CAMERA_ANY)
        part<Button>(R.id.pairing_scan).showWhere(hasCamera)
        part<TextView>(R.id.pairing_or).setText(if (hasCamera) R.string.pairing_or else R.string.pairing_no_camera)
    }

    override fun onSaveInstanceState(outState: Bundle) {
        super.onSaveInstanceState(outState)
        outState.putString(SAID, part<TextView>(R.id.pairing_error).text.toString().ifEmpty { null })
    }

    override fun show(state: SensorState) {
        part<LinearLayout>(R.id.pairing_current_card).showWhere(state.pairing.isPaired)
        val server = state.pairing.server ?: state.link.address ?: getString(R.string.unknown)
        part<TextView>(R.id.pairing_current).text = getString(R.string.pairing_current, state.pairing.device ?: getString(R.string.unknown), server)
    }

    @Suppress("DEPRECATION")
    private fun scan() = startActivityForResult(Intent(this, ScanActivity::class.java), SCAN_REQUEST)

    @Deprecated("The only way that needs no library beside Android's own.")
    override fun onActivityResult(requestCode: Int, resultCode: Int, data: Intent?) {
        val code = data?.getStringExtra(ScanActivity.CODE) ?: return
        if (requestCode == SCAN_REQUEST && resultCode == RESULT_OK) offer(code)
    }

    private fun paste() {
        val clip = service<ClipboardManager>().primaryClip ?: return
        if (clip.itemCount > 0) field.setText(clip.getItemAt(0).coerceToText(this))
    }

    /** Events that the code would throw away are named first, and thrown away only where somebody says so. */
    private fun offer(code: String) = read { state ->
        val lost = eventsLostBy(code, state)
        if (lost == 0L) pair(code) else confirm(figures.plural(R.plurals.pairing_replace_sure, lost), R.string.replace) { pair(code) }
    }

    private fun askToForget() = read { state ->
        val waiting = state.spool.waiting
        val question = if (waiting == 0L) getString(R.string.pairing_forget_sure) else figures.plural(R.plurals.pairing_forget_waiting, waiting)
        confirm(question, R.string.forget, ::forget)
    }

    private fun pair(code: String) = work.execute {
        val outcome = sensor.pair(code)
        runOnUiThread { (newest?.get() ?: this).tell(outcome) }
    }

    private fun tell(outcome: PairingOutcome) {
        if (isDestroyed) return
        when (outcome) {
            is PairingOutcome.Paired -> {
                field.text.clear()
                say(null)
                Toast.makeText(this, getString(R.string.pairing_done, outcome.device, outcome.server), Toast.LENGTH_LONG).show()
                open(Tab.CHECKLIST)
            }
            is PairingOutcome.Refused -> say(wording.refusal(outcome.why))
            PairingOutcome.NotKept -> say(getString(R.string.pairing_not_kept))
        }
    }

    private fun forget() = work.execute {
        sensor.forget()
        runOnUiThread(::showNow)
    }

    private fun say(error: String?) = part<TextView>(R.id.pairing_error).say(error)

    private fun confirm(question: String, act: Int, whenSure: () -> Unit) {
        AlertDialog.Builder(this)
            .setMessage(question)
            .setPositiveButton(act) { _, _ -> whenSure() }
            .setNegativeButton(R.string.cancel, null)
            .show()
    }

    private companion object {
        /** The screen that stands now: a turned tablet has another one than that which began to pair. Main thread only. */
        var newest: WeakReference<PairingActivity>? = null
    }
}
