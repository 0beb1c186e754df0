"""One look at what a device or a feed shows, and why there may be nothing to see."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from veilleur_bridge.sources.list_changes import ActiveList


class Problem(StrEnum):
    """Why a source cannot see, or sees less than all: the codes that a status lists."""

    ADB_MISSING = "adb_missing"
    ADB_FAILED = "adb_failed"
    ADB_TIMED_OUT = "adb_timed_out"
    NO_DEVICE = "no_device"
    SEVERAL_DEVICES = "several_devices"
    DEVICE_UNAUTHORIZED = "device_unauthorized"
    DEVICE_OFFLINE = "device_offline"
    DUMP_REFUSED = "dump_refused"
    DUMP_EMPTY = "dump_empty"
    DUMP_GARBLED = "dump_garbled"
    DUMP_CUT = "dump_cut"
    DUMP_REDACTED = "dump_redacted"
    RECORD_UNREADABLE = "record_unreadable"
    TERMUX_API_MISSING = "termux_api_missing"
    TERMUX_API_SILENT = "termux_api_silent"
    LIST_GARBLED = "list_garbled"
    FEED_UNREACHABLE = "feed_unreachable"
    FEED_TIMED_OUT = "feed_timed_out"
    FEED_TOO_LARGE = "feed_too_large"
    FEED_REFUSED = "feed_refused"
    FEED_BUSY = "feed_busy"
    FEED_GONE = "feed_gone"
    FEED_UNREADABLE = "feed_unreadable"
    SPOOL_REFUSED = "spool_refused"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A problem, and a sentence that tells a person what to do next; never a word of a notification."""

    problem: Problem
    advice: str


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen: no list where nothing was, a list and a trouble where not all was."""

    shown: ActiveList | None = None
    trouble: Trouble | None = None
    locale: str | None = None
