"""Catches: a date taken for seconds, a pause of years, a header that nobody can read taken for none at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from veilleur.delivery.asked_pause import LONGEST_ASKED, asked_pause

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "pause"),
    [
        (None, None),
        ("", None),
        ("0", None),
        ("120", timedelta(seconds=120)),
        (" 120 ", timedelta(seconds=120)),
        ("9" * 400, LONGEST_ASKED),
        ("-5", None),
        ("soon", None),
        ("Sun, 22 Nov 2026 12:05:00 GMT", timedelta(minutes=5)),
        ("Sun, 22 Nov 2026 11:00:00 GMT", None),
        ("Sun, 22 Nov 2099 11:00:00 GMT", LONGEST_ASKED),
        ("Sun, 22 Nov 2026 12:05:00 -0000", timedelta(minutes=5)),
    ],
)
def test_a_pause_is_read_in_seconds_or_as_a_date_and_is_bounded(header: str | None, pause: timedelta | None) -> None:
    assert asked_pause(header, NOW) == pause
