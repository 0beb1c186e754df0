"""`reparse` after a new release of a parser: what that release would have stored from the first day on, and no more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from shutil import copyfile
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, event, update

from tests.daemon.ingest.scripted import (
    NOON_MS,
    deliveries,
    envelope,
    line_of,
    reader_of,
    says,
)
from tests.daemon.store.projected import change_feed, projections, told
from tests.daemon.store.sqlite_files import FILE, opened
from tests.servers.postgres import PostgresServer
from veilleur.ingest.rereading import Difference, ReparseSummary, compare, reparse
from veilleur.model.outcome import UNKNOWN_WORDING
from veilleur.model.scope import Scope
from veilleur.query.expression import EVERYTHING, Query, Words
from veilleur.store.database import Database
from veilleur.store.mentions import page_mentions
from veilleur.store.opening import open_database
from veilleur.store.rereading import Which
from veilleur.store.tables import mentions, notifications, outcomes
from veilleur.store.word_index import is_index_sound

EVERYONE = Scope(may_read_private=True)
LOG = [
    envelope(1, says("froid #resto"), says("new dessert @bar", "Léa")),
    envelope(2, says("changed froid"), says("old plat", "Léa")),
    envelope(3, says("new dessert @bar", "Léa"), says("old plat", "Léa"), says("encore", at_ms=NOON_MS + 3)),
    envelope(4, says("3 others", "Tibo"), when_ms=1),
    envelope(5, says("12 others", "Tibo"), when_ms=1),
    envelope(6, says("message supprimé", at_ms=NOON_MS + 6), says("message rendu", at_ms=NOON_MS + 7)),
    envelope(7, says("undeletes Nadia 7")),
    envelope(8, says("redeletes Nadia 6")),
    envelope(9, says("old", "Tibo")),
]
KEPT = ["froid #resto", "changed froid v2", "encore", "3 others", "12 others", "message supprimé", "message rendu"]


def store(database: Database, log: Sequence[dict[str, Any]], version: int = 1) -> None:
    line_of(database, version).take_in(deliveries(log))


def reread(
    database: Database, version: int = 2, on_progress: Callable[[int, int], None] = lambda _done, _of: None
) -> ReparseSummary:
    return reparse(database, reader_of(version), on_progress, batch_size=4)


@contextmanager
def from_the_first_day(folder: Path, log: Sequence[dict[str, Any]], version: int = 2) -> Iterator[Database]:
    """Give a database into which the log came with this release already."""
    folder.mkdir(exist_ok=True)
    with opened(folder) as fresh:
        store(fresh, log, version)
        yield fresh


def is_sound(database: Database) -> bool:
    with database.writing() as connection:
        return is_index_sound(connection)


def test_a_new_release_leaves_what_it_would_have_stored_from_the_first_day(database: Database, tmp_path: Path) -> None:
    store(database, LOG)
    assert reread(database) == ReparseSummary(read=9, added=1, changed=len(KEPT), dropped=2)
    with from_the_first_day(tmp_path / "fresh", LOG) as fresh:
        assert projections(database) == projections(fresh)
    assert is_sound(database)


def test_back_to_the_old_release_and_forth_again(database: Database) -> None:
    """The third run met the second's notes on its pooled connection, and refused."""
    store(database, LOG)
    first = projections(database)
    for version in (2, 1, 2, 1):
        reread(database, version)
    assert projections(database) == first


def test_the_same_release_again_changes_nothing_and_says_nothing(database: Database) -> None:
    store(database, LOG)
    before, feed = projections(database), change_feed(database)
    assert reread(database, 1) == ReparseSummary(read=9, added=0, changed=0, dropped=0)
    assert (projections(database), change_feed(database)) == (before, feed)


def test_the_change_feed_tells_each_change_once_and_as_replayed(database: Database) -> None:
    store(database, LOG)
    last = len(change_feed(database))
    reread(database)
    feed = change_feed(database)
    assert [seq for seq, *_ in feed] == list(range(1, len(feed) + 1))
    assert {is_replayed for *_, is_replayed in feed[:last]} == {False}
    assert sorted(change[1:] for change in feed[last:]) == sorted(
        [("new dessert @bar", "created", True), *((words, "changed", True) for words in KEPT)]
        + [("gone", "erased", True)] * 2
    )


def test_a_deletion_is_taken_back_or_made_as_the_new_release_understands_it(database: Database) -> None:
    store(database, LOG)
    assert deleted(database) == ["message rendu"]
    reread(database)
    assert deleted(database) == ["message supprimé"]


def deleted(database: Database) -> list[str]:
    shown = page_mentions(database, EVERYONE, EVERYTHING, limit=50).mentions
    return [one.body or "" for one in shown if one.deleted]


