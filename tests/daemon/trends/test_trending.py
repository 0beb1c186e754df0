"""Catches: what fell told before what rose; a period without a past; a way across platforms told backwards."""

from __future__ import annotations

from datetime import UTC, datetime

from veilleur.model.trends import CrossingKind, TrendKey, TrendKind
from veilleur.trends.crossings import Showing, find_crossings
from veilleur.trends.trending import trending


def _tag(name: str) -> TrendKey:
    return TrendKey(TrendKind.HASHTAG, name)


def test_what_rose_most_stands_first_and_what_fell_last() -> None:
    now = {_tag("rose"): 30, _tag("steady"): 100, _tag("fell"): 10, _tag("new"): 12, _tag("rare"): 2}
    before = {_tag("rose"): 14, _tag("steady"): 700, _tag("fell"): 700}

    found = trending(now, before, periods_before=7, first_seen=frozenset({_tag("new")}))

    assert [trend.key.value for trend in found] == ["rose", "new", "steady", "fell"]
    assert [trend.before for trend in found] == [2.0, 0.0, 100.0, 100.0]
    assert [trend.is_new for trend in found] == [False, True, False, False]
    assert found[0].score > 10.8 > found[2].score
    assert found[3].score < 0


def test_a_first_period_has_nothing_to_be_held_against() -> None:
    (trend,) = trending({_tag("a"): 3}, {}, periods_before=7, first_seen=frozenset())

    assert (trend.score, trend.before) == (0.0, 0.0)


def test_what_reaches_another_platform_is_told_with_its_way() -> None:
    def at(day: int) -> datetime:
        return datetime(2026, 1, day, tzinfo=UTC)

    showings = [
        Showing(CrossingKind.HANDLE, "nadia.b", "instagram", at(3)),
        Showing(CrossingKind.HANDLE, "nadia.b", "tiktok", at(4)),
        Showing(CrossingKind.HANDLE, "nadia.b", "tiktok", at(1)),
        Showing(CrossingKind.LINK, "https://boutique.example/offre", "whatsapp", at(5)),
        Showing(CrossingKind.LINK, "https://boutique.example/offre", "telegram", at(2)),
        Showing(CrossingKind.HANDLE, "at.home", "tiktok", at(6)),
    ]

    link, handle = find_crossings(showings)

    assert (link.platforms, link.first_seen_at) == (("telegram", "whatsapp"), (at(2), at(5)))
    assert (handle.platforms, handle.mention_count) == (("tiktok", "instagram"), 3)
