"""What comes in for watches: noted once, unread until it is seen, and never told to whoever may not know of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.daemon.store.arrivals import NOON_MS, arrival, sighting
from tests.daemon.store.test_changes import erase
from veilleur.model.errors import StaleCursor
from veilleur.model.kinds import Visibility
from veilleur.model.qualification import QualificationChange, Qualifier
from veilleur.model.scope import Scope
from veilleur.model.watch import MOST_COUNTED, Saved, Unread, Watch, WatchDraft
from veilleur.query.expression import EVERYTHING
from veilleur.store.changes import page_changes
from veilleur.store.commit import commit_batch
from veilleur.store.consumers import consume, register
from veilleur.store.database import Database
from veilleur.store.mentions import page_mentions
from veilleur.store.qualifying import Deed, qualify
from veilleur.store.watch_hits import mark_seen, new_mentions
from veilleur.store.watches import archive_watch, get_watch, save_watch
from veilleur.watches.asking import asked_now
from veilleur.watches.coming_in import CONSUMER, asked_watches, hits_of, watch_consumer
from veilleur.watches.keeping import watch_overviews

EVERYONE = Scope(may_read_private=True)
PUBLIC = Scope()
NOW = datetime.fromtimestamp(NOON_MS / 1000, UTC)
READER = "ana"
TREATED = QualificationChange(is_treated=True)


def watch(database: Database, name: str, query: str) -> Watch:
    assert save_watch(database, PUBLIC, name, WatchDraft(query), by=READER, now=NOW) is Saved.SAVED
    found = get_watch(database, EVERYONE, name)
    assert found is not None
    return found


def come_in(
    database: Database, *words: str, is_replayed: bool = False, visibility: Visibility = Visibility.PUBLIC
) -> None:
    """Let mentions of these words arrive, and the daemon's consumer hear of them."""
    register(database, CONSUMER)
    start = len(page_changes(database, EVERYONE, limit=5_000).changes)
    log = [
        arrival(start + n + 1, sighting(text, at_ms=NOON_MS + start + n, visibility=visibility))
        for n, text in enumerate(words)
    ]
    commit_batch(database, log, now_ms=NOON_MS, is_replayed=is_replayed)
    while consume(database, watch_consumer(database, lambda: NOW)):
        pass


def unread(database: Database, scope: Scope = EVERYONE, reader: str = READER) -> dict[str, Unread]:
    return {one.watch.name: one.unread for one in watch_overviews(database, scope, reader, now=NOW)}


def new(database: Database, one: Watch, scope: Scope = EVERYONE, limit: int = 50) -> list[str | None]:
    return [mention.body for mention in new_mentions(database, scope, one, READER, limit=limit).mentions]


def test_what_comes_in_is_unread_for_each_reader_until_that_one_has_seen_it(database: Database) -> None:
    strike = watch(database, "strike", "strike")
    watch(database, "late", "late since:7d")
    come_in(database, "strike", "strike and late", "nothing")
    assert unread(database) == {"strike": Unread(2), "late": Unread(1)}
    assert new(database, strike) == ["strike", "strike and late"]
    mark_seen(database, strike, READER, None, now=NOW)
    assert unread(database) == {"strike": Unread(), "late": Unread(1)}
    assert unread(database, reader="bo")["strike"] == Unread(2)
    come_in(database, "strike again")
    assert new(database, strike) == ["strike again"]


def test_pages_of_what_is_new_are_each_seen_once(database: Database) -> None:
    strike = watch(database, "strike", "strike")
    come_in(database, *(f"strike {number}" for number in range(5)))
    told: list[str | None] = []
    while True:
        page = new_mentions(database, EVERYONE, strike, READER, limit=2)
        told += [one.body for one in page.mentions]
        mark_seen(database, strike, READER, page.next_cursor, now=NOW)
        come_in(database, "something else")
        if not page.has_more:
            break
    assert told == [f"strike {number}" for number in range(5)]
    with pytest.raises(StaleCursor):
        mark_seen(database, strike, READER, page_changes(database, EVERYONE, limit=1).next_cursor, now=NOW)


def test_seeing_a_page_again_never_makes_anything_unread_again(database: Database) -> None:
    strike = watch(database, "strike", "strike")
    come_in(database, "strike")
    earlier = new_mentions(database, EVERYONE, strike, READER, limit=9).next_cursor
    come_in(database, "strike again")
    mark_seen(database, strike, READER, None, now=NOW)
    mark_seen(database, strike, READER, earlier, now=NOW)
    assert unread(database)["strike"] == Unread()


