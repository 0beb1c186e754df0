"""Watches and changes over HTTP: who may keep them, what is new for each token, and what would have been told."""

from __future__ import annotations

import pytest
from starlette.types import ASGIApp

from tests.daemon.api.asking import Asker
from tests.daemon.api.story import GROUP_WORDS, PRIVATE_WORDS, PUBLIC_WORDS, make_token
from tests.daemon.store.arrivals import NOON_MS, arrival, sighting
from veilleur.app.clock import utc_now
from veilleur.model.scope import TokenScope
from veilleur.store.commit import commit_batch
from veilleur.store.consumers import consume, register
from veilleur.store.database import Database
from veilleur.watches.coming_in import CONSUMER, watch_consumer

WATCHES = "/api/v1/watches"
PLASTIC = f"{WATCHES}/plastic"
BODY = {"query": "plastique OR #pouletrose", "zone": "Europe/Paris", "description": "The plastic"}


@pytest.fixture
def keeper(api: ASGIApp, database: Database) -> Asker:
    """Give a client that may read everything and keep watches."""
    scopes = (TokenScope.READ_MENTIONS, TokenScope.READ_PRIVATE, TokenScope.WRITE_CASES)
    return Asker(api, make_token(database, *scopes))


@pytest.fixture
def public_keeper(api: ASGIApp, database: Database) -> Asker:
    """Give a client that may read what is public and keep watches."""
    return Asker(api, make_token(database, TokenScope.READ_MENTIONS, TokenScope.WRITE_CASES))


def come_in(database: Database, *words: str) -> None:
    log = [arrival(900 + n, sighting(text, at_ms=NOON_MS + n), envelope_id=f"new-{n}") for n, text in enumerate(words)]
    commit_batch(database, log, now_ms=NOON_MS)
    while consume(database, watch_consumer(database, utc_now)):
        pass


def test_a_watch_is_kept_by_whoever_may_write_and_read_by_all(public_keeper: Asker, public_reader: Asker) -> None:
    assert public_reader.send(PLASTIC, BODY).status_code == 403
    made = public_keeper.send(PLASTIC, BODY).json()
    assert {name: made[name] for name in BODY} == BODY
    (listed,) = public_reader.read(WATCHES)["watches"]
    assert listed == {"watch": made, "problem": None, "unread": {"count": 0, "is_more": False}}
    assert public_reader.read(PLASTIC) == listed
    assert public_reader.ask(PLASTIC, "DELETE").status_code == 403


@pytest.mark.privacy
def test_a_watch_of_one_who_reads_private_mentions_does_not_exist_for_others(
    keeper: Asker, public_keeper: Asker
) -> None:
    """Its query may name people and groups, as a rule's may."""
    keeper.send(PLASTIC, BODY | {"query": "from:+33639980199"})
    assert public_keeper.read(WATCHES, archived="true")["watches"] == []
    absent = public_keeper.ask(f"{WATCHES}/absent")
    for path in ("", "/history", "/mentions", "/new", "/backtest"):
        answer = public_keeper.ask(PLASTIC + path)
        assert (answer.status_code, answer.content) == (404, absent.content)
    for method, path in (("DELETE", ""), ("POST", "/restore"), ("POST", "/seen")):
        assert public_keeper.ask(PLASTIC + path, method).status_code == 404
    assert public_keeper.send(PLASTIC, BODY).status_code == 409
    assert [one["query"] for one in keeper.read(f"{PLASTIC}/history")["versions"]] == ["from:+33639980199"]


@pytest.mark.privacy
def test_a_watch_is_hidden_from_when_one_who_reads_private_mentions_writes_it(
    keeper: Asker, public_keeper: Asker
) -> None:
    public_keeper.send(PLASTIC, BODY)
    keeper.send(PLASTIC, BODY | {"query": "from:Solène"})
    assert public_keeper.ask(f"{PLASTIC}/history").status_code == 404


def test_edits_are_kept_and_an_archived_watch_is_restored(keeper: Asker) -> None:
    keeper.send(PLASTIC, BODY)
    renamed = keeper.send(PLASTIC, BODY | {"query": "plastique", "name": "film"}).json()
    assert (renamed["name"], renamed["version"]) == ("film", 2)
    assert keeper.ask(PLASTIC).status_code == 404
    history = keeper.read(f"{WATCHES}/film/history")["versions"]
    assert [one["query"] for one in history] == ["plastique", BODY["query"]]
    archived = keeper.ask(f"{WATCHES}/film", "DELETE").json()
    assert archived["archived_at"] is not None
    assert keeper.read(WATCHES)["watches"] == []
    assert keeper.send(f"{WATCHES}/film", BODY).status_code == 409
    assert len(keeper.read(WATCHES, archived="true")["watches"]) == 1
    assert keeper.ask(f"{WATCHES}/film/restore", "POST").json()["archived_at"] is None
    assert keeper.send(f"{WATCHES}/other", BODY | {"name": "film"}).status_code == 409


