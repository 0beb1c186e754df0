package veilleur.companion.core.wire

/** Why bytes are no envelope; the words are those of the contract. */
enum class RejectReason(val wire: String) {
    EMPTY("empty"),
    OVERSIZE("oversize"),
    NOT_UTF8("not_utf8"),
    NOT_JSON("not_json"),
    NOT_AN_OBJECT("not_an_object"),
    TOO_DEEP("too_deep"),
    BAD_NUMBER("bad_number"),
    LONE_SURROGATE("lone_surrogate"),
    UNKNOWN_VERSION("unknown_version"),
    BAD_DEVICE("bad_device"),
    WRONG_DEVICE("wrong_device"),
    MISSING_SEQ("missing_seq"),
    MISSING_NOTIFICATION("missing_notification"),
    MISSING_FIELD("missing_field"),
    BAD_FIELD("bad_field"),
}
