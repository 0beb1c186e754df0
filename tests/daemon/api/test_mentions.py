"""Mentions over HTTP: the same objects as everywhere, pages without holes."""

from __future__ import annotations

from hashlib import sha256

import msgspec
import pytest
from starlette.types import ASGIApp

from tests.daemon.api.asking import Asker
from tests.daemon.api.story import GROUP_WORDS, PRIVATE_WORDS, PUBLIC_WORDS, make_token, told
from tests.daemon.store.arrivals import NOON_MS, sighting
from veilleur.model.arrival import Sighting
from veilleur.model.scope import Scope, TokenScope
from veilleur.model.wire import dump_line, mention_fields
from veilleur.query.expression import EVERYTHING
from veilleur.store.commit import commit_batch
from veilleur.store.database import Database
from veilleur.store.mentions import every_mention

TWELVE_OTHERS = {"cause": "collapsed", "count": 12, "is_more": False}
UNKNOWN = {"known": False, "intervals": [], "omitted": 0, "shortfalls": [TWELVE_OTHERS]}


def test_a_list_holds_exactly_the_lines_of_jsonl(private_reader: Asker, database: Database) -> None:
    answer = private_reader.ask("/api/v1/mentions")
    mentions = every_mention(database, Scope(may_read_private=True), EVERYTHING)

    lines = b",".join(dump_line(mention_fields(mention)) for mention in mentions)
    assert answer.content == b'{"mentions":[%b],"completeness":%b,"next_cursor":null}' % (lines, dump_line(UNKNOWN))
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"


def test_times_are_utc_with_milliseconds(public_reader: Asker) -> None:
    mention = public_reader.read("/api/v1/mentions")["mentions"][0]

    assert mention["occurred_at"] == mention["happened_at"] == "2026-11-10T12:00:00.001Z"
    assert mention["received_at"] == "2026-11-10T12:01:00.000Z"


@pytest.mark.parametrize(
    ("query", "bodies"),
    [
        ("", [GROUP_WORDS, PRIVATE_WORDS, PUBLIC_WORDS]),
        ("PLASTIQUE", [PRIVATE_WORDS, PUBLIC_WORDS]),
        ("#pouletrose", [GROUP_WORDS, PUBLIC_WORDS]),
        ("plastique #pouletrose", [PUBLIC_WORDS]),
        ("from:solene", [PRIVATE_WORDS]),
        ("since:1h", []),
        ("until:2026-11-09", []),
    ],
)
def test_a_query_chooses(private_reader: Asker, query: str, bodies: list[str]) -> None:
    found = private_reader.read("/api/v1/mentions", q=query)["mentions"]

    assert [mention["body"] for mention in found] == bodies


@pytest.mark.parametrize(("zone", "found"), [("UTC", 0), ("Pacific/Kiritimati", 1), ("America/New_York", 0), (None, 0)])
def test_days_of_a_query_begin_in_the_asked_zone(public_reader: Asker, zone: str | None, found: int) -> None:
    """At noon UTC on the 10th the 11th has begun in Kiritimati (UTC+14)."""
    assert len(public_reader.read("/api/v1/mentions", q="since:2026-11-11", zone=zone)["mentions"]) == found


@pytest.mark.parametrize("limit", [1, 2, 7, 500])
def test_pages_give_every_mention_once_while_new_ones_arrive(api: ASGIApp, database: Database, limit: int) -> None:
    reader = Asker(api, make_token(database, TokenScope.READ_MENTIONS))
    commit_batch(database, [told(100 + n, numbered(n)) for n in range(15)], now_ms=NOON_MS)
    expected = [mention["id"] for mention in reader.read("/api/v1/mentions", limit=500)["mentions"]]

    seen: list[str] = []
    cursor: str | None = None
    for page in range(100):
        answer = reader.read("/api/v1/mentions", limit=limit, cursor=cursor)
        seen += [mention["id"] for mention in answer["mentions"]]
        commit_batch(database, [told(1_000 + page, numbered(1_000 + page))], now_ms=NOON_MS)
        cursor = answer["next_cursor"]
        if cursor is None:
            break

    assert seen == expected
    assert len(set(expected)) == 16


def numbered(number: int) -> Sighting:
    return sighting(f"avis {number}", at_ms=NOON_MS + 10 * number)


def test_one_mention_comes_with_its_raw_notification(public_reader: Asker) -> None:
    mention = public_reader.read("/api/v1/mentions")["mentions"][0]

    answer = public_reader.read(f"/api/v1/mentions/{mention['id']}")

    assert answer["mention"] == mention
    notification = answer["notification"]
    assert notification["id"] == mention["notification_id"]
    assert notification["mention_ids"] == [mention["id"]]
    assert notification["changed"] == ["otp"]
    assert notification["payload"]["notification"] == {"key": "k", "messages": [PUBLIC_WORDS]}
    assert notification["sha256"] == sha256(msgspec.json.encode(notification["payload"])).hexdigest()


def test_notifications_come_with_their_outcome(private_reader: Asker) -> None:
    answer = private_reader.read("/api/v1/notifications")

    assert [row["outcome"] for row in answer["notifications"]] == [
        "quarantined",
        "ignored",
        "parsed",
        "parsed",
        "parsed",
    ]
    assert answer["completeness"] == UNKNOWN
    assert answer["next_cursor"] is None


def test_notifications_are_paged_and_filtered(private_reader: Asker) -> None:
    first = private_reader.read("/api/v1/notifications", limit=2, outcome="parsed")
    second = private_reader.read("/api/v1/notifications", limit=2, outcome="parsed", cursor=first["next_cursor"])

    assert [row["seq"] for row in first["notifications"] + second["notifications"]] == [3, 2, 1]
    assert second["next_cursor"] is None


def test_devices_are_listed(private_reader: Asker) -> None:
    answer = private_reader.read("/api/v1/devices")

    assert [(one["name"], one["is_paired"], one["notification_count"]) for one in answer["devices"]] == [
        ("salle-1", False, 5)
    ]
