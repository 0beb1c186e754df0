package veilleur.companion.core.wire

import java.time.Instant

private val REQUIRED = listOf("id", "device", "event", "captured_at", "source")

/** Return what forbids the members to be an envelope of this version, before their types are looked at. */
internal fun Members.refusal(): RejectReason? {
    if (!has("v")) return RejectReason.MISSING_FIELD
    val version = integer("v", Long.MIN_VALUE, Long.MAX_VALUE)
    if (version != null && version != CONTRACT_VERSION.toLong()) return RejectReason.UNKNOWN_VERSION
    return RejectReason.MISSING_FIELD.takeIf { lacksRequired() }
}

/** Return the envelope, or why it is none. */
internal fun readEnvelope(members: Members): Any {
    val capturedAt = members.instant("captured_at")
    val source = members.inner("source")?.let { SourceInfo(it.string("kind").orEmpty(), it.string("version")) }
    val envelope = Envelope(
        id = members.string("id").orEmpty(),
        device = members.string("device").orEmpty(),
        event = members.string("event").orEmpty(),
        capturedAt = capturedAt ?: Instant.EPOCH,
        source = source ?: SourceInfo(""),
        app = members.inner("app")?.let(::readApp) ?: AppInfo(SPOOL_PACKAGE),
        epoch = members.string("epoch"),
        seq = members.whole("seq"),
        removalReason = members.string("removal_reason"),
        locale = members.string("locale"),
        user = members.whole("user"),
        redacted = members.strings("redacted"),
        truncated = members.strings("truncated"),
        notification = members.inner("notification")?.let(::readNotification),
        throughSeq = members.whole("through_seq"),
        reason = members.string("reason"),
    )
    return if (members.wrong.isEmpty()) envelope else RejectReason.BAD_FIELD
}

private fun Members.lacksRequired(): Boolean {
    val isLost = string("event") == EventKind.LOST.wire
    if (!REQUIRED.all(::has) || lacksInside("source", "kind")) return true
    if (!isLost && (!has("app") || lacksInside("app", "package"))) return true
    return lacksInside("notification", "key")
}

private fun Members.lacksInside(parent: String, member: String): Boolean =
    has(parent) && Members(tree(), mutableListOf()).inner(parent)?.has(member) == false

private fun Members.whole(name: String): Long? = integer(name, Long.MIN_VALUE, Long.MAX_VALUE)

private fun readApp(members: Members) =
    AppInfo(members.string("package").orEmpty(), members.string("label"), members.string("version"))

private fun readMessage(members: Members) = Message(
    atMs = members.whole("at_ms"),
    sender = members.string("sender"),
    senderKey = members.string("sender_key"),
    senderUri = members.string("sender_uri"),
    text = members.string("text"),
    mime = members.string("mime"),
)

private fun readPicture(members: Members) = Picture(
    mime = members.string("mime"),
    width = members.whole("width"),
    height = members.whole("height"),
    sha256 = members.string("sha256"),
    data = members.string("data"),
    of = members.string("of"),
)

private fun readNotification(members: Members) = RawNotification(
    key = members.string("key").orEmpty(),
    id = members.whole("id"),
    tag = members.string("tag"),
    group = members.string("group"),
    isGroupSummary = members.flag("is_group_summary"),
    channel = members.string("channel"),
    channelName = members.string("channel_name"),
    category = members.string("category"),
    importance = members.whole("importance"),
    visibility = members.whole("visibility"),
    flags = members.whole("flags"),
    postedAtMs = members.whole("posted_at_ms"),
    whenMs = members.whole("when_ms"),
    ongoing = members.flag("ongoing"),
    shortcutId = members.string("shortcut_id"),
    title = members.string("title"),
    text = members.string("text"),
    bigText = members.string("big_text"),
    subText = members.string("sub_text"),
    summaryText = members.string("summary_text"),
    infoText = members.string("info_text"),
    ticker = members.string("ticker"),
    textLines = members.strings("text_lines"),
    conversationTitle = members.string("conversation_title"),
    isGroupConversation = members.flag("is_group_conversation"),
    selfName = members.string("self_name"),
    messages = members.each("messages")?.map(::readMessage),
    historicMessages = members.each("historic_messages")?.map(::readMessage),
    template = members.string("template"),
    people = members.strings("people"),
    number = members.whole("number"),
    progress = members.whole("progress"),
    actions = members.strings("actions"),
    picture = members.inner("picture")?.let(::readPicture),
    extras = members.inner("extras")?.tree(),
)