def test_a_fold_shows_the_largest_wording_that_is_left(database: Database) -> None:
    grown = [envelope(seq, says(words, "Tibo"), when_ms=1) for seq, words in enumerate(GROWTH, 1)]
    store(database, grown)
    assert words_shown(database) == ["old 40 others"]
    reread(database)
    assert words_shown(database) == ["new 90 others"]
    with database.writing() as connection:
        connection.execute(mentions.update().values(is_shown=mentions.c.body == "3 others"))
    reread(database)
    assert words_shown(database) == ["new 90 others"]
    reread(database, 1)
    assert words_shown(database) == ["old 40 others"]


def test_a_wording_that_leaves_its_fold_leaves_the_next_to_be_shown(database: Database) -> None:
    between = [envelope(seq) for seq in range(2, 7)]
    first, last = (
        envelope(seq, says(words, "Tibo"), when_ms=1) for seq, words in ((1, "3 others"), (7, "loose 9 others"))
    )
    store(database, [first, *between, last])
    assert words_shown(database) == ["loose 9 others"]
    reread(database)
    assert sorted(words_shown(database)) == ["3 others", "loose 9 others"]


GROWTH = ["3 others", "new 90 others", "12 others", "old 40 others"]


def words_shown(database: Database, query: Query = EVERYTHING) -> list[str]:
    return [one.body or "" for one in page_mentions(database, EVERYONE, query, limit=50).mentions]


def test_rows_that_arrive_meanwhile_stand_as_they_came(database: Database, tmp_path: Path) -> None:
    """An earlier sighting and a deletion came between the passes, of which what was read first knew nothing."""
    meanwhile = [
        envelope(20, says("new et chaud", "Zoé"), says("changed encore", "Zoé"), says("new dessert @bar", "Léa")),
        envelope(21, says("froid #resto"), captured_at_ms=NOON_MS - 60_000),
        envelope(22, says("deletes Nadia 3"), says("500 others", "Tibo"), when_ms=1),
    ]
    coming = iter(meanwhile)

    def arrive(_done: int, _of: int) -> None:
        for late in coming:
            store(database, [late], version=2)

    store(database, LOG)
    assert reread(database, on_progress=arrive).read == len(LOG)
    with from_the_first_day(tmp_path / "fresh", LOG + meanwhile) as fresh:
        assert projections(database) == projections(fresh)


def test_what_can_no_longer_be_read_keeps_its_outcome_and_its_mentions(database: Database) -> None:
    """Its mentions were erased, though the outcome still named them: a flipped bit must not cost more than itself."""
    store(database, [*LOG, envelope(10, says("froid #resto")), envelope(11, says("seul", "Yanis"))])
    harm(database, 1, 11)
    kept = [one for one in told(database).items() if one[1] in {"froid #resto", "seul"}]
    tellers = {key: teller(database, key) for key, _ in kept}
    summary = reread(database)
    assert summary.read == 11
    assert [one for one in told(database).items() if one in kept] == kept
    assert {key: teller(database, key) for key in tellers} == tellers
    assert {outcome[4] for outcome in projections(database)["outcomes"] if outcome[0] in {1, 11}} == {1}


def test_what_was_erased_from_the_raw_log_leaves_its_mentions_as_they_are(database: Database) -> None:
    store(database, [*LOG, envelope(10, says("seul", "Yanis")), envelope(11, says("froid #resto"))])
    with database.writing() as connection:
        connection.execute(notifications.delete().where(notifications.c.id.in_([1, 10])))
    before = {key: teller(database, key) for key, words in told(database).items() if words in {"froid #resto", "seul"}}
    assert {number for number, *_ in before.values()} == {1, 10}
    reread(database)
    assert {key: teller(database, key) for key in before} == before


def harm(database: Database, *numbers: int) -> None:
    """Flip the first bit of stored payloads."""
    with database.writing() as connection:
        for number in numbers:
            row = connection.execute(notifications.select().where(notifications.c.id == number)).one()
            flipped = bytes([row.payload[0] ^ 1]) + bytes(row.payload[1:])
            connection.execute(notifications.update().where(notifications.c.id == number).values(payload=flipped))


def teller(database: Database, mention_id: str) -> tuple[Any, ...]:
    """Return which raw row tells a mention, and what it says of it."""
    with database.reading() as connection:
        row = connection.execute(mentions.select().where(mentions.c.id == mention_id)).one()
    return row.notification_id, row.envelope_id, row.captured_at, row.parser_version


