"""The month of `test_bursts`, through the store and the daemon's own consumer: what it keeps is what was planted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from tests.daemon.alerts.test_planted_burst import sightings
from tests.daemon.store.arrivals import arrival
from tests.daemon.trends.background import START_MS, month
from tests.daemon.trends.planted import PLANTED, WITHIN_S, planted_bursts
from veilleur.model.arrival import Sighting
from veilleur.model.scope import Scope
from veilleur.model.trends import TrendKey
from veilleur.store.commit import commit_batch
from veilleur.store.consumers import consume, register
from veilleur.store.database import Database
from veilleur.store.instants import from_ms
from veilleur.store.opening import open_database
from veilleur.store.trend_bursts import page_bursts
from veilleur.trends.noticing import CONSUMER, burst_consumer

_BATCH_MS = 10 * 60_000


@pytest.mark.soak
@pytest.mark.timeout(1_200)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_month_of_ordinary_days_is_kept_with_at_most_one_false_burst(tmp_path: Path, seed: int) -> None:
    with closing(open_database(f"sqlite:///{tmp_path / 'veilleur.db'}")) as database:
        register(database, CONSUMER)
        _live(database, sightings(sorted([*month(seed), *planted_bursts(seed)])))
        found = page_bursts(database, Scope(may_read_private=True), limit=200).bursts

    delays_s: dict[TrendKey, list[float]] = defaultdict(list)
    for one in found:
        key = _named_as_planted(one.burst.key)
        if key in PLANTED:
            delays_s[key].append(one.burst.seen_at.timestamp() - PLANTED[key] / 1_000)
    assert {key for key, late in delays_s.items() if min(late) <= WITHIN_S} == set(PLANTED), delays_s
    assert len([one for one in found if _named_as_planted(one.burst.key) not in PLANTED]) <= 1


def _live(database: Database, said: list[Sighting]) -> None:
    """Let mentions be stored as they happen, and the consumer look after each ten minutes."""
    now_ms, seq = START_MS, 0
    noticing = burst_consumer(database, lambda: from_ms(now_ms))
    for now_ms, batch in _batches(said):
        arrivals = [arrival(seq + number, one) for number, one in enumerate(batch, 1)]
        seq += len(batch)
        dated = [msgspec.structs.replace(one, received_at_ms=now_ms) for one in arrivals]
        commit_batch(database, dated, now_ms=now_ms)
        while consume(database, noticing):
            pass


def _batches(said: list[Sighting]) -> Iterator[tuple[int, list[Sighting]]]:
    by_turn: dict[int, list[Sighting]] = defaultdict(list)
    for one in said:
        by_turn[one.happened_at_ms // _BATCH_MS].append(one)
    return (((turn + 1) * _BATCH_MS, batch) for turn, batch in sorted(by_turn.items()))


def _named_as_planted(key: TrendKey) -> TrendKey:
    """Return a key as the background names it: an account's has its platform before it."""
    return TrendKey(key.kind, key.value.rpartition(":")[2])
