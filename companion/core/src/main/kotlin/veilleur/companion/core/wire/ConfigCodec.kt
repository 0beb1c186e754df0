package veilleur.companion.core.wire

private const val LEAST_SPOOL_CAP_BYTES = 1024L * 1024
private const val MOST_ACTIVE = 50L
private val SELECTION_MODES = SelectionMode.entries.associateBy(SelectionMode::wire)
private val CLEAR_MODES = ClearMode.entries.associateBy(ClearMode::wire)

/** Reads configs. */
object ConfigCodec {
    /** Return the config, or null where anything in it is missing or wrong: half a config could capture too much. */
    fun read(payload: ByteArray): DeviceConfig? {
        val members = Members.of(payload) ?: return null
        val revision = members.integer("revision", least = 1) ?: return null
        val apps = members.each("apps")?.map(::readAppRule) ?: return null
        val config = DeviceConfig(
            revision = revision,
            apps = apps.filterNotNull(),
            issuedAt = members.instant("issued_at"),
            pictures = members.flag("pictures"),
            autoClear = members.inner("auto_clear")?.let(::readAutoClear),
            noise = members.inner("noise")?.let { NoiseRule(it.flag("ongoing"), it.flag("media"), it.flag("progress")) },
            redaction = members.inner("redaction")?.let(::readRedaction),
            spoolCapBytes = members.integer("spool_cap_bytes", LEAST_SPOOL_CAP_BYTES, Long.MAX_VALUE),
            statusIntervalS = members.integer("status_interval_s", least = 5, most = 3600),
            canaryIntervalS = members.integer("canary_interval_s", least = 60, most = 86400),
            openingReminderDays = members.integer("opening_reminder_days", least = 1, most = 90),
        )
        return config.takeIf { members.wrong.isEmpty() }
    }
}

private fun readAppRule(members: Members): AppRule? {
    members.require("package")
    return members.text("package", MAX_PACKAGE_LENGTH)?.let {
        AppRule(
            packageName = it,
            channels = members.inner("channels")?.let(::readSelection),
            chats = members.inner("chats")?.let(::readSelection),
            pictures = members.flag("pictures"),
            autoClear = members.inner("auto_clear")?.let(::readAutoClear),
        )
    }
}

private fun readSelection(members: Members): Selection? {
    members.require("mode")
    return members.choice("mode", SELECTION_MODES)?.let { Selection(it, members.texts("listed").orEmpty()) }
}

private fun readAutoClear(members: Members): AutoClear? {
    members.require("mode")
    return members.choice("mode", CLEAR_MODES)?.let { mode ->
        AutoClear(
            mode,
            members.integer("from_count", least = 1, most = MOST_ACTIVE),
            members.inner("channels")?.choices(CLEAR_MODES).orEmpty(),
        )
    }
}

private fun readRedaction(members: Members) = RedactionChoice(
    otp = members.flag("otp"),
    card = members.flag("card"),
    iban = members.flag("iban"),
    codeWords = members.texts("code_words").orEmpty(),
    notCodeWords = members.texts("not_code_words").orEmpty(),
)
