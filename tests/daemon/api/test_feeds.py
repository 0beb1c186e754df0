"""Feeds of watches: who may make and see them, what a link shows, and on which conditions nothing is sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import feedparser
import msgspec
import pytest
from msgspec.structs import replace as change

from tests.daemon.api.asking import Asker
from tests.daemon.api.story import HOST_NAMES, NOW, PUBLIC_WORDS, READY, make_token
from tests.daemon.store.arrivals import NOON_MS, arrival, sighting
from veilleur.api.application import create_api
from veilleur.model.scope import TokenScope
from veilleur.store.commit import commit_batch
from veilleur.store.database import Database

LATER = timedelta(seconds=90)
WRITING = (TokenScope.READ_MENTIONS, TokenScope.WRITE_CASES)
PRIVATE = (*WRITING, TokenScope.READ_PRIVATE)
WATCHES = "/api/v1/watches"


class Clock:
    """Tells the time that a test sets."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> Any:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def writer(either_database: Database, clock: Clock) -> Asker:
    """Give somebody who may read and decide everything, with a watch of everything."""
    app = create_api(either_database, clock=clock, readiness=lambda: READY, version="0.0.1", host_names=HOST_NAMES)
    asker = Asker(app, make_token(either_database, *PRIVATE))
    assert asker.send(f"{WATCHES}/all", {"query": ""}).status_code == 200
    return asker


def made(asker: Asker, **body: bool) -> tuple[int, str]:
    """Make a feed of the watch; return its number and the path of its link."""
    answer = asker.send(f"{WATCHES}/all/feeds", body, "POST").json()
    return answer["feed"]["id"], answer["link"].removeprefix("http://veilleur.test")


def entries(asker: Asker, path: str) -> list[Any]:
    answer = replace(asker, token=None).ask(path)
    assert answer.status_code == 200, answer.text
    return list(feedparser.parse(answer.content).entries)


def test_a_link_needs_no_token_and_shows_what_is_public_alone(writer: Asker) -> None:
    _, path = made(writer)

    [entry] = entries(writer, path)

    assert PUBLIC_WORDS in entry.content[0].value
    answer = writer.ask(path)
    assert answer.headers["Content-Type"] == "application/atom+xml"
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_private_mentions_are_shown_where_a_maker_who_may_read_them_chose_so(
    writer: Asker, either_database: Database
) -> None:
    number, path = made(writer, with_private=True)
    public = replace(writer, token=make_token(either_database, *WRITING))

    assert len(entries(writer, path)) == 3
    refused = public.send(f"{WATCHES}/all/feeds", {"with_private": True}, "POST")
    assert (refused.status_code, refused.json()["missing_scope"]) == (403, "read:private")
    assert public.read("/api/v1/feeds")["feeds"] == []
    assert public.ask(f"/api/v1/feeds/{number}", "DELETE").status_code == 404
    assert public.send(f"/api/v1/feeds/{number}/renew", {}, "POST").status_code == 404
    assert len(entries(writer, path)) == 3


def test_making_needs_the_scope_that_decides_and_a_watch(writer: Asker, either_database: Database) -> None:
    reader = replace(writer, token=make_token(either_database, TokenScope.READ_MENTIONS))

    assert reader.send(f"{WATCHES}/all/feeds", {}, "POST").status_code == 403
    assert writer.send(f"{WATCHES}/none/feeds", {}, "POST").status_code == 404


def test_a_renewed_link_leads_nowhere_and_a_revoked_feed_is_gone(writer: Asker) -> None:
    number, before = made(writer)

    after = writer.ask(f"/api/v1/feeds/{number}/renew", "POST").json()["link"].removeprefix("http://veilleur.test")

    assert (writer.ask(before).status_code, writer.ask(after).status_code) == (404, 200)
    revoked = writer.ask(f"/api/v1/feeds/{number}", "DELETE").json()
    assert revoked["revoked_by"] == "test"
    assert writer.ask(after).status_code == 410
    assert writer.ask(f"/api/v1/feeds/{number}/renew", "POST").status_code == 404
    assert writer.ask(f"/api/v1/feeds/{number}", "DELETE").status_code == 404


def test_an_archived_watch_feeds_nobody_until_it_is_restored(writer: Asker) -> None:
    _, path = made(writer)

    writer.ask(f"{WATCHES}/all", "DELETE")
    assert writer.ask(path).status_code == 404
    writer.ask(f"{WATCHES}/all/restore", "POST")
    assert writer.ask(path).status_code == 200


def test_no_answer_but_the_first_tells_a_link(writer: Asker) -> None:
    _, path = made(writer)
    secret = path.removeprefix("/feeds/").removesuffix(".atom")

    listed = writer.ask("/api/v1/feeds")

    assert len(secret) == 43
    assert secret not in listed.text
    assert [one["watch"] for one in listed.json()["feeds"]] == ["all"]


