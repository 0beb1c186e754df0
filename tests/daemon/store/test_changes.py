"""The change feed as readers see it: each change once and in order, and nothing of what they may not know."""

from __future__ import annotations

import pytest
from sqlalchemy import delete

from tests.daemon.store.arrivals import NOON_MS, arrival, sighting
from veilleur.model.changes import Change
from veilleur.model.errors import StaleCursor
from veilleur.model.identity import MentionId
from veilleur.model.kinds import ChangeKind, Visibility
from veilleur.model.scope import Scope
from veilleur.query.expression import EVERYTHING
from veilleur.store.changes import newest_cursor, page_changes
from veilleur.store.commit import commit_batch
from veilleur.store.counters import Counter
from veilleur.store.database import Database
from veilleur.store.mentions import page_mentions
from veilleur.store.merging import record_changes, remove_mentions
from veilleur.store.tables import changes, counters, facts

EVERYONE = Scope(may_read_private=True)
PUBLIC = Scope()
HELLO = sighting("hello")
SECRET = sighting("secret", at_ms=NOON_MS + 1, visibility=Visibility.PRIVATE)


def followed(database: Database, scope: Scope, *, after: str | None = None, limit: int = 500) -> list[Change]:
    """Return every change after a cursor, followed page by page."""
    told: list[Change] = []
    while True:
        page = page_changes(database, scope, after=after, limit=limit)
        told += page.changes
        after = page.next_cursor
        if not page.has_more:
            return told


def erase(database: Database, *mention_ids: MentionId) -> None:
    with database.writing() as connection:
        remove_mentions(connection, list(mention_ids))
        record_changes(connection, dict.fromkeys(mention_ids, ChangeKind.ERASED), is_replayed=False)


@pytest.mark.parametrize("limit", [1, 2, 3, 500])
def test_pages_of_any_size_tell_each_change_once_and_in_order(database: Database, limit: int) -> None:
    written = [sighting(f"word {number}", at_ms=NOON_MS - number) for number in range(7)]
    commit_batch(database, [arrival(n + 1, one) for n, one in enumerate(written)], now_ms=NOON_MS)
    assert [one.mention_id for one in followed(database, PUBLIC, limit=limit)] == [one.id for one in written]


def test_following_from_the_newest_tells_only_what_comes_later(database: Database) -> None:
    commit_batch(database, [arrival(1, HELLO)], now_ms=NOON_MS)
    cursor = newest_cursor(database, EVERYONE)
    assert followed(database, EVERYONE, after=cursor) == []
    commit_batch(database, [arrival(2, SECRET)], now_ms=NOON_MS, is_replayed=True)
    (change,) = followed(database, EVERYONE, after=cursor)
    assert (change.op, change.mention_id, change.is_replayed) == (ChangeKind.CREATED, SECRET.id, True)
    assert change.mention == page_mentions(database, EVERYONE, EVERYTHING, limit=1).mentions[0]


def test_a_reader_without_the_right_is_told_nothing_of_private_mentions_from_beginning_to_end(
    database: Database,
) -> None:
    """Seen to fail on an `_gone` that asks for no visibility: the erasure of the private one was told."""
    commit_batch(database, [arrival(1, SECRET), arrival(2, HELLO)], now_ms=NOON_MS)
    commit_batch(database, [arrival(3, deletes=SECRET)], now_ms=NOON_MS)
    erase(database, SECRET.id)
    assert [one.mention_id for one in followed(database, PUBLIC)] == [HELLO.id]
    assert followed(database, Scope("other", may_read_private=True)) == []
    assert [one.op for one in followed(database, EVERYONE)] == ["created", "erased"]


def test_cursors_do_not_tell_how_much_a_reader_may_see(database: Database) -> None:
    before = newest_cursor(database, PUBLIC)
    commit_batch(database, [arrival(1, HELLO)], now_ms=NOON_MS)
    page = page_changes(database, PUBLIC, after=before, limit=10)
    assert sum(one != other for one, other in zip(before, page.next_cursor, strict=True)) > 16


def test_a_cursor_does_not_move_with_what_its_reader_may_not_see(database: Database) -> None:
    commit_batch(database, [arrival(1, HELLO)], now_ms=NOON_MS)
    start, page = newest_cursor(database, PUBLIC), page_changes(database, PUBLIC, limit=10)
    commit_batch(database, [arrival(2, SECRET)], now_ms=NOON_MS)
    assert newest_cursor(database, PUBLIC) == start == page.next_cursor
    assert page_changes(database, PUBLIC, limit=10) == page
    assert page_changes(database, PUBLIC, after=start, limit=10).next_cursor == start
    assert newest_cursor(database, EVERYONE) != start
    erase(database, HELLO.id)
    assert [one.op for one in followed(database, PUBLIC, after=start)] == [ChangeKind.ERASED]


