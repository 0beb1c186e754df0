"""A year of log replayed beside a daemon's rules, one for each trigger: nobody is alerted but of what comes live."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest
from msgspec.structs import replace

from tests.daemon.alerts.alerting_house import START, TELLER, House
from tests.daemon.store.arrivals import arrival, sighting
from tests.daemon.store.device_rows import make_device, online, tell_status
from veilleur.alerts.turning import AlertTurn
from veilleur.app.settings import Settings
from veilleur.app.watching import Watchman
from veilleur.model.alert import AlertRuleDraft, AlertTrigger
from veilleur.model.arrival import Arrival, WordingSource
from veilleur.model.kinds import OutcomeKind, Visibility
from veilleur.model.outcome import UNKNOWN_WORDING
from veilleur.model.readiness import PartState
from veilleur.store.alarms import open_alarms
from veilleur.store.commit import commit_batch
from veilleur.store.consumers import consume, register
from veilleur.store.database import Database
from veilleur.store.instants import to_ms
from veilleur.trends.noticing import CONSUMER, burst_consumer

_HOUR = timedelta(hours=1)
_COMPLAINT = "there was a piece of plastic in the sauce of my dish yesterday"
_WATCHED = (AlertTrigger.EVERY, AlertTrigger.COUNT, AlertTrigger.NEW_ACTOR, AlertTrigger.SPILLWAY)
_LOG = "log"
_UNDERSTOOD = 200
_TURNS = 20
# The log took six turns: how an app usually comes is made of all that is there by then.
_BEGINS_ANEW = 15


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


@pytest.fixture
def watchman(house: House) -> Iterator[Watchman]:
    settings = Settings(watch_interval_s=5, mqtt_url=None)
    watching = Watchman(
        settings,
        house.database,
        publish=lambda _topic, _payload: None,
        parts=lambda: (PartState("source", is_ok=True),),
        clock=lambda: house.now,
    )
    yield watching
    watching.close()


@pytest.fixture
def rules(house: House) -> None:
    """Add a receiver, and a rule for each trigger beside the built-in one."""
    house.receiver("desk")
    for trigger in _WATCHED:
        house.rule(trigger, AlertRuleDraft(trigger=trigger, watch="plastic", at_least=3))
    negative = AlertRuleDraft(trigger=AlertTrigger.NEGATIVE, watch="plastic", words=("piece",))
    house.rule("negative", negative)
    house.rule("quiet", AlertRuleDraft(trigger=AlertTrigger.SILENCE, watch="plastic", window_minutes=30 * 24 * 60))
    house.rule("burst", AlertRuleDraft(trigger=AlertTrigger.BURST, watch="plastic"))
    for trigger in (AlertTrigger.BURST, AlertTrigger.DEVICE_OFFLINE, AlertTrigger.PARSER_DRIFT):
        house.rule(f"any {trigger}", AlertRuleDraft(trigger=trigger))


def year() -> list[Arrival]:
    """Return a year that ended two days ago: a few words a month, an app by the hour, at last in unknown wordings."""
    end = START - timedelta(days=2)
    days = [end - timedelta(days=day) for day in range(365, 20, -5)]
    hours = [end - _HOUR * number for number in range(20 * 24, 0, -1)]
    return [logged(number, to_ms(at)) for number, at in enumerate([*days, *hours], 1)]


def logged(number: int, at_ms: int) -> Arrival:
    if number > _UNDERSTOOD:
        return not_understood(number, at_ms, _LOG)
    visibility = Visibility.PRIVATE if number % 2 else Visibility.PUBLIC
    words = f"{_COMPLAINT} {number // 2}"
    said = sighting(words, at_ms=at_ms, sender=f"p{number % 30}", visibility=visibility)
    return arrival(number, said, epoch=_LOG, captured_at_ms=at_ms)


def not_understood(seq: int, at_ms: int, epoch: str) -> Arrival:
    one = arrival(seq, epoch=epoch, captured_at_ms=at_ms, outcome=OutcomeKind.QUARANTINED)
    reading = replace(one.reading, reason=UNKNOWN_WORDING)
    return replace(one, reading=reading, wording=WordingSource("43.1.4", "fr", "digg_push"))


def take(house: House, watchman: Watchman, batch: Sequence[Arrival], *, is_replayed: bool) -> None:
    """Store a batch, and let everything look that looks in a daemon."""
    now_ms = to_ms(house.now)
    commit_batch(
        house.database,
        [replace(one, received_at_ms=now_ms) for one in batch],
        now_ms=now_ms,
        is_replayed=is_replayed,
    )
    noticing = burst_consumer(house.database, lambda: house.now)
    while consume(house.database, noticing):
        pass
    house.follow()
    watchman.turn()
    house.after(seconds=5)


@pytest.mark.usefixtures("rules")
def test_a_year_that_is_replayed_alerts_nobody_and_drift_that_comes_live_meanwhile_is_heard(
    house: House, watchman: Watchman
) -> None:
    """Broken, and caught, each alone: drift, the quarantine's burst and silent apps told of replayed rows as well."""
    register(house.database, CONSUMER)
    device = make_device(house.database)
    log = year()
    for turn in range(_TURNS):
        if turn == _BEGINS_ANEW:
            house.turn = AlertTurn(house.database, TELLER, started_at=START - _HOUR)
        tell_status(house.database, device, online(at=house.now), at=house.now)
        take(house, watchman, log[turn * 100 : turn * 100 + 100], is_replayed=True)
    assert [(alarm.code, alarm.subject) for alarm in open_alarms(house.database)] == []
    assert house.titles() == []
    assert house.told() == []

    again = [replace(one, place=None, envelope_id=f"again {one.envelope_id}") for one in log]
    for number in range(10):
        live = [not_understood(10 * number + seq, to_ms(house.now), "e1") for seq in range(1, 11)]
        take(house, watchman, again[number * 50 : number * 50 + 50], is_replayed=True)
        take(house, watchman, live, is_replayed=False)
    assert {(one.rule, one.reason.subject) for one in house.alerts()} >= {("any parser_drift", "com.whatsapp")}
    assert house.told()
