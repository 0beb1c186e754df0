"""Opening, transactions, and every error of a database as one of ours, with a sentence that says what to do."""

from __future__ import annotations

import ctypes
import random
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack
from ctypes.util import find_library
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import func, insert, select

from tests.daemon.store.arrivals import NOON_MS, arrival, sighting
from tests.daemon.store.sqlite_files import FILE, held, make_impatient, opened, set_up_connections
from tests.servers.ports import free_port
from veilleur.model.arrival import Arrival, Fate
from veilleur.model.errors import StoreBusy, StoreDamaged, StoreError, StoreRefused
from veilleur.store.commit import commit_batch
from veilleur.store.database import Database
from veilleur.store.opening import open_database
from veilleur.store.tables import counters, facts, mention_words, mentions, notifications

LONG_WORD = "".join(random.Random(7).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=9_000))
LONG_LINK = f"https://example.org/?q={LONG_WORD}"


def store(database: Database, *batch: Arrival) -> Fate:
    return commit_batch(database, batch, now_ms=NOON_MS)


def count(database: Database) -> int:
    with database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(notifications)).scalar_one())


def held_by_sqlite() -> int:
    """Return the bytes that SQLite holds in this process."""
    count = ctypes.CDLL(find_library("sqlite3")).sqlite3_memory_used
    count.restype = ctypes.c_int64
    return int(count())


def assert_helps(error: StoreError, *advice: str) -> None:
    """Assert that the message is one sentence for a person: what to do, and nothing of the machinery."""
    message = str(error)
    assert [words for words in advice if words not in message] == []
    assert [
        words for words in ("\n", "Traceback", "sqlalchemy", "INSERT", "SELECT", "(sqlite3.") if words in message
    ] == []


def test_a_file_is_made_with_its_folder_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "down"
    with opened(folder) as database:
        store(database, arrival(1))
        assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
        assert database.path == folder / FILE


def test_a_new_file_that_another_process_is_making_is_waited_for(tmp_path: Path) -> None:
    """SQLite refuses at once to change a journal's mode beside a writer, however long one is ready to wait."""
    with ThreadPoolExecutor(1) as pool:
        with held(tmp_path):
            opening = pool.submit(open_and_close, tmp_path)
            wait([opening], timeout=0.3)
            assert not opening.done()
        opening.result()


def open_and_close(folder: Path) -> None:
    with opened(folder):
        pass


def test_what_was_acknowledged_survives_a_power_cut(tmp_path: Path) -> None:
    with opened(tmp_path) as database, database.reading() as connection:
        pragmas = ("journal_mode", "synchronous", "foreign_keys")
        assert [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in pragmas] == ["wal", 2, 1]


def test_a_failed_write_leaves_nothing_behind_not_even_a_table(database: Database) -> None:
    def write_half() -> None:
        with database.writing() as connection:
            connection.exec_driver_sql("CREATE TABLE half (id INTEGER)")
            connection.execute(insert(facts).values(name="half", value="done"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_half()
    with database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(facts)).scalar_one() == 0
    with pytest.raises(StoreError), database.reading() as connection:
        connection.exec_driver_sql("SELECT * FROM half")


def test_a_reader_sees_one_state_while_others_write(database: Database) -> None:
    store(database, arrival(1))
    with database.reading() as connection:
        before = connection.execute(select(func.count()).select_from(notifications)).scalar_one()
        store(database, arrival(2))
        assert connection.execute(select(func.count()).select_from(notifications)).scalar_one() == before == 1
    assert count(database) == 2


def test_the_pages_of_all_connections_together_are_bounded(tmp_path: Path) -> None:
    """Three connections that are open at once read 4 MiB each, and keep a part of it.

    Broken line: the bound left out of `bound_pages`; each filled its cache, and 4.3 MiB more than before were held.
    """
    with opened(tmp_path) as database:
        with database.writing() as connection:
            connection.exec_driver_sql("CREATE TABLE wide (words TEXT)")
            connection.exec_driver_sql(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4096) "
                "INSERT INTO wide SELECT hex(randomblob(512)) FROM n"
            )
        database.bound_pages(held_by_sqlite())
        try:
            with ExitStack() as open_at_once:
                before = held_by_sqlite()
                readers = [open_at_once.enter_context(database.reading()) for _ in range(3)]
                for reader in readers:
                    reader.exec_driver_sql("SELECT sum(length(words)) FROM wide").scalar()
                grown = held_by_sqlite() - before
        finally:
            database.bound_pages(0)

    assert grown < 3 * 1024 * 1024, f"{grown / 2**20:.1f} MiB"


def test_a_locked_file_is_busy_and_takes_the_same_call_later(tmp_path: Path) -> None:
    with opened(tmp_path) as database:
        make_impatient(database)
        with held(tmp_path), pytest.raises(StoreBusy) as refused:
            store(database, arrival(1))
        assert_helps(refused.value, "locked", "nothing was written", "try again")
        assert count(database) == 0
        assert store(database, arrival(1)) == Fate(parsed=1)


def test_a_locked_row_is_busy_on_postgresql_too(postgres_url: str) -> None:
    other, database = open_database(postgres_url), Database(f"{postgres_url}?options=-c%20lock_timeout%3D50")
    with other.writing() as connection:
        connection.execute(counters.update().values(value=counters.c.value))
        with pytest.raises(StoreBusy) as refused:
            store(database, arrival(1))
    assert_helps(refused.value, "nothing was written", "try again")
    assert store(database, arrival(1)) == Fate(parsed=1)
    for one in (database, other):
        one.close()


