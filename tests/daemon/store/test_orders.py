"""Whatever comes first: the same rows for every order and every cut of what arrives."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.daemon.store.arrivals import NOON_MS, arrival, dead, sighting
from tests.daemon.store.sqlite_files import set_up_connections
from tests.daemon.store.test_commit import commit, told, watermark
from veilleur.model.arrival import Arrival, DeadArrival, Fate
from veilleur.model.kinds import OutcomeKind
from veilleur.store.database import Database
from veilleur.store.opening import open_database
from veilleur.store.tables import changes, dead_letters, mentions, notifications
from veilleur.store.tallies import are_tallies_sound

Delivered = Arrival | DeadArrival


def lost(seq: int, through_seq: int) -> Arrival:
    return arrival(seq, through_seq=through_seq, envelope_id=f"lost-{seq}-{through_seq}", outcome=OutcomeKind.IGNORED)


def stored(database: Database) -> set[tuple[object, ...]]:
    """Return what must not depend on the order: raw rows by id and seq, mentions as told and shown, the watermark."""
    with database.reading() as connection:
        assert are_tallies_sound(connection)
        raw = connection.execute(select(notifications.c.envelope_id, notifications.c.epoch, notifications.c.seq))
        shown = connection.execute(
            select(mentions.c.id, mentions.c.is_shown, mentions.c.envelope_id, mentions.c.deleted)
        )
        found: set[tuple[object, ...]] = {("raw", *row) for row in raw} | {("mention", *row) for row in shown}
    return found | told(database) | {("watermark", str(watermark(database)))}


def everything() -> list[Delivered]:
    """Return a log with each thing whose order could matter: folds that move, losses, a deletion, twins of one id."""
    growing = [
        sighting(f"A et {n}", others=n, fold=fold, at_ms=NOON_MS) for n, fold in ((5, "f1"), (2, "f1"), (9, "f2"))
    ]
    elsewhere = sighting("A et 5", others=5, fold="f2", at_ms=NOON_MS)
    message = sighting("supprimé", at_ms=NOON_MS + 7)
    return [
        arrival(1, growing[0], captured_at_ms=NOON_MS + 900),
        arrival(2, growing[1]),
        arrival(3, growing[2]),
        arrival(4, elsewhere, captured_at_ms=NOON_MS + 1),
        arrival(5, message),
        arrival(6, deletes=message),
        lost(5, 8),
        lost(9, 11),
        arrival(10, sighting("retrouvé", at_ms=NOON_MS + 9)),
        arrival(7, sighting("aussi", at_ms=NOON_MS + 10)),
        arrival(12, sighting("froid"), captured_at_ms=NOON_MS + 50),
        arrival(13, sighting("froid"), captured_at_ms=NOON_MS + 20),
    ]


@pytest.fixture(scope="module")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an empty database file to be copied: making one for each example would take longer than the example."""
    file = tmp_path_factory.mktemp("empty") / "v.db"
    open_database(f"sqlite:///{file}").close()
    return file


@pytest.fixture(scope="module")
def expected(empty_file: Path) -> set[tuple[object, ...]]:
    """Return what is stored where everything comes at once."""
    with copied(empty_file) as database:
        commit(database, *everything())
        return stored(database)


