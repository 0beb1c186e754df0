"""What `doctor` asks: a flipped bit, a torn file and an index that lost a word are found, and health is not refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.daemon.store.arrivals import NOON_MS, arrival, dead, sighting
from tests.daemon.store.sqlite_files import FILE, opened
from veilleur.model.arrival import Arrival, DeadArrival
from veilleur.model.kinds import OutcomeKind
from veilleur.store.commit import commit_batch
from veilleur.store.database import Database
from veilleur.store.health import StoreCounts, altered_notifications, count_rows, index_problem, integrity_problem
from veilleur.store.tables import mention_words, notifications


@pytest.fixture
def filled(database: Database) -> Database:
    batch: list[Arrival | DeadArrival] = [
        arrival(1, sighting("froid")),
        arrival(2, sighting("encore", at_ms=NOON_MS + 1), sighting("et encore", at_ms=NOON_MS + 2)),
        arrival(3, outcome=OutcomeKind.QUARANTINED),
        arrival(4, outcome=OutcomeKind.IGNORED),
        dead(b"{torn", seq=5),
        dead(b"{torn too", seq=6),
    ]
    commit_batch(database, batch, now_ms=NOON_MS)
    commit_batch(database, [arrival(6)], now_ms=NOON_MS)
    return database


def test_a_healthy_store_has_nothing_to_say(filled: Database) -> None:
    assert list(altered_notifications(filled)) == []
    assert (integrity_problem(filled), index_problem(filled)) == (None, None)


def test_every_part_is_counted_and_a_recovered_dead_letter_is_none(filled: Database) -> None:
    assert count_rows(filled) == StoreCounts(
        notifications=5, mentions=3, indexed_mentions=3, quarantined=1, dead_letters=1
    )


def test_a_mention_without_index_entry_shows_in_the_counts(filled: Database) -> None:
    with filled.writing() as connection:
        [lost, *_] = connection.execute(mention_words.select()).all()
        connection.execute(mention_words.delete().where(mention_words.c.ord == lost.ord))
    counts = count_rows(filled)
    assert (counts.mentions, counts.indexed_mentions) == (3, 2)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_index_that_lost_its_words_is_found_where_every_count_agrees(filled: Database) -> None:
    with filled.writing() as connection:
        connection.exec_driver_sql("INSERT INTO mention_index (mention_index) VALUES ('delete-all')")
    assert integrity_problem(filled) is None
    assert "word index" in (index_problem(filled) or "")


def test_a_flipped_bit_is_found_in_any_page_of_rows(database: Database) -> None:
    batch = [replace(arrival(seq), payload=f"payload {seq}".encode()) for seq in range(1, 2_011)]
    commit_batch(database, batch, now_ms=NOON_MS)
    harmed = (1, 1_000, 1_001, 2_010)
    with database.writing() as connection:
        for number in harmed:
            flipped = bytes([b"payload"[0] ^ 1]) + f"ayload {number}".encode()
            connection.execute(notifications.update().where(notifications.c.id == number).values(payload=flipped))
    assert list(altered_notifications(database)) == list(harmed)


def test_a_torn_page_is_told(tmp_path: Path) -> None:
    with opened(tmp_path) as database:
        batch = [arrival(seq, sighting(f"message {seq}", at_ms=NOON_MS + seq)) for seq in range(1, 400)]
        commit_batch(database, batch, now_ms=NOON_MS)
        with database.reading() as connection:
            root = connection.exec_driver_sql("SELECT rootpage FROM sqlite_master WHERE name = 'outcomes'").scalar_one()
            size = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
    content = bytearray((tmp_path / FILE).read_bytes())
    content[(root - 1) * size + 20 : root * size] = b"\x07" * (size - 20)
    (tmp_path / FILE).write_bytes(content)
    with opened(tmp_path) as database:
        assert integrity_problem(database)
