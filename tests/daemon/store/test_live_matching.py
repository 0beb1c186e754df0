"""A mention in hand matches a query exactly where the database finds it."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.daemon.store.arrivals import NOON_MS
from tests.daemon.store.query_cases import made_arrivals, made_changes, made_queries
from veilleur.model.qualification import Qualifier
from veilleur.model.scope import Scope
from veilleur.query.expression import EVERYTHING, Query
from veilleur.query.matching import matchable, matcher
from veilleur.query.reading import read_query
from veilleur.store.commit import commit_batch
from veilleur.store.database import Database
from veilleur.store.mentions import every_mention
from veilleur.store.qualifying import Deed, qualify
from veilleur.store.search import matching
from veilleur.store.tables import mentions

EVERYONE = Scope(may_read_private=True)
NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
# Each size has a time of its own: a time on the function as well would be the one that counts.
SOME = pytest.param(1_000, 2_000, marks=pytest.mark.timeout(300))
MANY = pytest.param(10_000, 10_000, marks=[pytest.mark.soak, pytest.mark.timeout(7_200)])


@pytest.mark.parametrize(("queries", "count"), [SOME, MANY])
def test_live_matching_and_search_agree_on_every_query(database: Database, queries: int, count: int) -> None:
    """Seen to catch a `Not` without its coalesce, and a single sign that is sought as a whole token."""
    commit_batch(database, list(made_arrivals(count, seed=20261122)), now_ms=NOON_MS)
    _qualify_half(database)
    every = [matchable(one) for one in every_mention(database, EVERYONE, EVERYTHING)]
    assert len(every) == count
    numbers_found = set()
    for text in made_queries(queries, seed=7):
        query = read_query(text, now=NOW, zone=PARIS)
        matches = matcher(query)
        live = [one.mention.id for one in every if matches(one)]
        assert searched(database, query) == live, text
        numbers_found.add(len(live))
    assert len(numbers_found) > min(queries, count) // 10, "the queries tell next to nothing apart"


def _qualify_half(database: Database) -> None:
    dice = random.Random(13)
    ids = [one.id for one in every_mention(database, EVERYONE, EVERYTHING)]
    for change in made_changes(40, seed=11):
        deed = Deed(by=Qualifier("Léa", is_rule=dice.random() < 0.3), change=change, at=NOW)
        qualify(database, EVERYONE, dice.sample(ids, len(ids) // 40), deed)


def searched(database: Database, query: Query) -> list[str]:
    statement = matching(query, EVERYONE, [mentions.c.id], is_sqlite=database.is_sqlite)
    with database.reading() as connection:
        return list(connection.execute(statement.order_by(mentions.c.ord.desc())).scalars())
