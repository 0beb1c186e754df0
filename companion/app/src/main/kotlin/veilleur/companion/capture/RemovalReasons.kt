package veilleur.companion.capture

/** Android's names of the reasons in NotificationListenerService, which carries them as numbers (API 35). */
object RemovalReasons {
    private val NAMES = listOf(
        "REASON_CLICK",
        "REASON_CANCEL",
        "REASON_CANCEL_ALL",
        "REASON_ERROR",
        "REASON_PACKAGE_CHANGED",
        "REASON_USER_STOPPED",
        "REASON_PACKAGE_BANNED",
        "REASON_APP_CANCEL",
        "REASON_APP_CANCEL_ALL",
        "REASON_LISTENER_CANCEL",
        "REASON_LISTENER_CANCEL_ALL",
        "REASON_GROUP_SUMMARY_CANCELED",
        "REASON_GROUP_OPTIMIZATION",
        "REASON_PACKAGE_SUSPENDED",
        "REASON_PROFILE_TURNED_OFF",
        "REASON_UNAUTOBUNDLED",
        "REASON_CHANNEL_BANNED",
        "REASON_SNOOZED",
        "REASON_TIMEOUT",
        "REASON_CHANNEL_REMOVED",
        "REASON_CLEAR_DATA",
        "REASON_ASSISTANT_CANCEL",
        "REASON_LOCKDOWN",
    )

    /** A number of a later Android keeps its number. */
    fun nameOf(reason: Int): String = NAMES.getOrElse(reason - 1) { "REASON_$reason" }
}
