"""What a watch asks as time goes by, and what it asked of the past."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from veilleur.model.errors import QueryError
from veilleur.query.expression import Since, Until
from veilleur.watches.asking import asked_as_it_came, asked_now, is_sliding

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def test_relative_times_slide_with_now() -> None:
    asked = [asked_now("since:7d", "UTC", NOW + timedelta(days=days)).expression for days in (0, 1)]
    assert asked == [Since(NOW - timedelta(days=7)), Since(NOW - timedelta(days=6))]
    assert is_sliding("strike since:today", "UTC", NOW)
    assert not is_sliding("strike since:2026-11-01", "UTC", NOW)


def test_days_begin_in_the_zone_of_the_watch() -> None:
    assert asked_now("since:today", "Asia/Tokyo", NOW).expression == Since(datetime(2026, 11, 9, 15, tzinfo=UTC))
    with pytest.raises(QueryError, match="time zone"):
        asked_now("strike", "Nowhere/Land", NOW)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("since:7d", Since(BEGINNING)),
        ("since:today", Since(BEGINNING)),
        ("until:today", Since(BEGINNING)),
        ("until:2d", Until(BEGINNING)),
        ("until:yesterday", Until(BEGINNING)),
        ("since:2026-11-01", Since(datetime(2026, 11, 1, tzinfo=UTC))),
        ("until:2026-11-01", Until(datetime(2026, 11, 2, tzinfo=UTC))),
    ],
)
def test_of_the_past_is_asked_what_was_asked_when_it_came(text: str, answer: Since | Until) -> None:
    """Seen to fail on reading the text once: `since:7d` asked every mention for the week before now."""
    assert asked_as_it_came(text, "UTC", NOW).expression == answer


def test_relative_times_are_answered_wherever_they_stand() -> None:
    settled = asked_as_it_came("strike (since:7d OR NOT until:2d) #late", "UTC", NOW).expression
    assert settled == asked_as_it_came("strike (since:1h OR NOT until:3w) #late", "UTC", NOW).expression
    assert asked_as_it_came("", "UTC", NOW).expression is None