def test_feeds_are_listed_in_pages(writer: Asker) -> None:
    numbers = [made(writer)[0] for _ in range(3)]

    first = writer.read("/api/v1/feeds", limit=2)
    second = writer.read("/api/v1/feeds", limit=2, cursor=first["next_cursor"])

    assert [one["id"] for page in (first, second) for one in page["feeds"]] == numbers
    assert second["next_cursor"] is None


def test_who_holds_the_newest_is_sent_nothing(writer: Asker, either_database: Database, clock: Clock) -> None:
    _, path = made(writer)
    first = writer.ask(path)
    assert "Last-Modified" not in first.headers
    clock.now += LATER
    second = writer.ask(path)
    tag, since = {"If-None-Match": second.headers["ETag"]}, {"If-Modified-Since": second.headers["Last-Modified"]}
    assert second.headers["ETag"] == first.headers["ETag"]
    for held in (tag, since):
        answer = replace(writer, headers=held).ask(path)
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["Cache-Control"] == "private, no-cache"

    commit_batch(either_database, [arrival(9, sighting("encore du plastique", at_ms=NOON_MS + 9))], now_ms=NOON_MS)

    for held in (tag, since):
        assert replace(writer, headers=held).ask(path).status_code == 200


def test_a_wrong_date_is_no_condition(writer: Asker, clock: Clock) -> None:
    _, path = made(writer)
    writer.ask(path)
    clock.now += LATER

    for date in ("yesterday", "Fri, 13 Nov 99999 12:00:00 GMT", ""):
        assert replace(writer, headers={"If-Modified-Since": date}).ask(path).status_code == 200


def test_every_page_is_reached_and_holds_each_mention_once(writer: Asker, either_database: Database) -> None:
    told = [arrival(20 + n, sighting(f"page {n}", at_ms=NOON_MS + 1_000 * n)) for n in range(150)]
    commit_batch(either_database, told, now_ms=NOON_MS)
    _, path = made(writer)

    found, pages = list[str](), 0
    following: str | None = path
    while following is not None:
        shown = feedparser.parse(writer.ask(following).content)
        found += [entry.id for entry in shown.entries]
        links = {link.rel: link.href for link in shown.feed.links}
        following, pages = links.get("next"), pages + 1

    assert (len(found), len(set(found)), pages) == (151, 151, 2)


def test_an_entry_is_updated_when_it_was_told_that_its_sender_took_it_back(
    writer: Asker, either_database: Database
) -> None:
    told = sighting("oublie ça", at_ms=NOON_MS + 5)
    commit_batch(either_database, [arrival(30, told)], now_ms=NOON_MS)
    _, path = made(writer)
    [before] = [one for one in entries(writer, path) if "oublie" in one.title]
    taken_back = msgspec.structs.replace(arrival(31, deletes=told), received_at_ms=NOON_MS + 3_600_000)

    commit_batch(either_database, [taken_back], now_ms=NOON_MS)

    [after] = [one for one in entries(writer, path) if "oublie" in one.title]
    assert (after.id, after.title) == (before.id, f"(deleted) {before.title}")
    assert after.updated_parsed > before.updated_parsed


def test_an_edited_message_keeps_its_entry_which_is_updated_at_each_edit(
    writer: Asker, either_database: Database
) -> None:
    """Broken line: `first_ids` left out of the feed's content; it reported another id at the first edit."""
    _, path = made(writer)
    seen: list[tuple[str, str]] = []
    for step, words in enumerate(("colis perdu", "colis retrouvé", "colis arrivé")):
        shown = sighting(words, at_ms=NOON_MS + 5)
        shown = change(shown, draft=change(shown.draft, occurred_at_ms=NOON_MS + 5))
        told = change(arrival(40 + step, shown), received_at_ms=NOON_MS + step * 3_600_000)
        told = change(told, reading=change(told.reading, shows_edits=True))
        commit_batch(either_database, [told], now_ms=NOON_MS)
        [entry] = [one for one in entries(writer, path) if "colis" in one.title]
        assert words in entry.title
        seen.append((entry.id, entry.updated))

    assert len({entry_id for entry_id, _ in seen}) == 1
    assert sorted(updated for _, updated in seen) == [updated for _, updated in seen]
    assert len({updated for _, updated in seen}) == 3


def test_a_feed_speaks_the_language_it_was_made_for(writer: Asker) -> None:
    """Broken line: the language not stored with the feed; it reported “(No device has told …)”."""
    answer = writer.send(f"{WATCHES}/all/feeds", {"language": "fr"}, "POST").json()
    path = answer["link"].removeprefix("http://veilleur.test")

    assert answer["feed"]["language"] == "fr"
    assert "(Aucun appareil n’a dit ce qu’il n’a pas vu.)" in feedparser.parse(writer.ask(path).content).feed.subtitle
    assert writer.send(f"{WATCHES}/all/feeds", {"language": "xx"}, "POST").status_code == 422


def test_a_link_that_was_never_made_is_not_there(writer: Asker) -> None:
    for path in ("/feeds/x.atom", "/feeds/%ff.atom", f"/feeds/{'x' * 5_000}.atom", "/feeds/.atom"):
        assert writer.ask(path).status_code == 404
