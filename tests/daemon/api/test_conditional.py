"""Conditional requests: what a reader holds already is not sent again, and nothing that changed is withheld."""

from __future__ import annotations

import pytest

from tests.daemon.api.asking import Asker
from tests.daemon.api.device_story import tell_of_a_campaign
from tests.daemon.store.arrivals import NOON_MS, arrival, sighting
from veilleur.store.commit import commit_batch
from veilleur.store.database import Database


def asked(reader: Asker, path: str, held: str) -> int:
    return Asker(reader.app, reader.token, {"If-None-Match": held}).ask(path).status_code


@pytest.mark.parametrize("path", ["/api/v1/mentions", "/api/v1/notifications", "/api/v1/devices", "/api/v1/coverage"])
def test_what_is_held_is_not_sent_again(public_reader: Asker, path: str) -> None:
    answer = public_reader.ask(path)
    tag = answer.headers["ETag"]

    again = Asker(public_reader.app, public_reader.token, {"If-None-Match": f'"other", {tag}'}).ask(path)

    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    assert asked(public_reader, path, tag.removeprefix("W/")) == 304
    assert asked(public_reader, path, '"other"') == 200


def test_a_new_mention_is_sent(public_reader: Asker, database: Database) -> None:
    """Broken line: a tag that is not made of the body; then the new mention was answered 304."""
    tag = public_reader.ask("/api/v1/mentions").headers["ETag"]
    commit_batch(database, [arrival(9, sighting("new"))], now_ms=NOON_MS)

    assert asked(public_reader, "/api/v1/mentions", tag) == 200


def test_what_changes_beside_the_mentions_is_sent(public_reader: Asker, database: Database) -> None:
    tag = public_reader.ask("/api/v1/campaigns").headers["ETag"]
    tell_of_a_campaign(database)

    assert asked(public_reader, "/api/v1/campaigns", tag) == 200


def test_a_reader_with_other_rights_has_another_answer(public_reader: Asker, private_reader: Asker) -> None:
    tag = private_reader.ask("/api/v1/mentions").headers["ETag"]

    assert asked(public_reader, "/api/v1/mentions", tag) == 200


def test_a_problem_carries_no_tag(public_reader: Asker) -> None:
    assert "ETag" not in public_reader.ask("/api/v1/mentions", q="kind:x").headers
