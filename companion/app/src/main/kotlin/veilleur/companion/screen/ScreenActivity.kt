package veilleur.companion.screen

import android.app.Activity
import android.content.Intent
import android.os.Bundle
import android.os.Handler
import android.os.Looper
import android.view.View
import android.view.ViewGroup
import android.view.accessibility.AccessibilityNodeInfo
import android.widget.TextView
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors
import veilleur.companion.CompanionApplication
import veilleur.companion.R
import veilleur.companion.Sensor
import veilleur.companion.health.SensorState

private const val REFRESH_MS = 2_000L

/** The four screens and the way between them. */
enum class Tab(val viewId: Int, val screen: Class<out Activity>) {
    STATUS(R.id.tab_status, StatusActivity::class.java),
    CAPTURED(R.id.tab_captured, CapturedActivity::class.java),
    CHECKLIST(R.id.tab_checklist, ChecklistActivity::class.java),
    PAIRING(R.id.tab_pairing, PairingActivity::class.java),
}

/** One screen: its content above the tabs, shown anew every two seconds while it is in front; it reads on a thread of its own. */
abstract class ScreenActivity(private val tab: Tab, private val layout: Int) : Activity() {
    private val main = Handler(Looper.getMainLooper())
    private var isInFront = false

    /** What the screen shows; null before the first reading. */
    var shown: SensorState? = null
        private set

    /** Where the screen reads and acts: disk and keystore may take longer than the main thread has. */
    protected val work: ExecutorService = Executors.newSingleThreadExecutor()
    protected val sensor: Sensor get() = (application as CompanionApplication).sensor
    protected val wording: Wording by lazy { Wording(this) }
    protected val figures: Figures by lazy { Figures(this) }

    /** Puts the state on the screen. */
    protected abstract fun show(state: SensorState)

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        setContentView(R.layout.screen_frame)
        layoutInflater.inflate(layout, part<ViewGroup>(R.id.content), true)
        Tab.values().forEach(::wire)
    }

    override fun onResume() {
        super.onResume()
        isInFront = true
        showNow()
    }

    override fun onPause() {
        isInFront = false
        main.removeCallbacks(refresh)
        super.onPause()
    }

    override fun onDestroy() {
        work.shutdown()
        super.onDestroy()
    }

    /** Shows what is now; rebuilt only where something but the clock has changed. */
    protected fun showNow() = read(::take)

    /** Reads how everything stands, and acts upon it on the main thread while the screen lives. */
    protected fun read(act: (SensorState) -> Unit) {
        if (isDestroyed) return
        work.execute {
            val state = sensor.state()
            runOnUiThread { if (!isDestroyed) act(state) }
        }
    }

    private fun take(state: SensorState) {
        val known = shown
        shown = state
        if (known == null || known.copy(at = state.at) != state) show(state)
        main.removeCallbacks(refresh)
        if (isInFront) main.postDelayed(refresh, REFRESH_MS)
    }

    protected fun open(tab: Tab) {
        startActivity(Intent(this, tab.screen).addFlags(Intent.FLAG_ACTIVITY_REORDER_TO_FRONT or Intent.FLAG_ACTIVITY_NO_ANIMATION))
    }

    private val refresh = Runnable(::showNow)

    private fun wire(other: Tab) {
        val view = part<TextView>(other.viewId)
        view.isSelected = other == tab
        view.accessibilityDelegate = TabRole
        if (other != tab) view.setOnClickListener { open(other) }
    }
}

/** Has the screen reader call a tab a tab. */
private object TabRole : View.AccessibilityDelegate() {
    override fun onInitializeAccessibilityNodeInfo(host: View, info: AccessibilityNodeInfo) {
        super.onInitializeAccessibilityNodeInfo(host, info)
        info.className = "android.widget.TabWidget"
        info.isSelected = host.isSelected
    }
}
