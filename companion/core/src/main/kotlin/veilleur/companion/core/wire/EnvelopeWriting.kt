package veilleur.companion.core.wire

/** Writes an envelope as the contract orders it: the head first, so that it can be read when the rest cannot. */
internal fun writeEnvelope(envelope: Envelope): ByteArray = JsonObjectText().apply {
    whole("v", CONTRACT_VERSION.toLong())
    text("id", envelope.id)
    text("device", envelope.device)
    text("epoch", envelope.epoch)
    whole("seq", envelope.seq)
    text("event", envelope.event)
    instant("captured_at", envelope.capturedAt)
    inner("source") { source(envelope.source) }
    inner("app") { app(envelope.app) }
    text("removal_reason", envelope.removalReason)
    text("locale", envelope.locale)
    whole("user", envelope.user)
    texts("redacted", envelope.redacted)
    texts("truncated", envelope.truncated)
    envelope.notification?.let { inner("notification") { notification(it) } }
    whole("through_seq", envelope.throughSeq)
    text("reason", envelope.reason)
}.toBytes()

internal fun JsonObjectText.source(source: SourceInfo) {
    text("kind", source.kind)
    text("version", source.version)
}

private fun JsonObjectText.app(app: AppInfo) {
    text("package", app.packageName)
    text("label", app.label)
    text("version", app.version)
}

private fun JsonObjectText.message(message: Message) {
    whole("at_ms", message.atMs)
    text("sender", message.sender)
    text("sender_key", message.senderKey)
    text("sender_uri", message.senderUri)
    text("text", message.text)
    text("mime", message.mime)
}

private fun JsonObjectText.picture(picture: Picture) {
    text("mime", picture.mime)
    whole("width", picture.width)
    whole("height", picture.height)
    text("sha256", picture.sha256)
    text("data", picture.data)
    text("of", picture.of)
}

private fun JsonObjectText.notification(shown: RawNotification) {
    text("key", shown.key)
    whole("id", shown.id)
    text("tag", shown.tag)
    text("group", shown.group)
    flag("is_group_summary", shown.isGroupSummary)
    text("channel", shown.channel)
    text("channel_name", shown.channelName)
    text("category", shown.category)
    whole("importance", shown.importance)
    whole("visibility", shown.visibility)
    whole("flags", shown.flags)
    whole("posted_at_ms", shown.postedAtMs)
    whole("when_ms", shown.whenMs)
    flag("ongoing", shown.ongoing)
    text("shortcut_id", shown.shortcutId)
    text("title", shown.title)
    text("text", shown.text)
    text("big_text", shown.bigText)
    text("sub_text", shown.subText)
    text("summary_text", shown.summaryText)
    text("info_text", shown.infoText)
    text("ticker", shown.ticker)
    texts("text_lines", shown.textLines)
    text("conversation_title", shown.conversationTitle)
    flag("is_group_conversation", shown.isGroupConversation)
    text("self_name", shown.selfName)
    each("messages", shown.messages) { message(it) }
    each("historic_messages", shown.historicMessages) { message(it) }
    text("template", shown.template)
    texts("people", shown.people)
    whole("number", shown.number)
    whole("progress", shown.progress)
    texts("actions", shown.actions)
    shown.picture?.let { inner("picture") { picture(it) } }
    tree("extras", shown.extras)
}
