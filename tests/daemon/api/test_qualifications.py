"""What is said of mentions over the API: by whom, of which, and what a token without `read:private` is not told."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.types import ASGIApp

from tests.daemon.api.asking import Asker
from tests.daemon.api.story import make_token
from veilleur.model.scope import TokenScope
from veilleur.store.database import Database

BULK = "/api/v1/qualifications"
READ, WRITE, PRIVATE = TokenScope.READ_MENTIONS, TokenScope.WRITE_CASES, TokenScope.READ_PRIVATE


@pytest.fixture
def writer(api: ASGIApp, database: Database) -> Asker:
    """Give a client that may read and qualify everything."""
    return Asker(api, make_token(database, READ, WRITE, PRIVATE))


@pytest.fixture
def public_writer(api: ASGIApp, database: Database) -> Asker:
    """Give a client that may read and qualify what is public."""
    return Asker(api, make_token(database, READ, WRITE))


def bulk(asker: Asker, **body: object) -> dict[str, Any]:
    answer = asker.send(BULK, {"change": {"tone": "negative"}, **body}, "POST")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_a_mention_is_qualified_told_and_undone(writer: Asker) -> None:
    mention = writer.read("/api/v1/mentions")["mentions"][0]["id"]
    said = writer.send(f"/api/v1/mentions/{mention}/qualification", {"add_tags": ["SAV"], "is_treated": True}, "POST")
    assert said.json()["qualification"]["tags"] == ["SAV"]
    assert writer.read(f"/api/v1/mentions/{mention}")["mention"]["qualification"]["tags"] == ["SAV"]
    assert [one["id"] for one in writer.read("/api/v1/mentions", q="tag:sav is:treated")["mentions"]] == [mention]
    assert {one["field"] for one in writer.read(f"/api/v1/mentions/{mention}/journal")["entries"]} == {"tag", "treated"}
    act = said.json()["act"]["id"]
    assert writer.send(f"/api/v1/qualification-acts/{act}/undo", {}, "POST").json() == {"mention_count": 1}
    assert writer.read("/api/v1/mentions", q="tag:sav")["mentions"] == []
    assert writer.send(f"/api/v1/qualification-acts/{act}/undo", {}, "POST").status_code == 404


def test_a_dry_run_counts_and_changes_nothing(writer: Asker) -> None:
    counted = bulk(writer, query="", dry_run=True)
    assert (counted["mention_count"] > 0, counted["act"]) == (True, None)
    assert writer.read("/api/v1/qualification-acts") == {"acts": [], "next_cursor": None}
    assert bulk(writer, query="")["act"]["mention_count"] == counted["mention_count"]


def test_acts_come_in_pages_each_once_the_latest_first(writer: Asker) -> None:
    mention = writer.read("/api/v1/mentions")["mentions"][0]["id"]
    for tone in ("negative", "positive", "mixed"):
        writer.send(f"/api/v1/mentions/{mention}/qualification", {"tone": tone}, "POST")
    first = writer.read("/api/v1/qualification-acts", limit=2)
    last = writer.read("/api/v1/qualification-acts", limit=2, cursor=first["next_cursor"])
    assert [act["change"]["tone"] for act in first["acts"] + last["acts"]] == ["mixed", "positive", "negative"]
    assert last["next_cursor"] is None


@pytest.mark.attack
def test_a_token_without_read_private_neither_qualifies_nor_infers_private_mentions(
    writer: Asker, public_writer: Asker
) -> None:
    everything = {one["id"] for one in writer.read("/api/v1/mentions", limit=500)["mentions"]}
    public = {one["id"] for one in public_writer.read("/api/v1/mentions", limit=500)["mentions"]}
    hidden = sorted(everything - public)
    assert hidden
    assert bulk(public_writer, mention_ids=hidden) == {"mention_count": 0, "act": None}
    said = public_writer.send(f"/api/v1/mentions/{hidden[0]}/qualification", {"tone": "negative"}, "POST")
    assert said.status_code == 404
    assert public_writer.ask(f"/api/v1/mentions/{hidden[0]}/journal").status_code == 404
    assert bulk(public_writer, query="", dry_run=True)["mention_count"] == len(public)
    act = bulk(writer, mention_ids=hidden)["act"]
    assert public_writer.read("/api/v1/qualification-acts")["acts"] == []
    assert public_writer.send(f"/api/v1/qualification-acts/{act['id']}/undo", {}, "POST").status_code == 404
    assert public_writer.read("/api/v1/mentions", q="tone:negative")["mentions"] == []


@pytest.mark.attack
@pytest.mark.parametrize(
    "body",
    [
        {"change": {}, "query": ""},
        {"change": {"tone": "sad"}, "query": ""},
        {"change": {"tone": "mixed"}},
        {"change": {"tone": "mixed"}, "query": "", "mention_ids": ["0" * 32]},
        {"change": {"tone": "mixed"}, "mention_ids": ["0" * 32] * 501},
        {"change": {"add_tags": ["two words"]}, "query": ""},
        {"change": {"note": "x" * 2_001}, "query": ""},
        {"change": {"note": "a\u0000b"}, "query": ""},
        {"change": {"tone": "mixed"}, "query": "", "zone": "Mars/Olympus"},
    ],
)
def test_what_cannot_be_said_is_a_problem_that_says_what_can(writer: Asker, body: dict[str, object]) -> None:
    answer = writer.send(BULK, body, "POST")
    assert (answer.status_code, answer.json()["type"]) == (422, "/docs#wrong-parameter")


def test_saying_needs_the_scope_that_decides(private_reader: Asker) -> None:
    for path in (BULK, "/api/v1/plan", "/api/v1/qualification-acts/1/undo"):
        answer = private_reader.send(path, {}, "POST")
        assert (answer.status_code, answer.json()["missing_scope"]) == (403, "write:cases"), path


def test_a_rule_is_made_counted_applied_and_removed(writer: Asker, public_writer: Asker) -> None:
    body = {"query": "NOT kind:like", "tone": "neutral", "words": []}
    assert writer.send("/api/v1/rules/calme", body, "PUT").status_code == 200
    assert writer.send("/api/v1/rules/calme", body, "PUT").status_code == 409
    assert [one["name"] for one in writer.read("/api/v1/rules")["rules"]] == ["calme"]
    assert public_writer.read("/api/v1/rules")["rules"] == []
    counted = writer.send("/api/v1/rules/calme/apply", {"dry_run": True}, "POST").json()
    applied = writer.send("/api/v1/rules/calme/apply", {}, "POST").json()
    assert applied["act"]["mention_count"] == applied["mention_count"] == counted["mention_count"] > 0
    assert writer.send("/api/v1/rules/calme", {}, "DELETE").status_code == 200
    assert writer.send("/api/v1/rules/calme/apply", {}, "POST").status_code == 404
    assert writer.send("/api/v1/rules/x", {"query": "tag:y", "tone": "mixed"}, "PUT").status_code == 422


def test_the_plan_is_entered_read_and_left(writer: Asker, public_writer: Asker) -> None:
    tag = {"kind": "hashtag", "target": "#brunch"}
    group = {"kind": "group", "target": "VIP", "device": "salle-1", "authorised_by": "Léa", "ground": "contract"}
    assert writer.send("/api/v1/plan", {"entries": [tag, group]}, "POST").json() == {"added": 2, "changed": 0}
    assert [one["entry"]["kind"] for one in writer.read("/api/v1/plan")["plan"]] == ["group", "hashtag"]
    [seen] = public_writer.read("/api/v1/plan")["plan"]
    assert seen["tag_url"] == "https://www.tiktok.com/tag/brunch"
    assert public_writer.send("/api/v1/plan", {"entries": [group]}, "POST").status_code == 403
    assert writer.send("/api/v1/plan", {"entries": [{"kind": "hashtag", "target": "a b"}]}, "POST").status_code == 422
    assert writer.send("/api/v1/plan/removals", {"entries": [tag]}, "POST").json() == {"removed": 1}
