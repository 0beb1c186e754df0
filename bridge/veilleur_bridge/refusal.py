"""Why bytes are no envelope: the reasons that dead letters carry (contract v1)."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class RejectReason(StrEnum):
    """One reason a payload is refused; `bridge/contract/examples` holds an example of each."""

    EMPTY = "empty"
    OVERSIZE = "oversize"
    NOT_UTF8 = "not_utf8"
    NOT_JSON = "not_json"
    NOT_AN_OBJECT = "not_an_object"
    TOO_DEEP = "too_deep"
    BAD_NUMBER = "bad_number"
    LONE_SURROGATE = "lone_surrogate"
    UNKNOWN_VERSION = "unknown_version"
    BAD_DEVICE = "bad_device"
    WRONG_DEVICE = "wrong_device"
    MISSING_SEQ = "missing_seq"
    MISSING_NOTIFICATION = "missing_notification"
    MISSING_FIELD = "missing_field"
    BAD_FIELD = "bad_field"


class Refusal(Struct, frozen=True):
    """A reason and one line that names the place, never the content."""

    reason: RejectReason
    detail: str
