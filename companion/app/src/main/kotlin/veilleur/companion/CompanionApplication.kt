package veilleur.companion

import android.app.Application
import veilleur.companion.alive.Notices
import veilleur.companion.alive.WatchService
import veilleur.companion.alive.WatchdogJob

/** The process: it makes the sensor once, and stands everything up whenever Android starts it. */
open class CompanionApplication : Application() {
    val notices: Notices by lazy { Notices(this) }
    open val sensor: Sensor by lazy { TabletSensor.make(this, notices) }

    override fun onCreate() {
        super.onCreate()
        notices.makeChannels()
        standUp()
    }

    /** Harmless when everything stands already. */
    open fun standUp() {
        sensor
        WatchService.start(this)
        WatchdogJob.schedule(this)
    }
}