@contextmanager
def copied(empty_file: Path) -> Iterator[Database]:
    """Open a copy of a database file that does not wait for the disk."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{shutil.copy(empty_file, folder)}")
        set_up_connections(database, "PRAGMA synchronous = OFF")
        try:
            yield database
        finally:
            database.close()


@given(order=st.permutations(everything()), sizes=st.lists(st.integers(1, 5), min_size=12, max_size=12))
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_any_order_and_any_cut_store_the_same(
    empty_file: Path, expected: set[tuple[object, ...]], order: Sequence[Delivered], sizes: list[int]
) -> None:
    with copied(empty_file) as found:
        rest = list(order)
        for size in sizes:
            commit(found, *rest[:size])
            rest = rest[size:]
        commit(found, *rest)
        assert stored(found) == expected
        assert commit(found, *order).duplicate == len(order)


@pytest.mark.parametrize("is_reversed", [False, True])
def test_either_order_stores_the_same_on_both_databases(database: Database, *, is_reversed: bool) -> None:
    log = everything()
    for one in reversed(log) if is_reversed else log:
        commit(database, one)
    assert watermark(database) == (13, [])
    assert sum(bool(row[1]) for row in _folded(database)) == 1


TOLD_ANYHOW = [
    *(arrival(seq, sighting(f"mot {seq}", at_ms=NOON_MS + seq)) for seq in range(1, 6)),
    *(lost(first, last) for first in range(1, 6) for last in range(first, 6)),
    *(dead(f"rubbish {seq}".encode(), seq=seq) for seq in range(1, 6)),
]


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(
    said=st.lists(st.sampled_from(TOLD_ANYHOW), min_size=1, max_size=24),
    sizes=st.lists(st.integers(1, 6), min_size=24, max_size=24),
)
def test_whatever_a_device_says_of_one_seq_each_thing_is_kept_once(
    empty_file: Path, said: list[Delivered], sizes: list[int]
) -> None:
    """Seen to catch a lost row that is moved off its seq and not known by its id (UNIQUE constraint failed)."""
    with copied(empty_file) as database:
        rest = list(said)
        for size in sizes:
            commit(database, *rest[:size])
            rest = rest[size:]
        with database.reading() as connection:
            raw = connection.execute(select(notifications.c.envelope_id, notifications.c.seq)).all()
            unread = connection.execute(select(dead_letters.c.payload)).scalars().all()
    alive = [one for one in said if isinstance(one, Arrival)]
    assert sorted(row.envelope_id for row in raw) == sorted({one.envelope_id for one in alive})
    real = {one.envelope_id: one.place.seq for one in alive if one.event == "posted" and one.place}
    assert {row.envelope_id: row.seq for row in raw if row.envelope_id in real} == real
    assert len(unread) == len(set(unread))


def test_a_loss_is_closed_although_its_first_seq_had_arrived(database: Database) -> None:
    commit(database, *(arrival(seq) for seq in range(1, 6)))
    assert commit(database, lost(5, 7)) == Fate(ignored=1)
    assert commit(database, lost(5, 7)) == Fate(duplicate=1)
    assert watermark(database) == (7, [])


def test_what_was_thought_lost_and_turns_up_is_no_duplicate(database: Database) -> None:
    commit(database, lost(1, 3))
    assert commit(database, arrival(1, sighting("un"))).parsed == 1
    assert commit(database, arrival(2, sighting("deux", at_ms=NOON_MS + 1))).parsed == 1
    assert commit(database, arrival(1), arrival(2), lost(1, 3)) == Fate(duplicate=3)
    assert len(told(database)) == 2


def test_bytes_that_were_read_since_are_not_buried_again(database: Database) -> None:
    played = (dead(b"{torn", seq=1), arrival(1, sighting("froid")))
    assert commit(database, *played) == Fate(dead=1, parsed=1, new_mentions=1)
    assert commit(database, *played) == Fate(duplicate=2)


def test_the_change_feed_says_what_was_folded_away_and_what_was_replayed(database: Database) -> None:
    small, large = (sighting(f"A et {n}", others=n, fold="f", at_ms=NOON_MS) for n in (3, 12))
    commit(database, arrival(1, small))
    commit(database, arrival(2, large))
    with database.reading() as connection:
        feed = connection.execute(
            select(changes.c.mention_id, changes.c.op, changes.c.is_replayed).order_by(changes.c.seq)
        )
        told_changes = [tuple(row) for row in feed]
    assert told_changes == [
        (small.id, "created", False),
        (small.id, "changed", False),
        (large.id, "created", False),
    ]


def _folded(database: Database) -> list[tuple[str, bool]]:
    with database.reading() as connection:
        rows = connection.execute(select(mentions.c.id, mentions.c.is_shown).where(mentions.c.fold_id == "f2"))
        return [(row[0], row[1]) for row in rows]
