"""One delivery that no database takes: it is set aside, and the rest of its batch is stored."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
import pytest
from sqlalchemy import select

from tests.daemon.ingest.scripted import reader_of
from tests.daemon.store.arrivals import NOON_MS, arrival, dead, sighting
from veilleur.app.clock import utc_now
from veilleur.ingest.committing import Committer
from veilleur.ingest.telling import Teller
from veilleur.model.alarms import AlarmCode
from veilleur.model.arrival import Fate, SeqPlace
from veilleur.store.alarms import open_alarms
from veilleur.store.database import Database
from veilleur.store.tables import dead_letters, notifications

BEYOND_ANY_DATABASE = 2**70


def committer_of(database: Database) -> Committer:
    return Committer(database, utc_now, teller=Teller(reader_of))


@pytest.mark.parametrize("count", [1, 5])
def test_an_envelope_that_does_not_fit_is_a_dead_letter_and_costs_nothing_else(database: Database, count: int) -> None:
    absurd = arrival(3, sighting("froid", others=BEYOND_ANY_DATABASE))
    good = [arrival(10 + number, sighting("bon", at_ms=NOON_MS + number)) for number in range(count)]
    assert committer_of(database).commit([*good, absurd]) == Fate(parsed=count, dead=1, new_mentions=count)
    assert _dead(database) == [("unstorable", 3, absurd.payload)]
    assert _stored(database) == count


def test_what_conflicts_with_itself_again_and_again_stops_nothing(database: Database) -> None:
    """Three messages of one device once stopped ingest for all: a key taken twice was waited for without end.

    Seen to catch a `commit` that tries without end (it never returned).
    """
    with database.writing() as connection:
        connection.exec_driver_sql("CREATE UNIQUE INDEX uq_test ON notifications (envelope_id)")
    batch = [
        arrival(1, sighting("un")),
        arrival(2, sighting("deux"), envelope_id="id-1"),
        arrival(3, sighting("trois")),
    ]
    assert committer_of(database).commit(batch) == Fate(parsed=2, dead=1, new_mentions=2)
    assert _dead(database) == [("unstorable", 2, batch[1].payload)]
    assert _stored(database) == 2


def test_bytes_that_do_not_fit_leave_word_that_they_came(database: Database) -> None:
    # Such a message once stopped ingest for good. PostgreSQL minds an endless name, SQLite only an endless number.
    rubbish = msgspec.structs.replace(dead(b"rubbish"), device="a" * 113)
    endless = msgspec.structs.replace(dead(b"rubbish"), place=SeqPlace("e1", BEYOND_ANY_DATABASE, BEYOND_ANY_DATABASE))
    absurd = endless if database.is_sqlite else rubbish
    fate = committer_of(database).commit([arrival(1, sighting("bon")), absurd])
    assert (fate.parsed, fate.dead) == (1, 1)
    assert _dead(database) == [("unstorable", None, b"")]


def test_what_fits_in_no_form_stops_nothing_and_is_an_alarm(database: Database) -> None:
    """Seen to catch a `_set_aside` that logs and goes on: no alarm."""
    first, second = (msgspec.structs.replace(dead(words), reason="unstorable") for words in (b"first", b"second"))
    with _one_of_each_reason(database):
        committer_of(database).commit([first])
        fate = committer_of(database).commit([arrival(1, sighting("bon")), second])
    assert (fate.parsed, fate.dead) == (1, 1)
    assert [(one.code, one.subject) for one in open_alarms(database)] == [(AlarmCode.NOT_KEPT, "salle-1")]


@contextmanager
def _one_of_each_reason(database: Database) -> Iterator[None]:
    """Let the database take one dead letter of each reason alone."""
    with database.writing() as connection:
        connection.exec_driver_sql("CREATE UNIQUE INDEX uq_reason ON dead_letters (reason)")
    try:
        yield
    finally:
        with database.writing() as connection:
            connection.exec_driver_sql("DROP INDEX uq_reason")


def _dead(database: Database) -> list[tuple[str, int | None, bytes]]:
    with database.reading() as connection:
        rows = connection.execute(select(dead_letters.c.reason, dead_letters.c.seq, dead_letters.c.payload))
        return [(row[0], row[1], bytes(row[2])) for row in rows]


def _stored(database: Database) -> int:
    with database.reading() as connection:
        return len(connection.execute(select(notifications.c.id)).all())
