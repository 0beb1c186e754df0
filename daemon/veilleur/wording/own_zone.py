"""The zone that this machine keeps, by a name that others know."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_LOCALTIME: Final = Path("/etc/localtime")


def own_zone() -> str | None:
    """Return the machine's IANA zone; None where the system tells only its rules."""
    named = os.environ.get("TZ", "").removeprefix(":")
    name = named or str(_LOCALTIME.resolve()).partition("/zoneinfo/")[2] or ("" if _LOCALTIME.exists() else "UTC")
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