def test_the_place_in_what_is_new_does_not_move_with_what_a_reader_may_not_see(database: Database) -> None:
    strike = watch(database, "strike", "strike")
    watch(database, "late", "late")
    nothing = new_mentions(database, PUBLIC, strike, READER, limit=9)
    come_in(database, "strike in private", visibility=Visibility.PRIVATE)
    come_in(database, "late, another watch's")
    assert new_mentions(database, PUBLIC, strike, READER, limit=9) == nothing
    come_in(database, "strike in public")
    one = new_mentions(database, PUBLIC, strike, READER, limit=9)
    come_in(database, "strike again in private", visibility=Visibility.PRIVATE)
    assert new_mentions(database, PUBLIC, strike, READER, limit=9) == one
    mark_seen(database, strike, READER, one.next_cursor, now=NOW)
    assert new_mentions(database, PUBLIC, strike, READER, limit=9) == nothing


def test_what_is_private_erased_replayed_or_came_in_before_is_not_unread(database: Database) -> None:
    come_in(database, "strike before")
    strike = watch(database, "strike", "strike")
    come_in(database, "strike replayed", is_replayed=True)
    come_in(database, "strike in private", visibility=Visibility.PRIVATE)
    come_in(database, "strike in public")
    assert unread(database)["strike"] == Unread(2)
    assert unread(database, PUBLIC)["strike"] == Unread(1)
    assert new(database, strike, PUBLIC) == ["strike in public"]
    erase(database, *(one.id for one in page_mentions(database, PUBLIC, EVERYTHING, limit=9).mentions))
    assert unread(database)["strike"] == Unread(1)


def test_a_new_question_begins_with_nothing_unread_and_an_archived_watch_asks_nothing(database: Database) -> None:
    watch(database, "strike", "strike")
    come_in(database, "strike")
    watch(database, "strike", "late")
    assert unread(database)["strike"] == Unread()
    come_in(database, "strike", "late")
    assert unread(database)["strike"] == Unread(1)
    archive_watch(database, EVERYONE, "strike", by=READER, now=NOW)
    come_in(database, "late again")
    assert unread(database) == {}


def test_a_watch_that_this_release_cannot_read_says_so_and_holds_up_no_other(database: Database) -> None:
    """Seen to fail on an `asked_watches` without its `except`: the consumer ended with the QueryError."""
    watch(database, "broken", "mood:grim")
    watch(database, "strike", "strike")
    come_in(database, "strike")
    told = {one.watch.name: one for one in watch_overviews(database, EVERYONE, READER, now=NOW)}
    assert told["strike"].unread == Unread(1)
    assert told["strike"].problem is None
    assert "column 1" in (told["broken"].problem or "")


def test_what_is_said_of_an_old_mention_comes_in_only_where_that_is_asked(database: Database) -> None:
    """Catches a watch that takes any change for something new: marking a mention as treated made it unread."""
    come_in(database, "strike before")
    watch(database, "strike", "strike")
    watch(database, "treated", "strike is:treated")
    (old,) = page_mentions(database, EVERYONE, EVERYTHING, limit=9).mentions

    qualify(database, EVERYONE, [old.id], Deed(by=Qualifier(READER), change=TREATED, at=NOW))
    come_in(database)

    assert unread(database) == {"strike": Unread(), "treated": Unread(1)}


def test_what_is_private_takes_no_room_from_what_is_public(database: Database) -> None:
    """Catches one thousand for both: a reader of public mentions lost its unread to private ones."""
    watch(database, "strike", "strike")
    come_in(database, "strike in public")
    flood = (f"strike {number}" for number in range(MOST_COUNTED + 20))
    come_in(database, *flood, visibility=Visibility.PRIVATE)

    assert unread(database, PUBLIC)["strike"] == Unread(1)


def test_of_a_flood_the_newest_thousand_are_remembered(database: Database) -> None:
    strike = watch(database, "strike", "strike")
    come_in(database, *(f"strike {number}" for number in range(MOST_COUNTED + 20)))
    assert unread(database)["strike"] == Unread(MOST_COUNTED, is_more=True)
    assert new(database, strike, limit=1) == ["strike 19"]


def test_what_a_watch_notes_is_what_a_search_finds(database: Database) -> None:
    """Seen to fail on a matcher that passes every `NOT`: `strike NOT late` noted what the search left out."""
    texts = ["strike late", "strike", "late", "STRIKES", "#strike", "a strike, at last", "grève"]
    queries = ["strike", "strike NOT late", "strike*", "#strike OR late", "greve", "since:1h", "kind:comment strike"]
    watched = {query: watch(database, query, query) for query in queries}
    come_in(database, *texts)
    changes = page_changes(database, EVERYONE, limit=100).changes
    hits = hits_of(asked_watches(watched.values(), NOW), changes)
    for query, one in watched.items():
        found = page_mentions(database, EVERYONE, asked_now(query, "UTC", NOW), limit=100).mentions
        assert {hit.mention_id for hit in hits if hit.watch_id == one.id} == {mention.id for mention in found}, query