def test_however_much_is_hidden_a_poll_reads_ten_thousand_changes_again_at_most(database: Database) -> None:
    commit_batch(database, [arrival(1, HELLO)], now_ms=NOON_MS)
    cursor = newest_cursor(database, PUBLIC)
    with database.writing() as connection:
        gone = dict.fromkeys((MentionId(f"{number:032x}") for number in range(10_500)), ChangeKind.ERASED)
        record_changes(connection, gone, is_replayed=False)
    moved = page_changes(database, PUBLIC, after=cursor, limit=10)
    assert moved.changes == ()
    assert moved.next_cursor == newest_cursor(database, PUBLIC) != cursor
    commit_batch(database, [arrival(2, sighting("more", at_ms=NOON_MS + 5))], now_ms=NOON_MS)
    assert [one.op for one in followed(database, PUBLIC, after=moved.next_cursor)] == [ChangeKind.CREATED]


def test_an_erasure_reaches_whoever_could_see_the_mention(database: Database) -> None:
    commit_batch(database, [arrival(1, HELLO)], now_ms=NOON_MS)
    cursor = newest_cursor(database, EVERYONE)
    erase(database, HELLO.id)
    for scope in (PUBLIC, EVERYONE):
        (change,) = followed(database, scope, after=cursor)
        assert (change.op, change.mention_id, change.mention) == (ChangeKind.ERASED, HELLO.id, None)


def test_what_is_private_from_now_on_is_erased_for_readers_without_the_right(database: Database) -> None:
    """Seen to fail on a `forget_former` that forgets whatever is there again: the public reader kept its copy."""
    commit_batch(database, [arrival(1, HELLO)], now_ms=NOON_MS)
    cursor = newest_cursor(database, EVERYONE)
    hidden = sighting("hello", visibility=Visibility.PRIVATE)
    # An earlier sighting tells the mention from now on.
    commit_batch(database, [arrival(2, hidden, captured_at_ms=NOON_MS - 1)], now_ms=NOON_MS)
    assert [one.op for one in followed(database, PUBLIC, after=cursor)] == [ChangeKind.ERASED]
    (change,) = followed(database, EVERYONE, after=cursor)
    assert change.mention is not None
    assert change.mention.visibility is Visibility.PRIVATE
    commit_batch(database, [arrival(3, HELLO, captured_at_ms=NOON_MS - 2)], now_ms=NOON_MS)
    assert followed(database, PUBLIC, after=cursor)[-1].op is ChangeKind.CHANGED


def test_what_a_fold_hides_is_erased_for_its_readers(database: Database) -> None:
    first, second = (sighting(f"{n} others", at_ms=NOON_MS + n, others=n, fold="likes") for n in (1, 2))
    commit_batch(database, [arrival(1, first)], now_ms=NOON_MS)
    cursor = newest_cursor(database, EVERYONE)
    commit_batch(database, [arrival(2, second)], now_ms=NOON_MS)
    told = {one.mention_id: one.op for one in followed(database, PUBLIC, after=cursor)}
    assert told == {first.id: ChangeKind.ERASED, second.id: ChangeKind.CREATED}


def test_a_cursor_whose_changes_are_not_all_kept_is_refused(database: Database) -> None:
    old = newest_cursor(database, EVERYONE)
    commit_batch(database, [arrival(n + 1, sighting(f"word {n}", at_ms=NOON_MS + n)) for n in range(3)], now_ms=NOON_MS)
    with database.writing() as connection:
        connection.execute(delete(changes).where(changes.c.seq <= 2))
    with pytest.raises(StaleCursor, match="too old"):
        page_changes(database, PUBLIC, after=old, limit=1)


def test_a_cursor_of_another_store_is_refused(database: Database) -> None:
    cursor = newest_cursor(database, EVERYONE)
    with database.writing() as connection:
        connection.execute(facts.update().where(facts.c.name == "store_id").values(value="another"))
    for wrong in (cursor, "0" * 32, "12"):
        with pytest.raises(StaleCursor, match="another store"):
            page_changes(database, PUBLIC, after=wrong, limit=1)


def test_a_cursor_from_before_a_backup_was_put_back_is_refused(database: Database) -> None:
    commit_batch(database, [arrival(1, HELLO)], now_ms=NOON_MS)
    cursor = newest_cursor(database, EVERYONE)
    with database.writing() as connection:
        connection.execute(counters.update().where(counters.c.name == Counter.CHANGES).values(value=0))
        connection.execute(delete(changes))
    with pytest.raises(StaleCursor, match="restored from a backup"):
        page_changes(database, PUBLIC, after=cursor, limit=1)
