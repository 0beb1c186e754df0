"""A planted burst goes the whole line: stored, noticed, an alert opened and a notice queued within its first minute."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest

from tests.daemon.alerts.alerting_house import EVERYONE, PUBLIC, House
from tests.daemon.store.arrivals import sighting
from tests.daemon.trends.background import DAY_MS, START_MS, Said, month
from veilleur.model.alert import AlertRuleDraft, AlertTrigger
from veilleur.model.arrival import Sighting
from veilleur.model.kinds import Visibility
from veilleur.model.parts import Conversation
from veilleur.model.trends import TrendKind
from veilleur.store.consumers import consume, register
from veilleur.store.database import Database
from veilleur.store.instants import from_ms
from veilleur.store.trend_bursts import page_bursts
from veilleur.trends.noticing import CONSUMER, burst_consumer
from veilleur.trends.rates import HOUR_MS

BATCH_MS = 5_000


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


@pytest.mark.parametrize(
    ("past_days", "live_hours"),
    [
        pytest.param(4, 1, marks=pytest.mark.timeout(300)),
        pytest.param(8, 6, marks=[pytest.mark.soak, pytest.mark.timeout(600)]),
    ],
)
def test_a_planted_burst_is_alerted_within_a_minute_of_its_beginning_and_the_hours_around_it_are_not(
    house: House, past_days: int, live_hours: int
) -> None:
    """30 in 3 minutes, in 2,000 a day."""
    begin_ms = START_MS + past_days * DAY_MS + 15 * HOUR_MS
    live_from_ms, live_until_ms = begin_ms - live_hours * HOUR_MS // 2, begin_ms + live_hours * HOUR_MS // 2
    said = sightings(one for one in month(1, days=past_days + 1, a_day=2_000) if one.at_ms < live_until_ms)
    planted = [
        sighting(f"{n}", at_ms=begin_ms + n * 6_000, sender=f"new{n}", hashtags=("unseen",), conversation=None)
        for n in range(30)
    ]
    house.now = from_ms(live_from_ms)
    house.arrive([one for one in said if one.happened_at_ms < live_from_ms], is_replayed=True)
    register(house.database, CONSUMER)
    house.receiver("desk")
    house.rule("every burst", AlertRuleDraft(trigger=AlertTrigger.BURST))
    house.rule("of one tag", AlertRuleDraft(trigger=AlertTrigger.BURST, watch="tag"), "#unseen")
    house.follow()
    house.look()

    due = [*(one for one in said if one.happened_at_ms >= live_from_ms), *planted]
    live(house, due, restart_ms=begin_ms + 60_000)

    bursts = page_bursts(house.database, EVERYONE, limit=50).bursts
    assert [(one.burst.key.kind, one.burst.key.value) for one in bursts] == [(TrendKind.HASHTAG, "unseen")]
    assert page_bursts(house.database, PUBLIC, limit=50).bursts
    alerts = house.alerts()
    assert sorted(one.rule for one in alerts) == ["every burst", "of one tag"]
    assert max(one.opened_at for one in alerts) - from_ms(begin_ms) <= timedelta(minutes=1)
    assert all("usually fewer than 0.1" in one.title for one in alerts)
    assert [(name, at) for name, _, at in house.told()] == [("desk", one.opened_at) for one in alerts]


def live(house: House, due: list[Sighting], *, restart_ms: int) -> None:
    """Let mentions come as they happen, and a daemon look after each few seconds in which something came.

    It begins anew in the midst of the burst.
    """
    noticing = burst_consumer(house.database, lambda: house.now)
    batches: dict[int, list[Sighting]] = {}
    for one in sorted(due, key=lambda one: one.happened_at_ms):
        batches.setdefault(one.happened_at_ms // BATCH_MS + 1, []).append(one)
    for turn, batch in batches.items():
        house.now = from_ms(turn * BATCH_MS)
        if turn == restart_ms // BATCH_MS:
            noticing = burst_consumer(house.database, lambda: house.now)
        house.arrive(batch)
        while consume(house.database, noticing):
            pass
        house.follow()
        house.look()


def sightings(said: Iterable[Said]) -> list[Sighting]:
    return [
        sighting(
            f"{' '.join(one.words)} {number}",
            at_ms=one.at_ms,
            sender=one.actor,
            hashtags=one.hashtags,
            conversation=None if one.conversation is None else Conversation(one.conversation, one.conversation),
            visibility=Visibility.PUBLIC if one.conversation is None else Visibility.GROUP,
        )
        for number, one in enumerate(said)
    ]