def test_a_statement_that_no_database_understands_is_not_busy(database: Database) -> None:
    """Broken line: every OperationalError as busy; then a fault of ours was to be tried again for ever."""
    with pytest.raises(StoreError) as refused, database.reading() as connection:
        connection.exec_driver_sql("SELECT 1 FROM nowhere")
    assert type(refused.value) is StoreError
    assert_helps(refused.value, "nowhere", "veilleur doctor")


def test_a_full_disk_is_busy_and_says_to_make_room(tmp_path: Path) -> None:
    with opened(tmp_path) as database:
        with database.reading() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        set_up_connections(database, f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StoreBusy) as refused:
            store(database, replace(arrival(1), payload=b"x" * 200_000))
        assert_helps(refused.value, "full", "make room")
    with opened(tmp_path) as database:
        assert count(database) == 0
        assert store(database, arrival(1)) == Fate(parsed=1)


def test_a_server_that_is_not_there_is_busy() -> None:
    database = Database(f"postgresql+psycopg://nobody:s3cret@127.0.0.1:{free_port()}/none")
    with pytest.raises(StoreBusy) as refused, database.reading():
        pass
    assert_helps(refused.value, "refused", "try again")
    assert "s3cret" not in str(refused.value)


def use(folder: Path) -> None:
    """Open a file, write to it and read it all."""
    with opened(folder) as database:
        store(database, arrival(400))
        count(database)
        with database.reading() as connection:
            connection.execute(select(mentions)).all()


@pytest.mark.parametrize("harm", ["header", "half", "middle"])
def test_a_damaged_file_says_to_restore_a_backup(tmp_path: Path, harm: str) -> None:
    with opened(tmp_path) as database:
        store(database, *(arrival(seq, sighting(f"message {seq}", at_ms=NOON_MS + seq)) for seq in range(1, 400)))
    file = tmp_path / FILE
    whole = file.read_bytes()
    file.write_bytes(
        {
            "header": b"x" * 100 + whole[100:],
            "half": whole[: len(whole) // 2],
            "middle": whole[:4096] + b"\xff" * (len(whole) - 4096),
        }[harm]
    )
    with pytest.raises(StoreDamaged) as refused:
        use(tmp_path)
    assert_helps(refused.value, "restore a backup")


UNSTORABLE = {
    "a number of 71 bits": (sighting("many", others=2**70), ["1180591620717411303424"]),
    "half a surrogate pair": (sighting("mot secret \ud83d"), ["secret"]),
}


@pytest.mark.parametrize(("told", "private"), UNSTORABLE.values(), ids=UNSTORABLE.keys())
def test_a_value_that_does_not_fit_is_refused_without_being_repeated(
    database: Database, told: object, private: list[str]
) -> None:
    with pytest.raises(StoreRefused) as refused:
        store(database, arrival(1, told))  # type: ignore[arg-type]  # a sighting, as the table above holds them
    assert [words for words in private if words in str(refused.value)] == []
    assert count(database) == 0


def test_text_with_nul_is_refused_by_postgresql_without_being_repeated(postgres_url: str) -> None:
    database = open_database(postgres_url)
    with pytest.raises(StoreRefused) as refused:
        store(database, arrival(1, sighting("mot secret \0")))
    assert "secret" not in str(refused.value)
    database.close()


def test_a_row_too_large_for_an_index_of_postgresql_is_refused(postgres_url: str) -> None:
    database = open_database(postgres_url)
    with pytest.raises(StoreRefused), database.writing() as connection:
        connection.execute(insert(mention_words).values(ord=1, words=LONG_WORD, names="", places=""))
    database.close()


def test_a_key_taken_meanwhile_is_busy_and_names_no_value(database: Database) -> None:
    with pytest.raises(StoreBusy) as refused, database.writing() as connection:
        connection.execute(insert(facts), [{"name": "private name", "value": ""}] * 2)
    assert "private" not in str(refused.value)
    assert_helps(refused.value, "try again")


def test_what_an_index_cannot_hold_is_no_reason_to_wait(database: Database) -> None:
    """PostgreSQL refuses index entries of more than 2,704 bytes: taken for busy, one word stopped all that followed."""
    told = replace(sighting(f"regarde {LONG_WORD}"), links=(LONG_LINK, LONG_LINK + "#2"), hashtags=(LONG_WORD,))
    assert store(database, arrival(1, told)) == Fate(parsed=1, new_mentions=1)
    with database.reading() as connection:
        assert connection.execute(select(mentions.c.links)).scalar_one() == f"{LONG_LINK}\n{LONG_LINK}#2"
    store(database, arrival(2, deletes=told), replace(arrival(1, told), place=None, envelope_id="0", captured_at_ms=1))


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://x/y", "postgresql+nodriver://x/y"])
def test_an_address_that_is_none_says_how_one_looks(url: str) -> None:
    with pytest.raises(StoreError) as refused:
        Database(url)
    assert "postgresql+psycopg://" in str(refused.value)


def test_a_plain_postgresql_address_takes_the_driver_that_ships() -> None:
    assert Database("postgresql://db/veilleur").url.drivername == "postgresql+psycopg"
