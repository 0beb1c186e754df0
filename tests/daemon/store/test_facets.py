"""Facets: how many mentions share a key, exact or said to be of the newest."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from tests.daemon.store.arrivals import NOON_MS, arrival, sighting
from veilleur.model.counts import Count, Facet, FacetCounts
from veilleur.model.kinds import MentionKind, Visibility
from veilleur.model.parts import Actor
from veilleur.model.scope import Scope
from veilleur.query.reading import read_query
from veilleur.store.commit import commit_batch
from veilleur.store.counted import counted
from veilleur.store.database import Database
from veilleur.store.facets import read_facets
from veilleur.store.instants import from_ms
from veilleur.store.search import search

EVERYONE = Scope(may_read_private=True)
NOW = datetime(2026, 11, 12, tzinfo=UTC)


@pytest.fixture
def filled(database: Database) -> Database:
    log = [
        arrival(1, sighting("froid #Resto", hashtags=("resto", "ville"), language="fr")),
        arrival(2, sighting("froid", at_ms=NOON_MS + 1, sender="Élodie B", language="fr", region="MA")),
        arrival(3, sighting("froid 3", at_ms=NOON_MS + 2, kind=MentionKind.REPLY, hashtags=("resto",))),
        arrival(4, sighting("secret", at_ms=NOON_MS + 3, visibility=Visibility.PRIVATE)),
    ]
    commit_batch(database, log, now_ms=NOON_MS)
    return database


def facet(database: Database, by: Facet, text: str = "", scope: Scope = EVERYONE, limit: int = 20) -> FacetCounts:
    (found,) = read_facets(database, scope, read_query(text, now=NOW), [by], limit=limit)
    return found


@pytest.mark.parametrize(
    ("by", "counts", "without"),
    [
        (Facet.KIND, [("comment", 3), ("reply", 1)], 0),
        (Facet.PLATFORM, [("whatsapp", 4)], 0),
        (Facet.VISIBILITY, [("public", 3), ("private", 1)], 0),
        (Facet.LANGUAGE, [("fr", 2)], 2),
        (Facet.REGION, [("MA", 1)], 3),
        (Facet.DEVICE, [("salle-1", 4)], 0),
        (Facet.HASHTAG, [("resto", 2), ("ville", 1)], 2),
        (Facet.ACTOR, [("platform:whatsapp from:@nadia", 3), ("platform:whatsapp from:@élodieb", 1)], 0),
        (Facet.CONVERSATION, [("chat", 4)], 0),
    ],
)
def test_every_facet_counts_its_keys(filled: Database, by: Facet, counts: list[tuple[str, int]], without: int) -> None:
    found = facet(filled, by)
    assert [(one.key, one.count) for one in found.counts] == counts
    assert (found.total, found.without, found.counted_since_at) == (4, without, None)
    asked = facet(filled, by, "confidence:>=0")
    assert asked == found


def test_an_actor_and_a_conversation_are_told_by_their_names(filled: Database) -> None:
    assert facet(filled, Facet.ACTOR).counts[0] == Count("platform:whatsapp from:@nadia", 3, "Nadia")
    assert facet(filled, Facet.CONVERSATION).counts[0].label == "Clients"


def test_the_same_handle_elsewhere_or_a_name_that_reads_like_it_is_another_actor(database: Database) -> None:
    """Broken line: a key without its platform, and a name as it stands; then `@nadia` was one actor with 3."""
    of_nadia, elsewhere, named = (sighting("froid", at_ms=NOON_MS + at) for at in range(3))
    elsewhere = replace(elsewhere, draft=replace(elsewhere.draft, platform="tiktok"))
    named = replace(named, draft=replace(named.draft, actor=Actor("@nadia")))
    commit_batch(database, [arrival(at, one) for at, one in enumerate((of_nadia, elsewhere, named), 1)], now_ms=NOON_MS)

    assert facet(database, Facet.ACTOR).counts == (
        Count("platform:tiktok from:@nadia", 1, "Nadia"),
        Count('platform:whatsapp from:"@nadia"', 1, "@nadia"),
        Count("platform:whatsapp from:@nadia", 1, "Nadia"),
    )
    assert facet(database, Facet.ACTOR, "platform:tiktok from:@nadia").total == 1


def test_an_actor_is_called_by_the_last_name_that_it_had(database: Database) -> None:
    """Broken line: no ORDER BY; then PostgreSQL gave the label of the row that it read last, "Nadia" here."""
    later, earlier = sighting("froid", at_ms=NOON_MS + 5), sighting("froid")
    later = replace(later, draft=replace(later.draft, actor=Actor("Nadia B", handle="nadia")))
    commit_batch(database, [arrival(1, later), arrival(2, earlier)], now_ms=NOON_MS)

    assert facet(database, Facet.ACTOR, "confidence:>=0").counts == (
        Count("platform:whatsapp from:@nadia", 2, "Nadia B"),
    )


def test_facets_follow_the_query_the_reader_and_the_limit(filled: Database) -> None:
    assert facet(filled, Facet.KIND, "froid").total == 3
    assert facet(filled, Facet.KIND, "since:2026-11-10T12:00:00.002").total == 2
    assert facet(filled, Facet.VISIBILITY, scope=Scope()).counts == (Count("public", 3),)
    assert facet(filled, Facet.HASHTAG, limit=1).counts == (Count("resto", 2),)
    assert facet(filled, Facet.KIND, scope=Scope("other", may_read_private=True)).counts == ()


def test_of_a_query_that_no_index_knows_both_databases_count_as_far_back(filled: Database) -> None:
    """Broken line: no `rest` on PostgreSQL; then it counted all matches, where SQLite had looked at the newest two."""
    asked = search(read_query("froid count:>5", now=NOW), EVERYONE, is_sqlite=filled.is_sqlite)

    with filled.reading() as connection:
        assert counted(connection, asked, 2).since_at == from_ms(NOON_MS)
        assert counted(connection, asked, 3).since_at is None
