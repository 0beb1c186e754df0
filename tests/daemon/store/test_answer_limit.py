"""How much a query may cost: what asks for more is given up, on both databases; what is meant to take long is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from string import ascii_lowercase
from typing import Final

import pytest

from tests.daemon.store.arrivals import NOON_MS, arrival, sighting
from veilleur.model.counts import Facet, Grain
from veilleur.model.errors import QueryTooCostly
from veilleur.model.listing import Order
from veilleur.model.scope import Scope
from veilleur.query.reading import read_query
from veilleur.store.commit import commit_batch
from veilleur.store.database import Database
from veilleur.store.facets import read_facets
from veilleur.store.mentions import every_mention, page_mentions, total_mentions
from veilleur.store.snapshot import Readable
from veilleur.store.timeline import read_timeline

COSTLY: Final = " OR ".join(f"({letter}* is:deleted)" for letter in ascii_lowercase)
WORDS: Final = " ".join(letter * 2 for letter in ascii_lowercase)
NOW: Final = datetime(2026, 11, 12, tzinfo=UTC)
SCOPE: Final = Scope()
MANY: Final = 1_500
_ASKED: Final = read_query(COSTLY, now=NOW)
_EASY: Final = read_query("froid", now=NOW)
ANSWERS: Final[dict[str, Callable[[Readable], object]]] = {
    "page": lambda asked: page_mentions(asked, SCOPE, _ASKED, limit=50),
    "relevance": lambda asked: page_mentions(asked, SCOPE, _ASKED, limit=50, order=Order.RELEVANCE),
    "facets": lambda asked: read_facets(asked, SCOPE, _ASKED, [Facet.LANGUAGE]),
    "timeline": lambda asked: read_timeline(asked, SCOPE, _ASKED, grain=Grain.DAY, zone=UTC, now=NOW),
}


@pytest.fixture
def hurried(database: Database) -> Database:
    """Give a database with many mentions that gives up what takes it any time."""
    log = [arrival(seq, sighting(f"{WORDS} {seq}", at_ms=NOON_MS + seq)) for seq in range(1, MANY)]
    commit_batch(database, log, now_ms=NOON_MS)
    database.answer_s = 0.0
    return database


@pytest.mark.parametrize("answer", list(ANSWERS))
def test_an_answer_that_takes_too_much_work_is_given_up_and_says_what_to_do(hurried: Database, answer: str) -> None:
    """Broken line: `reading` for `answering` in each of them; then nothing was raised."""
    with pytest.raises(QueryTooCostly, match=r"since: and until:"):
        ANSWERS[answer](hurried)


def test_one_state_gives_up_too_and_its_connection_takes_its_time_for_the_next(hurried: Database) -> None:
    """Broken line: no `finally` that takes the look at the clock away; then the export was given up as well."""
    with pytest.raises(QueryTooCostly), hurried.snapshot() as state:
        ANSWERS["facets"](state)

    assert len(list(every_mention(hurried, SCOPE, _ASKED))) == 0
    assert total_mentions(hurried, SCOPE, _ASKED) == 0


def test_an_easy_query_is_answered_within_the_usual_limit(hurried: Database) -> None:
    hurried.answer_s = 60.0
    assert page_mentions(hurried, SCOPE, _EASY, limit=1).mentions == ()
