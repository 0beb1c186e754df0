package veilleur.companion.screen

import android.content.Context
import veilleur.companion.R
import veilleur.companion.checklist.Step
import veilleur.companion.checklist.Verdict
import veilleur.companion.checklist.checklistOf
import veilleur.companion.core.wire.EventKind
import veilleur.companion.core.wire.PairingRefusal
import veilleur.companion.health.Cause
import veilleur.companion.health.Headline
import veilleur.companion.health.LinkKind
import veilleur.companion.health.SensorState
import veilleur.companion.health.TabletFacts

/** The user's language: each decision's sentence. */
class Wording(private val context: Context) {
    fun headline(headline: Headline): String = context.getString(
        when (headline) {
            Headline.WATCHING -> R.string.headline_watching
            Headline.WATCHING_OFFLINE -> R.string.headline_watching_offline
            Headline.WAITING_FOR_LIST -> R.string.headline_waiting_for_list
            Headline.NOT_WATCHING -> R.string.headline_not_watching
            Headline.NOT_PAIRED -> R.string.headline_not_paired
        },
    )

    fun cause(cause: Cause?): String = context.getString(
        when (cause) {
            null -> R.string.cause_none
            Cause.LOW_RAM -> R.string.cause_low_ram
            Cause.NOT_ALLOWED -> R.string.cause_not_allowed
            Cause.NOT_BOUND -> R.string.cause_not_bound
            Cause.CANARY_UNSEEN -> R.string.cause_canary_unseen
            Cause.CANNOT_WRITE -> R.string.cause_cannot_write
            Cause.CREDENTIALS_CLOSED -> R.string.cause_credentials_closed
            Cause.SPOOL_CLOSED -> R.string.cause_spool_closed
            Cause.OWN_FAULT -> R.string.cause_own_fault
            Cause.NOT_PAIRED -> R.string.cause_not_paired
            Cause.CREDENTIALS_LOST -> R.string.cause_credentials_lost
            Cause.NO_CONFIG -> R.string.cause_no_config
            Cause.REFUSED -> R.string.cause_refused
            Cause.UNTRUSTED -> R.string.cause_untrusted
            Cause.OFFLINE -> R.string.cause_offline
            Cause.NO_RECEIPT -> R.string.cause_no_receipt
            Cause.SPOOL_NEAR_CAP -> R.string.cause_spool_near_cap
        },
    )

    fun link(kind: LinkKind): String = context.getString(
        when (kind) {
            LinkKind.NONE -> R.string.link_none
            LinkKind.CONNECTING -> R.string.link_connecting
            LinkKind.CONNECTED -> R.string.link_connected
            LinkKind.UNTRUSTED -> R.string.link_untrusted
            LinkKind.REFUSED -> R.string.link_refused
        },
    )

    fun event(event: EventKind): String = context.getString(
        when (event) {
            EventKind.POSTED -> R.string.event_posted
            EventKind.UPDATED -> R.string.event_updated
            EventKind.REMOVED -> R.string.event_removed
            EventKind.ACTIVE -> R.string.event_active
            EventKind.LOST -> R.string.event_lost
        },
    )

    fun refusal(why: PairingRefusal): String = context.getString(
        when (why) {
            PairingRefusal.NO_CODE -> R.string.pairing_not_a_code
            PairingRefusal.DAMAGED -> R.string.pairing_damaged
            PairingRefusal.OTHER_VERSION -> R.string.pairing_other_version
            PairingRefusal.NO_EXPIRY, PairingRefusal.NO_DEVICE, PairingRefusal.NO_ADDRESS, PairingRefusal.BAD_ADDRESS,
            PairingRefusal.BAD_KEY, PairingRefusal.NO_KEY, PairingRefusal.UNENCRYPTED,
            -> R.string.pairing_unusable
        },
    )

    /** The reasons of the contract's status; one of a later core is “other”. */
    fun dropReason(wire: String): String = context.getString(
        when (wire) {
            "app" -> R.string.dropped_app
            "channel" -> R.string.dropped_channel
            "chat" -> R.string.dropped_chat
            "ongoing" -> R.string.dropped_ongoing
            "media" -> R.string.dropped_media
            "progress" -> R.string.dropped_progress
            "no_config" -> R.string.dropped_no_config
            "overflow" -> R.string.dropped_overflow
            "own_error" -> R.string.dropped_own_error
            else -> R.string.dropped_other
        },
    )

    fun power(tablet: TabletFacts): String {
        val percent = tablet.batteryPercent ?: return context.getString(R.string.power_unknown)
        return context.getString(if (tablet.isCharging == true) R.string.power_charging else R.string.power_battery, percent)
    }

    /** The watched apps that somebody should open, as one line; null where none is due. */
    fun openingsDue(state: SensorState): String? {
        val due = checklistOf(state).filter { it.step == Step.APP_OPENED && it.verdict != Verdict.DONE }.mapNotNull { it.app?.name }
        return if (due.isEmpty()) null else context.getString(R.string.notice_open, due.joinToString())
    }
}
