"""Whoever follows commits leaves the interpreter to them, and makes up for it afterwards."""

from __future__ import annotations

from veilleur.app.giving_way import GivingWay


class Watch:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        """Return what it shows."""
        return self.now_s


def worked(way: GivingWay, watch: Watch, seconds: float) -> None:
    with way.working():
        watch.now_s += seconds


def test_while_commits_come_it_rests_nine_times_as_long_as_it_worked() -> None:
    watch = Watch()
    way = GivingWay(watch)
    worked(way, watch, 0.05)
    way.committed()
    assert round(way.rest_s(), 6) == 0.45
    watch.now_s += 0.45
    assert way.rest_s() == 0


def test_it_never_rests_longer_than_a_second() -> None:
    watch = Watch()
    way = GivingWay(watch)
    worked(way, watch, 30)
    way.committed()
    assert way.rest_s() == 1.0


def test_where_no_commit_came_for_a_while_it_does_not_rest() -> None:
    watch = Watch()
    way = GivingWay(watch)
    assert way.rest_s() == 0
    way.committed()
    worked(way, watch, 0.6)
    assert way.rest_s() == 0
