"""An app's words are less known than before: told early, and not for what was always so."""

from __future__ import annotations

import pytest

from veilleur.coverage.drift import drift_alarms, has_drifted
from veilleur.model.alarms import AlarmCode, AlarmKey
from veilleur.model.drift import ReadName, RecentWordings


@pytest.mark.parametrize(
    ("total", "unknown", "before_total", "before_unknown", "is_told"),
    [
        (50, 0, 10_000, 0, False),
        (50, 1, 10_000, 0, False),
        (50, 2, 10_000, 0, True),
        (20, 2, 600, 0, True),
        (50, 2, 10_000, 40, False),
        (50, 5, 10_000, 40, True),
        (50, 5, 10_000, 9_000, True),
        (50, 2, 0, 0, False),
        (50, 4, 0, 0, True),
    ],
)
def test_a_share_is_judged_by_what_came_before(
    total: int, unknown: int, before_total: int, before_unknown: int, *, is_told: bool
) -> None:
    assert has_drifted(RecentWordings("app", total, unknown, before_total, before_unknown)) is is_told


def test_the_alarm_names_the_app_and_says_what_to_do() -> None:
    [(key, detail)] = drift_alarms([RecentWordings("b", 50, 0, 900, 0), RecentWordings("a", 50, 9, 900, 0)])

    assert key == AlarmKey(AlarmCode.PARSER_DRIFT, "a")
    assert detail.startswith("9 of its last 50 ")
    assert "veilleur patterns suggest" in detail


def test_signs_before_known_names_are_counted_as_unknown_words() -> None:
    """Seen to fail with `_count_unknown` returning `recent.unknown` alone: no alarm."""
    whole = tuple(ReadName("de/follow", name) for name in ("Ann Lee", "Bob"))
    behind = tuple(ReadName("de/repost", f"✨ {name}") for name in ("Ann Lee", "Bob"))

    [(_, detail)] = drift_alarms([RecentWordings("a", 50, 0, 900, 0, (*whole, *behind))])

    assert detail.startswith("2 of its last 50 ")
    assert not has_drifted(RecentWordings("a", 50, 0, 900, 0, whole))
