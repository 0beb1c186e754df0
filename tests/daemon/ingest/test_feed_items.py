"""What a feed found on TikTok is stored as TikTok's, with its post's own time, and is found as such."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.bridge.envelopes import good_envelope
from tests.daemon.ingest.line import Line
from tests.daemon.ingest.scripted import NOON, RECEIVED_AT, delivery
from veilleur.ingest.reading import Reader
from veilleur.model.kinds import MentionKind, TimeQuality
from veilleur.model.mention import Mention
from veilleur.model.scope import Scope
from veilleur.parsers.registry import builtin_parsers
from veilleur.query.reading import read_query
from veilleur.store.database import Database
from veilleur.store.mentions import page_mentions
from veilleur_bridge.codec import Codec
from veilleur_bridge.redaction import Screen
from veilleur_bridge.redaction_rules import load_rules

MADE_AT = NOON - timedelta(days=3)
POST = f"https://www.tiktok.com/@nadia/video/{(int(MADE_AT.timestamp()) << 32) + 7}"
LINKS = (POST, "https://www.tiktok.com/tag/lyon", "https://news.example/lyon")


@pytest.fixture
def filled(database: Database) -> Database:
    codec = Codec()
    line = Line(database, Reader(codec, Screen(load_rules(), codec), builtin_parsers()), lambda: RECEIVED_AT)
    line.take_in([delivery(item(seq, link)) for seq, link in enumerate(LINKS, 1)])
    return database


def item(seq: int, link: str) -> dict[str, object]:
    shown = {
        "key": f"https://feeds.example/a#{seq}",
        "title": "Le Bistro",
        "text": "Trop long #attente",
        "when_ms": int(NOON.timestamp()) * 1_000,
        "extras": {"link": f"https://www.google.com/url?sa=t&url={link}&ct=ga", "feed": "https://feeds.example/a"},
    }
    captured_at = NOON.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    about = {"id": f"item-{seq}", "device": "salle-1", "epoch": "e1", "seq": seq, "captured_at": captured_at}
    return good_envelope(**about, app={"package": "feed"}, source={"kind": "feed"}, notification=shown)


def found(database: Database, query: str) -> list[Mention]:
    everyone = Scope(may_read_private=True)
    return list(page_mentions(database, everyone, read_query(query, now=RECEIVED_AT), limit=9).mentions)


def test_a_post_has_its_actor_and_the_time_that_its_id_tells(filled: Database) -> None:
    [post] = found(filled, "kind:new_post")

    assert (post.platform, post.package, post.kind) == ("tiktok", "feed", MentionKind.NEW_POST)
    assert post.actor is not None
    assert post.actor.handle == "nadia"
    assert post.occurred_at == post.happened_at == MADE_AT
    assert post.time_quality is TimeQuality.APPROXIMATE
    assert post.open is not None
    assert post.open.url == POST


def test_what_tiktok_holds_is_found_by_platform_and_the_rest_stays_the_feeds(filled: Database) -> None:
    assert {mention.pattern for mention in found(filled, "platform:tiktok")} == {"tiktok/post", "tiktok/tag"}
    [article] = found(filled, "platform:feed")
    assert article.time_quality is TimeQuality.OCCURRED


def test_the_hashtag_of_an_address_is_found_beside_those_of_the_words(filled: Database) -> None:
    [page] = found(filled, "#lyon")

    assert page.hashtags == ("attente", "lyon")
    assert len(found(filled, "#attente")) == len(LINKS)