@pytest.fixture(scope="module")
def stored_by_the_old_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a SQLite file with the log in it, closed; to be copied."""
    folder = tmp_path_factory.mktemp("old")
    with opened(folder) as database:
        store(database, LOG)
    return folder / FILE


class Killed(BaseException):
    """Stands for kill -9 between two commits: what was not committed is gone, what was is there."""


def kill_at(commit: int) -> Callable[[Connection], None]:
    """Make what ends the run instead of its n-th commit."""
    seen = iter(range(1, 1_000))

    def look(_connection: Connection) -> None:
        if next(seen) == commit:
            raise Killed

    return look


def was_killed(database: Database, commit: int) -> bool:
    """Reparse until a commit; return whether there were that many."""
    look = kill_at(commit)
    event.listen(database.engine, "commit", look)
    try:
        reread(database)
    except Killed:
        return True
    finally:
        event.remove(database.engine, "commit", look)
    return False


HARMLESS = "SELECT 1"
INDEX_LOST = "INSERT INTO mention_index (mention_index) VALUES ('delete-all')"
WORDS_CHANGED = "UPDATE mention_words SET words = 'falsch'"


@pytest.mark.fault
@pytest.mark.parametrize("before", [HARMLESS, INDEX_LOST, WORDS_CHANGED])
def test_killed_before_any_commit_another_run_completes_it(
    stored_by_the_old_release: Path, tmp_path: Path, before: str
) -> None:
    """The word index kept what the killed run had taken out by wrong words, and no later run looked."""
    with from_the_first_day(tmp_path / "fresh", LOG) as fresh:
        expected = projections(fresh)
    commit, is_killed = 0, True
    while is_killed:
        commit += 1
        folder = tmp_path / str(commit)
        folder.mkdir()
        copyfile(stored_by_the_old_release, folder / FILE)
        with opened(folder) as database:
            with database.writing() as connection:
                connection.exec_driver_sql(before)
            is_killed = was_killed(database, commit)
        with opened(folder) as database:
            reread(database)
            assert projections(database) == expected
            assert is_sound(database)
            assert words_shown(database, Query(Words(("dessert",), "dessert"))) == ["new dessert @bar"]
    assert commit > 4


@pytest.mark.fault
@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM mentions", "DELETE FROM outcomes", "DELETE FROM mention_words", "DELETE FROM mention_hashtags"],
)
def test_what_lost_its_other_half_is_made_whole(database: Database, statement: str) -> None:
    store(database, LOG)
    before = projections(database)
    with database.writing() as connection:
        connection.exec_driver_sql(statement)
    reread(database, 1)
    assert projections(database) == before
    assert is_sound(database)


def test_an_empty_log_is_read_to_its_end(database: Database) -> None:
    assert reread(database) == ReparseSummary(read=0, added=0, changed=0, dropped=0)


def test_progress_is_told_up_to_the_end(database: Database) -> None:
    store(database, LOG)
    seen: list[tuple[int, int]] = []
    reread(database, on_progress=lambda done, of: seen.append((done, of)))
    assert seen == [(4, 18), (8, 18), (9, 18), (13, 18), (17, 18), (18, 18)]


@pytest.mark.parametrize("epochs", [("Z9", "a1"), ("z", "é")])
def test_of_two_sightings_at_one_instant_the_same_tells_in_any_language(
    postgres_server: PostgresServer, epochs: tuple[str, str]
) -> None:
    """Python sorts epochs by code point; a PostgreSQL made for English sorts `a1` before `Z9`."""
    log = [envelope(1, says("froid"), captured_at_ms=NOON_MS) | {"epoch": epoch, "id": epoch} for epoch in epochs]
    with english_database(postgres_server) as database:
        store(database, log)
        [(key, _)] = told(database).items()
        assert teller(database, key)[1] == min(epochs)
        assert reparse(database, reader_of(), lambda _done, _of: None, batch_size=1).changed == 0
        assert teller(database, key)[1] == min(epochs)


@contextmanager
def english_database(server: PostgresServer) -> Iterator[Database]:
    """Give a PostgreSQL database that sorts text as English does."""
    address = f"host=127.0.0.1 port={server.port} user=veilleur dbname=postgres"
    create = "CREATE DATABASE english TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US'"
    with psycopg.connect(address, autocommit=True) as administrator:
        administrator.execute(create)
        try:
            with closing(open_database(f"postgresql+psycopg://veilleur@127.0.0.1:{server.port}/english")) as database:
                yield database
        finally:
            administrator.execute("DROP DATABASE english WITH (FORCE)")


def test_a_retry_reads_what_was_unknown_alone_and_leaves_every_other_mention_as_it_stands(database: Database) -> None:
    store(database, LOG)
    unread = envelope(10, says("unknown words"))
    store(database, [unread])
    before = told(database)
    with database.writing() as connection:
        connection.execute(
            update(outcomes).where(outcomes.c.notification_id.in_((3, 10))).values(reason=UNKNOWN_WORDING)
        )

    summary = reparse(database, reader_of(1), lambda _done, _of: None, only=Which.UNKNOWN)

    assert summary == ReparseSummary(read=2, added=0, changed=0, dropped=0)
    assert told(database) == before


def test_a_comparison_tells_what_a_reparse_does_and_writes_nothing(database: Database) -> None:
    store(database, LOG)
    before = projections(database), change_feed(database)

    differences = list(compare(database, reader_of(2), lambda _done, _of: None, batch_size=4))

    assert (projections(database), change_feed(database)) == before
    summary = reread(database)
    tally = Counter(one.difference for one in differences)
    done = {Difference.ADDED: summary.added, Difference.CHANGED: summary.changed, Difference.DROPPED: summary.dropped}
    assert tally == done
    assert list(compare(database, reader_of(2), lambda _done, _of: None)) == []
