"""Order by relevance, and pages of queries that no index knows."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.daemon.store.arrivals import NOON_MS, arrival, sighting
from veilleur.model.kinds import Visibility
from veilleur.model.listing import Order
from veilleur.model.scope import Scope
from veilleur.query.reading import read_query
from veilleur.store.commit import commit_batch
from veilleur.store.database import Database
from veilleur.store.mentions import every_mention, page_mentions

EVERYONE = Scope(may_read_private=True)
NOW = datetime(2026, 11, 12, tzinfo=UTC)
WORDS = (
    "froid",
    "froid aussi dans une phrase bien plus longue que les autres",
    "froid froid",
    "chaud",
    "tiède",
    "doux",
)


@pytest.fixture
def filled(database: Database) -> Database:
    log = [
        arrival(number, sighting(words, at_ms=NOON_MS + number, sender=f"nom{number}"))
        for number, words in enumerate(WORDS, start=1)
    ]
    log.append(arrival(9, sighting("froid", at_ms=NOON_MS + 9, visibility=Visibility.PRIVATE)))
    commit_batch(database, log, now_ms=NOON_MS)
    return database


def best(database: Database, text: str, scope: Scope = EVERYONE, limit: int = 9) -> list[str | None]:
    page = page_mentions(database, scope, read_query(text, now=NOW), limit=limit, order=Order.RELEVANCE)
    assert page.next_cursor is None
    return [one.body for one in page.mentions]


def test_the_shortest_that_says_it_most_comes_first_and_the_newest_of_equals(filled: Database) -> None:
    """Seen to fail on SQLite without `_BM25` (the longest came second), on PostgreSQL without `sorted`."""
    found = best(filled, "froid", Scope())
    assert found == ["froid froid", "froid", "froid aussi dans une phrase bien plus longue que les autres"]
    assert best(filled, "froid", Scope(), limit=1) == ["froid froid"]


def test_relevance_finds_what_the_list_finds(filled: Database) -> None:
    for text in (
        "froid",
        "froid OR chaud",
        "froid NOT phrase",
        "NOT froid",
        "kind:comment",
        "confidence:>=0 froid",
        "",
    ):
        listed = [one.body for one in every_mention(filled, EVERYONE, read_query(text, now=NOW))]
        assert sorted(map(str, best(filled, text))) == sorted(map(str, listed)), text


def test_a_private_mention_is_ranked_for_nobody_who_may_not_read_it(filled: Database) -> None:
    assert len(best(filled, "froid")) == 4
    assert len(best(filled, "froid", Scope())) == 3
