"""Several writers over one database at once: everything once, no hole in the change feed, nobody in anybody's way."""

from __future__ import annotations

import random
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from tests.daemon.ingest.scripted import NOON_MS, delivery, envelope, line_of, says
from tests.daemon.store.projected import change_feed
from tests.daemon.store.sqlite_files import opened
from tests.daemon.store.test_lease import url_of
from veilleur.ingest.patience import commit_patiently
from veilleur.model.arrival import Fate
from veilleur.store.database import Database
from veilleur.store.tables import changes, dead_letters, epochs, mentions, notifications, received_intervals
from veilleur_bridge.delivery import Delivery

WRITERS = 3
PATIENCE_S = 60.0
SAID = [says(f"mot {number}", at_ms=NOON_MS + number) for number in range(60)]
LOG = [
    *(delivery(envelope(seq, *SAID[max(0, seq - 3) : seq])) for seq in range(1, 61)),
    delivery(envelope(61, says("deletes Nadia 2"))),
    *(delivery(envelope(62 + n, says(f"{n + 2} others", "Tibo"), when_ms=1)) for n in range(8)),
]
IMPORTED = [
    delivery({name: value for name, value in tree.items() if name not in {"epoch", "seq"}}, device=None)
    for tree in (envelope(seq, *SAID[seq : seq + 2]) for seq in range(40))
]
BROKEN = [delivery(b"torn %d" % number) for number in range(20)]


def shuffled(log: Sequence[Delivery], seed: int) -> list[Sequence[Delivery]]:
    """Cut the log, shuffled, into batches of one to nine."""
    chance = random.Random(seed)
    rest, cut = chance.sample(log, len(log)), list[Sequence[Delivery]]()
    while rest:
        size = chance.randint(1, 9)
        cut.append(rest[:size])
        rest = rest[size:]
    return cut


def write(database: Database, cut: Sequence[Sequence[Delivery]]) -> Fate:
    """Commit batch after batch over a connection of its own, as another daemon would."""
    with closing(Database(url_of(database))) as own:
        line = line_of(own)
        commits = (partial(line.take_in, batch) for batch in cut)
        return sum((commit_patiently(commit, give_up_after_s=PATIENCE_S) for commit in commits), Fate())


def write_at_once(database: Database, log: Sequence[Delivery]) -> Fate:
    """Let every writer commit the whole log in its own order; return what became of all of it."""
    together = Barrier(WRITERS)

    def run(seed: int) -> Fate:
        together.wait()
        return write(database, shuffled(log, seed))

    with ThreadPoolExecutor(WRITERS) as pool:
        return sum(pool.map(run, range(WRITERS)), Fate())


def what_no_order_decides(database: Database) -> list[tuple[Any, ...]]:
    told = mentions.c
    columns = (told.id, told.body, told.envelope_id, told.captured_at, told.deleted, told.is_shown)
    with database.reading() as connection:
        return sorted(tuple(row) for row in connection.execute(select(*columns)))


def numbers(database: Database, column: Any) -> list[int]:
    with database.reading() as connection:
        return list(connection.execute(select(column).order_by(column)).scalars())


def test_overlapping_writers_store_everything_once(database: Database, tmp_path: Path) -> None:
    fate = write_at_once(database, LOG)
    assert (fate.parsed, fate.dead, fate.duplicate) == (len(LOG), 0, (WRITERS - 1) * len(LOG))
    assert numbers(database, notifications.c.id) == list(range(1, len(LOG) + 1))
    assert numbers(database, notifications.c.seq) == list(range(1, len(LOG) + 1))
    assert numbers(database, epochs.c.watermark) == [len(LOG)]
    assert numbers(database, received_intervals.c.from_seq) == []
    (tmp_path / "alone").mkdir()
    with opened(tmp_path / "alone") as alone:
        assert write(alone, [LOG]).new_mentions == fate.new_mentions
        assert what_no_order_decides(database) == what_no_order_decides(alone)


def test_the_change_feed_has_neither_hole_nor_twin(database: Database) -> None:
    write_at_once(database, LOG)
    feed = change_feed(database)
    assert [seq for seq, *_ in feed] == list(range(1, len(feed) + 1))
    created = [words for _, words, op, _ in feed if op == "created"]
    assert len(created) == len(set(created)) == len(what_no_order_decides(database))


def test_a_reader_of_the_change_feed_meanwhile_never_misses_one(database: Database) -> None:
    """Numbers that were taken early and committed late would let a reader pass over them for good."""
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write_at_once, database, LOG)
        follow(database, writing)


def follow(database: Database, writing: Future[Fate]) -> None:
    after, is_over = 0, False
    while not is_over:
        is_over = writing.done()
        with database.reading() as connection:
            query = select(changes.c.seq).where(changes.c.seq > after).order_by(changes.c.seq)
            found = list(connection.execute(query).scalars())
        assert found == list(range(after + 1, after + 1 + len(found)))
        after += len(found)
    assert writing.result().parsed == len(LOG)
    assert after == len(change_feed(database))


@pytest.mark.parametrize(
    ("log", "expected", "kept"),
    [
        (IMPORTED, Fate(parsed=40, duplicate=80, new_mentions=41), notifications.c.id),
        (BROKEN, Fate(dead=20, duplicate=40), dead_letters.c.id),
    ],
    ids=["imported records", "dead letters"],
)
def test_what_has_no_seq_is_stored_once_too(database: Database, log: list[Delivery], expected: Fate, kept: Any) -> None:
    assert write_at_once(database, log) == expected
    assert numbers(database, kept) == list(range(1, len(log) + 1))
