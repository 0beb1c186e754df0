"""The commit: everything once, whatever order and however often it is given."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from sqlalchemy import Table, func, select

from tests.daemon.store.arrivals import NOON_MS, arrival, dead, sighting
from veilleur.model.arrival import Arrival, DeadArrival, Fate
from veilleur.model.kinds import OutcomeKind
from veilleur.model.mention import Mention
from veilleur.model.scope import Scope
from veilleur.query.expression import EVERYTHING
from veilleur.store.commit import commit_batch
from veilleur.store.database import Database
from veilleur.store.mentions import every_mention
from veilleur.store.tables import (
    changes,
    dead_letters,
    epochs,
    mention_words,
    mentions,
    notifications,
    received_intervals,
)

EVERYONE = Scope(may_read_private=True)


def commit(database: Database, *batch: Arrival | DeadArrival) -> Fate:
    return commit_batch(database, batch, now_ms=NOON_MS)


def shown(database: Database) -> list[Mention]:
    return list(every_mention(database, EVERYONE, EVERYTHING))


def told(database: Database) -> set[tuple[object, ...]]:
    return {(one.id, one.envelope_id, one.body, one.deleted, one.captured_at) for one in shown(database)}


def rows(database: Database, table: Table) -> int:
    with database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def watermark(database: Database) -> tuple[int, list[tuple[int, int]]]:
    with database.reading() as connection:
        asked = select(received_intervals.c.from_seq, received_intervals.c.through_seq)
        spans = connection.execute(asked.order_by(received_intervals.c.from_seq)).all()
        return connection.execute(select(epochs.c.watermark)).scalar_one(), [(span[0], span[1]) for span in spans]


def test_a_batch_given_twice_is_stored_once(database: Database) -> None:
    batch = [arrival(1, sighting("froid")), arrival(2, sighting("encore", at_ms=NOON_MS + 1))]
    assert commit(database, *batch) == Fate(parsed=2, new_mentions=2)
    assert commit(database, *batch) == Fate(duplicate=2)
    assert commit(database, *batch, *batch) == Fate(duplicate=4)
    assert rows(database, notifications) == rows(database, mentions) == rows(database, changes) == 2


def test_a_duplicate_within_one_batch_is_stored_once(database: Database) -> None:
    one = arrival(1, sighting("froid"))
    assert commit(database, one, one) == Fate(parsed=1, duplicate=1, new_mentions=1)


def test_an_imported_record_is_known_by_its_id(database: Database) -> None:
    one = arrival(None, sighting("froid"), envelope_id="uuid5")
    assert commit(database, one, one) == Fate(parsed=1, duplicate=1, new_mentions=1)
    assert commit(database, one) == Fate(duplicate=1)


def test_another_envelope_under_a_taken_seq_is_a_conflict_and_is_kept(database: Database) -> None:
    commit(database, arrival(1, sighting("froid")))
    assert commit(database, arrival(1, sighting("autre"), envelope_id="stranger")) == Fate(dead=1)
    assert commit(database, arrival(1, sighting("autre"), envelope_id="stranger")) == Fate(duplicate=1)
    with database.reading() as connection:
        kept = connection.execute(select(dead_letters.c.reason, dead_letters.c.seq)).all()
    assert [(row.reason, row.seq) for row in kept] == [("seq_conflict", None)]
    assert [one.body for one in shown(database)] == ["froid"]


def test_the_watermark_passes_what_is_contiguous_and_remembers_the_rest(database: Database) -> None:
    commit(database, arrival(1), arrival(2), arrival(5), arrival(6), arrival(9))
    assert watermark(database) == (2, [(5, 6), (9, 9)])
    commit(database, arrival(4), arrival(3))
    assert watermark(database) == (6, [(9, 9)])


def test_a_lost_range_moves_the_watermark(database: Database) -> None:
    commit(database, arrival(1), arrival(8))
    commit(database, arrival(2, through_seq=7, outcome=OutcomeKind.IGNORED))
    assert watermark(database) == (8, [])


def test_a_dead_letter_holds_its_seq_until_the_decodable_envelope_comes(database: Database) -> None:
    assert commit(database, dead(b"{torn", seq=1)) == Fate(dead=1)
    assert commit(database, dead(b"{torn", seq=1)) == Fate(duplicate=1)
    assert watermark(database) == (1, [])
    assert commit(database, arrival(1, sighting("froid"))) == Fate(parsed=1, new_mentions=1)
    assert commit(database, arrival(1, sighting("froid"))) == Fate(duplicate=1)
    with database.reading() as connection:
        assert connection.execute(select(dead_letters.c.recovered_at)).scalars().all() == [NOON_MS]


def test_bytes_without_a_head_are_kept_once(database: Database) -> None:
    assert commit(database, dead(b"\xff\xfe"), dead(b"\xff\xfe"), dead(b"")) == Fate(dead=2, duplicate=1)
    assert commit(database, dead(b"\xff\xfe")) == Fate(duplicate=1)


@pytest.mark.parametrize("seed", range(6))
def test_any_order_and_any_batches_give_the_same_mentions(database: Database, seed: int) -> None:
    thread = [sighting(f"message {number}", at_ms=NOON_MS + number) for number in range(12)]
    log = [arrival(seq, *thread[max(0, seq - 4) : seq]) for seq in range(1, 13)]
    log.append(arrival(13, deletes=thread[3]))
    commit(database, *log)
    expected = told(database)
    shuffled = list(log)
    random.Random(seed).shuffle(shuffled)
    other = _emptied(database)
    for batch in _cut(shuffled, seed):
        commit(other, *batch)
    assert told(other) == expected
    assert sum(one.deleted for one in shown(other)) == 1
    assert watermark(other) == (13, [])


def test_the_largest_wording_of_an_aggregate_is_shown_in_any_order(database: Database) -> None:
    wordings = [sighting(f"A et {n}", others=n, fold="fold", at_ms=NOON_MS) for n in (3, 1_240, 12)]
    for seq, one in enumerate(wordings, 1):
        commit(database, arrival(seq, one))
    assert [one.body for one in shown(database)] == ["A et 1240"]
    assert rows(database, mentions) == 3


def test_a_rewritten_mention_keeps_one_entry_in_the_index(database: Database) -> None:
    commit(database, arrival(2, sighting("froid")))
    commit(database, arrival(1, sighting("froid")))
    assert [one.envelope_id for one in shown(database)] == ["id-1"]
    assert rows(database, mention_words) == 1


def test_changes_are_numbered_without_holes(database: Database) -> None:
    one = sighting("froid")
    commit(database, arrival(1, one))
    commit(database, arrival(2, deletes=one))
    with database.reading() as connection:
        feed = connection.execute(select(changes.c.seq, changes.c.op).order_by(changes.c.seq)).all()
    assert [(row.seq, row.op) for row in feed] == [(1, "created"), (2, "changed")]


def test_two_mentions_at_one_instant_get_two_places(database: Database) -> None:
    batch = [arrival(seq, sighting("même", sender=f"Nom{seq}")) for seq in range(1, 301)]
    assert commit(database, *batch).new_mentions == 300
    assert len({one.id for one in shown(database)}) == 300


def _emptied(database: Database) -> Database:
    with database.writing() as connection:
        for table in reversed(mentions.metadata.sorted_tables):
            if table.name not in {"projects", "counters"}:
                connection.execute(table.delete())
        if database.is_sqlite:
            connection.exec_driver_sql("INSERT INTO mention_index (mention_index) VALUES ('rebuild')")
    return database


def _cut(log: Sequence[Arrival], seed: int) -> list[list[Arrival]]:
    chance, cut = random.Random(seed + 100), list[list[Arrival]]()
    rest = list(log)
    while rest:
        size = chance.randint(1, 5)
        cut.append(rest[:size])
        rest = rest[size:]
    return cut
