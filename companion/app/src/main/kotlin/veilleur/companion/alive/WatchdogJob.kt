package veilleur.companion.alive

import android.app.job.JobInfo
import android.app.job.JobParameters
import android.app.job.JobScheduler
import android.app.job.JobService
import android.content.ComponentName
import android.content.Context
import java.util.concurrent.TimeUnit
import veilleur.companion.service
import veilleur.companion.CompanionApplication

private const val JOB_ID = 1
private val INTERVAL_MS = TimeUnit.MINUTES.toMillis(15)

/** Every quarter of an hour Android wakes us here, also after it ended our process. */
class WatchdogJob : JobService() {
    override fun onStartJob(parameters: JobParameters?): Boolean {
        (application as CompanionApplication).standUp()
        return false
    }

    override fun onStopJob(parameters: JobParameters?): Boolean = false

    companion object {
        fun schedule(context: Context) {
            val scheduler = context.service<JobScheduler>()
            if (scheduler.getPendingJob(JOB_ID) != null) return
            val job = JobInfo.Builder(JOB_ID, ComponentName(context, WatchdogJob::class.java))
                .setPeriodic(INTERVAL_MS)
                .setPersisted(true)
                .build()
            scheduler.schedule(job)
        }
    }
}
