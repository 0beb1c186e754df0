"""What a receiver asks for by `Retry-After` (RFC 9110, 10.2.3): not to be sent anything for a while."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

LONGEST_ASKED: Final = timedelta(hours=6)
"""No receiver holds its messages back for longer than this by one answer."""


def asked_pause(header: str | None, now: datetime) -> timedelta | None:
    """Return the pause that a header asks for, seconds or a date; None where it asks for none that can be read."""
    if header is None or not (text := header.strip()):
        return None
    if text.isascii() and text.isdigit():
        # So many digits are longer than the longest, and no more than a timedelta holds.
        pause = timedelta(seconds=int(text[:9]))
    else:
        try:
            date = parsedate_to_datetime(text)
        except ValueError:
            return None
        pause = (date if date.tzinfo else date.replace(tzinfo=UTC)) - now
    return min(pause, LONGEST_ASKED) if pause > timedelta() else None
