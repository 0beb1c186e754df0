"""Android's numbers that a dump prints as names (AOSP Notification and NotificationManager)."""

from __future__ import annotations

import re
from enum import IntEnum, IntFlag
from typing import Final


class Flag(IntFlag):
    """`Notification.FLAG_…`."""

    SHOW_LIGHTS = 0x1
    ONGOING_EVENT = 0x2
    INSISTENT = 0x4
    ONLY_ALERT_ONCE = 0x8
    AUTO_CANCEL = 0x10
    NO_CLEAR = 0x20
    FOREGROUND_SERVICE = 0x40
    HIGH_PRIORITY = 0x80
    LOCAL_ONLY = 0x100
    GROUP_SUMMARY = 0x200
    AUTOGROUP_SUMMARY = 0x400
    CAN_COLORIZE = 0x800
    BUBBLE = 0x1000
    NO_DISMISS = 0x2000
    FSI_REQUESTED_BUT_DENIED = 0x4000
    USER_INITIATED_JOB = 0x8000
    LIFETIME_EXTENDED_BY_DIRECT_REPLY = 0x10000
    SILENT = 0x20000
    PROMOTED_ONGOING = 0x40000


class Importance(IntEnum):
    """`NotificationManager.IMPORTANCE_…`."""

    UNSPECIFIED = -1000
    NONE = 0
    MIN = 1
    LOW = 2
    DEFAULT = 3
    HIGH = 4
    MAX = 5


class Visibility(IntEnum):
    """`Notification.VISIBILITY_…`."""

    SECRET = -1
    PRIVATE = 0
    PUBLIC = 1


_NUMBER: Final = re.compile(r"0x[0-9a-fA-F]{1,8}|\d{1,10}")


def read_flags(printed: str) -> int | None:
    """Return the bits of `0x18`, `0` or `AUTO_CANCEL|GROUP_SUMMARY`; a name that nobody knows has none."""
    if _NUMBER.fullmatch(printed):
        return int(printed, 0 if printed.startswith("0x") else 10)
    names = printed.split("|")
    known = [Flag[name] for name in names if name in Flag.__members__]
    return sum(known) if known else None


def read_importance(printed: str) -> int | None:
    """Return the number of `HIGH` or of `4`."""
    return Importance[printed].value if printed in Importance.__members__ else _whole(printed)


def read_visibility(printed: str) -> int | None:
    """Return the number of `PRIVATE` or of `0`."""
    return Visibility[printed].value if printed in Visibility.__members__ else _whole(printed)


def _whole(printed: str) -> int | None:
    return int(printed) if re.fullmatch(r"-?\d{1,10}", printed) else None