def test_watches_and_what_they_asked_come_in_pages_that_say_what_was_not_seen(keeper: Asker) -> None:
    """Broken line: `>=` in place of `>` after the cursor; then a watch was told twice."""
    for name in ("a", "b", "c"):
        for query in ("1", "2", "3"):
            keeper.send(f"{WATCHES}/{name}", BODY | {"query": query})

    first = keeper.read(WATCHES, limit=2)
    second = keeper.read(WATCHES, limit=2, cursor=first["next_cursor"])
    assert [[one["watch"]["name"] for one in page["watches"]] for page in (first, second)] == [["a", "b"], ["c"]]
    assert (second["next_cursor"], second["completeness"]["known"]) == (None, first["completeness"]["known"])
    newest = keeper.read(f"{WATCHES}/a/history", limit=2)
    oldest = keeper.read(f"{WATCHES}/a/history", limit=2, cursor=newest["next_cursor"])
    assert [[one["query"] for one in page["versions"]] for page in (newest, oldest)] == [["3", "2"], ["1"]]
    assert oldest["next_cursor"] is None


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ({"query": "kind:gossip"}, 400, "column"),
        ({"query": "x" * 5_000}, 422, "query"),
        ({"query": "x", "zone": "Mars/Olympus"}, 422, "time zone"),
        ({"query": "x", "name": "a/b"}, 422, "name"),
        ({"query": "x", "name": " "}, 422, "name"),
        ({"query": "x", "colour": "red"}, 422, "colour"),
        ({}, 422, "query"),
    ],
)
def test_a_watch_that_could_not_be_read_is_refused_with_what_is_wrong(
    keeper: Asker, body: dict[str, str], status: int, told: str
) -> None:
    answer = keeper.send(PLASTIC, body)
    assert answer.status_code == status
    assert told in answer.text
    assert keeper.ask(PLASTIC).status_code == 404


def test_a_watch_holds_what_was_there_before_it_and_only_what_a_reader_may_see(
    keeper: Asker, public_keeper: Asker, public_reader: Asker
) -> None:
    public_keeper.send(PLASTIC, BODY)
    held = [one["body"] for one in keeper.read(f"{PLASTIC}/mentions")["mentions"]]
    assert {PUBLIC_WORDS, PRIVATE_WORDS, GROUP_WORDS} <= set(held)
    public = [one["body"] for one in public_reader.read(f"{PLASTIC}/mentions")["mentions"]]
    assert PUBLIC_WORDS in public
    assert not {PRIVATE_WORDS, GROUP_WORDS} & set(public)
    assert keeper.read(f"{PLASTIC}/mentions", limit=1)["next_cursor"] is not None


def test_what_came_in_is_new_for_a_token_until_that_one_has_seen_it(keeper: Asker, database: Database) -> None:
    register(database, CONSUMER)
    keeper.send(PLASTIC, BODY)
    come_in(database, "plastique 1", "plastique 2", "nothing")
    page = keeper.read(f"{PLASTIC}/new", limit=1)
    assert ([one["body"] for one in page["mentions"]], page["has_more"]) == (["plastique 1"], True)
    seen = keeper.ask(f"{PLASTIC}/seen", "POST", through=page["next_cursor"]).json()
    assert seen["unread"] == {"count": 1, "is_more": False}
    assert keeper.ask(f"{PLASTIC}/seen", "POST").json()["unread"]["count"] == 0
    wrong = keeper.ask(f"{PLASTIC}/seen", "POST", through="0" * 32)
    assert (wrong.status_code, wrong.json()["type"]) == (410, "/docs#stale-cursor")


def test_a_condition_is_tried_on_a_watch_and_on_any_query(
    keeper: Asker, public_keeper: Asker, public_reader: Asker
) -> None:
    public_keeper.send(PLASTIC, BODY)
    asked: dict[str, str | int | None] = {
        "condition": "count",
        "at_least": 2,
        "window_minutes": 60 * 24,
        "cool_down_minutes": 60,
    }
    tried = keeper.read(f"{PLASTIC}/backtest", **asked)
    assert tried["telling_count"] == len(tried["tellings"]) >= 1
    assert tried["tellings"][0]["evidence_count"] >= 2
    for_query = keeper.read("/api/v1/backtest", q=BODY["query"], zone=BODY["zone"], **asked)
    assert for_query["tellings"] == tried["tellings"]
    assert public_reader.read(f"{PLASTIC}/backtest", **asked)["match_count"] < tried["match_count"]
    assert keeper.ask("/api/v1/backtest", q="kind:gossip").status_code == 400
    assert keeper.ask(f"{PLASTIC}/backtest", window_minutes=0).status_code == 422
    assert keeper.ask(f"{PLASTIC}/backtest", since="whenever").status_code == 422


def test_changes_are_followed_to_the_same_mentions_as_a_search(keeper: Asker, public_reader: Asker) -> None:
    for reader in (keeper, public_reader):
        told: dict[str, object] = {}
        cursor, has_more = None, True
        while has_more:
            page = reader.read("/api/v1/changes", after=cursor, limit=2)
            told |= {one["mention_id"]: one["mention"] for one in page["changes"]}
            cursor, has_more = page["next_cursor"], page["has_more"]
        kept = {mention_id: mention for mention_id, mention in told.items() if mention is not None}
        found = {one["id"]: one for one in reader.read("/api/v1/mentions", limit=500)["mentions"]}
        assert kept == found
        assert reader.read("/api/v1/changes", after=cursor)["changes"] == []


def test_following_begins_where_one_wants_and_a_wrong_cursor_is_told(keeper: Asker) -> None:
    newest = keeper.read("/api/v1/changes", after="newest")
    assert newest["changes"] == []
    assert keeper.read("/api/v1/changes", after=newest["next_cursor"])["changes"] == []
    assert keeper.ask("/api/v1/changes", after="0" * 32).status_code == 410
    assert keeper.ask("/api/v1/changes", after="12").status_code == 422
