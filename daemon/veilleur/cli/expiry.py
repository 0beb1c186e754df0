"""Reads when a token shall expire."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo
from typing import Final

_DURATION: Final = re.compile(r"(\d{1,5})([hdw])")
_UNITS: Final = {"h": "hours", "d": "days", "w": "weeks"}


def read_expiry(text: str, *, now: datetime, zone: tzinfo) -> datetime:
    """Return the instant that `90d`, `12h`, `4w` or a date or time in `zone` means; raises ValueError that says so."""
    expires_at = _instant(text.strip(), now, zone)
    if expires_at <= now:
        raise ValueError(f"{text} is over already")
    return expires_at


def _instant(text: str, now: datetime, zone: tzinfo) -> datetime:
    duration = _DURATION.fullmatch(text)
    try:
        if duration:
            return now + timedelta(**{_UNITS[duration[2]]: int(duration[1])})
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(now.tzinfo)
    except (ValueError, OverflowError):
        raise ValueError("expected a span such as 90d, 12h or 4w, or a date such as 2027-01-31") from None
