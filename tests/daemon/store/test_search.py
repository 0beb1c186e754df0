"""Reads of the store: what a query finds, what a reader may see, and pages that miss and repeat nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.daemon.store.arrivals import NOON_MS, arrival, sighting
from veilleur.model.kinds import MentionKind, Visibility
from veilleur.model.listing import Count, CountBy
from veilleur.model.scope import Scope
from veilleur.query.expression import EVERYTHING
from veilleur.query.reading import read_query
from veilleur.store.commit import commit_batch
from veilleur.store.database import Database
from veilleur.store.mentions import count_mentions, get_mention, page_mentions, total_mentions
from veilleur.store.notifications import get_notification, page_notifications

EVERYONE = Scope(may_read_private=True)
NOW = datetime(2026, 11, 12, tzinfo=UTC)
DAY_MS = 86_400_000


@pytest.fixture
def filled(database: Database) -> Database:
    log = [
        arrival(1, sighting("L'été fut très froid #Resto", hashtags=("resto",))),
        arrival(2, sighting("très bon, pas froid", at_ms=NOON_MS + 1, sender="Élodie B", language="fr", region="MA")),
        arrival(3, sighting("東京都は froid", at_ms=NOON_MS + DAY_MS, kind=MentionKind.REPLY)),
        arrival(4, sighting("secret froid", at_ms=NOON_MS + 3, visibility=Visibility.PRIVATE)),
    ]
    commit_batch(database, log, now_ms=NOON_MS)
    return database


@pytest.mark.parametrize(
    ("query", "seqs"),
    [
        ("froid", [3, 4, 2, 1]),
        ("FROID tres", [2, 1]),
        ('"très froid"', [1]),
        ('"froid très"', []),
        ("l'ete", [1]),
        ("#resto", [1]),
        ("resto", []),
        ("東京", [3]),
        ("京都", [3]),
        ("from:elodie", [2]),
        ('from:"élodie b"', [2]),
        ("from:@nadia", [3, 4, 1]),
        ("kind:reply", [3]),
        ("kind:reply,comment froid", [3, 4, 2, 1]),
        ("lang:fr,de froid", [2]),
        ("lang:de", []),
        ("region:fr,ma", [2]),
        ("platform:tiktok", []),
        ("platform:whatsapp", [3, 4, 2, 1]),
        ("since:2026-11-11", [3]),
        ("until:2026-11-10", [4, 2, 1]),
        ("since:12h froid", [3]),
        ("froid nulle", []),
    ],
)
def test_a_query_finds_the_same_on_both_databases(filled: Database, query: str, seqs: list[int]) -> None:
    page = page_mentions(filled, EVERYONE, read_query(query, now=NOW), limit=10)
    assert [int(one.envelope_id.removeprefix("id-")) for one in page.mentions] == seqs


def test_private_rows_do_not_exist_for_a_reader_without_the_right(filled: Database) -> None:
    secret = page_mentions(filled, EVERYONE, read_query("secret", now=NOW), limit=1).mentions[0]
    for reader in (Scope(), Scope("other", may_read_private=True)):
        assert get_mention(filled, reader, secret.id) is None
        assert get_notification(filled, reader, secret.notification_id) is None
        assert page_mentions(filled, reader, read_query("secret", now=NOW), limit=9).mentions == ()
    assert total_mentions(filled, Scope()) == 3
    assert len(page_notifications(filled, Scope(), limit=9).notifications) == 3
    assert total_mentions(filled, Scope("other", may_read_private=True)) == 0


@pytest.mark.parametrize("query", ["", "froid"])
def test_pages_hold_every_mention_once_while_newer_ones_arrive(filled: Database, query: str) -> None:
    asked = read_query(query, now=NOW)
    first = page_mentions(filled, EVERYONE, asked, limit=2)
    newer = sighting("froid et neuf", at_ms=NOON_MS + 2 * DAY_MS)
    commit_batch(filled, [arrival(5, newer)], now_ms=NOON_MS)
    second = page_mentions(filled, EVERYONE, asked, limit=2, cursor=first.next_cursor)
    assert second.next_cursor is None
    assert [one.envelope_id for one in (*first.mentions, *second.mentions)] == ["id-3", "id-4", "id-2", "id-1"]


def test_counts_by_kind_day_and_hashtag(filled: Database) -> None:
    def counted(by: CountBy) -> tuple[Count, ...]:
        return count_mentions(filled, EVERYONE, EVERYTHING, by)

    assert counted(CountBy.KIND) == (Count("comment", 3), Count("reply", 1))
    assert counted(CountBy.DAY) == (Count("2026-11-10", 3), Count("2026-11-11", 1))
    assert counted(CountBy.HASHTAG) == (Count("resto", 1),)


def test_a_raw_notification_gives_its_bytes_back(filled: Database) -> None:
    row = page_notifications(filled, EVERYONE, limit=1).notifications[0]
    detail = get_notification(filled, EVERYONE, row.id)
    assert detail is not None
    assert detail.payload == b"payload 4"
    assert row.mention_ids
