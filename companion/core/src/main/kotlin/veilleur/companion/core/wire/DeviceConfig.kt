package veilleur.companion.core.wire

import java.time.Instant

/** What a list of channels or chats means. */
enum class SelectionMode(val wire: String) { ALL("all"), ONLY("only"), EXCEPT("except") }

/** When a captured notification is cleared from the tablet. */
enum class ClearMode(val wire: String) { NEVER("never"), ALWAYS("always"), FROM_COUNT("from_count") }

/** All, only those listed, or all except those listed. */
data class Selection(val mode: SelectionMode, val listed: List<String> = emptyList())

/** When an app's notifications are cleared: `fromCount` only from so many active ones; `channels` differ. */
data class AutoClear(val mode: ClearMode, val fromCount: Long? = null, val channels: Map<String, ClearMode> = emptyMap())

/** One app of the allow-list; without `channels` and `chats` all of it, without the others as the outer ones say. */
data class AppRule(
    val packageName: String,
    val channels: Selection? = null,
    val chats: Selection? = null,
    val pictures: Boolean? = null,
    val autoClear: AutoClear? = null,
)

/** What is dropped and only counted; each true when absent. */
data class NoiseRule(val ongoing: Boolean? = null, val media: Boolean? = null, val progress: Boolean? = null)

/** Which numbers are taken out of words before the spool, each when absent, and further words of the rules. */
data class RedactionChoice(
    val otp: Boolean? = null,
    val card: Boolean? = null,
    val iban: Boolean? = null,
    val codeWords: List<String> = emptyList(),
    val notCodeWords: List<String> = emptyList(),
)

/** One revision of a device's config; no apps means the canary alone. */
data class DeviceConfig(
    val revision: Long,
    val apps: List<AppRule>,
    val issuedAt: Instant? = null,
    val pictures: Boolean? = null,
    val autoClear: AutoClear? = null,
    val noise: NoiseRule? = null,
    val redaction: RedactionChoice? = null,
    val spoolCapBytes: Long? = null,
    val statusIntervalS: Long? = null,
    val canaryIntervalS: Long? = null,
    val openingReminderDays: Long? = null,
)
