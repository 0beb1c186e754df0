"""Any batching, any death between two steps: the same alerts, each told once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.daemon.alerts.alerting_house import START, TELLER, House
from tests.daemon.store.arrivals import NOON_MS, sighting
from veilleur.alerts.consuming import alert_consumer
from veilleur.model.alert import AlertRuleDraft, AlertTrigger
from veilleur.store.alerting import Telling
from veilleur.store.consumers import consume
from veilleur.store.opening import open_database

_RULES = (
    AlertRuleDraft(trigger=AlertTrigger.EVERY, watch="strike", cool_down_minutes=5),
    AlertRuleDraft(trigger=AlertTrigger.COUNT, watch="strike", at_least=3, window_minutes=10),
    AlertRuleDraft(trigger=AlertTrigger.NEW_ACTOR, watch="strike"),
    AlertRuleDraft(trigger=AlertTrigger.BURST, watch="strike"),
    AlertRuleDraft(trigger=AlertTrigger.NEGATIVE, watch="strike", words=("shame",)),
)


class Killed(Exception):
    """The process died here."""


class DyingTeller:
    """Words alerts as the real one does, and dies at the chosen call."""

    def __init__(self, dies_at: int) -> None:
        self._left = dies_at

    def __getattr__(self, name: str) -> Callable[..., object]:
        def called(*args: object, **more: object) -> object:
            self._left -= 1
            if self._left == 0:
                raise Killed
            return getattr(TELLER, name)(*args, **more)

        return called


def _run(folder: Path, minutes: list[int], batches: list[int], deaths: list[int]) -> list[tuple[object, ...]]:
    database = open_database(f"sqlite:///{folder / 'a.db'}")
    house = House(database)
    house.receiver("desk")
    for number, draft in enumerate(_RULES):
        house.rule(f"rule {number}", draft)
    said = [
        sighting(
            "strike shame" if n % 4 == 0 else "strike", at_ms=NOON_MS + minute * 60_000 + n, sender=f"p{minute % 3}"
        )
        for n, minute in enumerate(minutes)
    ]
    house.arrive(said)
    house.now = START + timedelta(hours=2)
    for dies_at in deaths:
        dying: Telling = DyingTeller(dies_at)  # type: ignore[assignment]  # it answers every call of the protocol
        with suppress(Killed):
            consume(database, alert_consumer(database, dying, lambda: house.now), limit=3)
    for limit in batches:
        consume(database, alert_consumer(database, TELLER, lambda: house.now), limit=limit)
    house.follow()
    found = [(one.rule, one.title, one.mention_ids, one.match_count, one.told_count) for one in house.alerts()]
    told = [title for _, title, _ in house.told()]
    assert len(told) == len(found)
    database.close()
    return sorted(found)


@settings(max_examples=15, deadline=None)
@given(
    minutes=st.lists(st.integers(0, 90), min_size=1, max_size=14),
    batches=st.lists(st.integers(1, 6), max_size=8),
    deaths=st.lists(st.integers(1, 9), max_size=4),
)
def test_batches_and_deaths_change_nothing(minutes: list[int], batches: list[int], deaths: list[int]) -> None:
    with TemporaryDirectory() as plain, TemporaryDirectory() as broken:
        assert _run(Path(broken), minutes, batches, deaths) == _run(Path(plain), minutes, [], [])


@pytest.mark.parametrize("dies_at", range(1, 8))
def test_a_process_that_dies_at_any_call_tells_neither_twice_nor_never(tmp_path: Path, dies_at: int) -> None:
    found = _run(tmp_path, [1, 2, 3, 4], [], [dies_at])
    assert len(found) == len({(rule, ids) for rule, _, ids, _, _ in found})
    assert found
