"""What is private does not exist for a token without `read:private`, on any path; nor does another project."""

from __future__ import annotations

import pytest
from starlette.types import ASGIApp

from tests.daemon.api.asking import Asker
from tests.daemon.api.story import GROUP_WORDS, PRIVATE_WORDS, PUBLIC_WORDS, make_token
from veilleur.model.scope import TokenScope
from veilleur.store.database import Database

pytestmark = pytest.mark.privacy

LISTS = [
    "/api/v1/mentions",
    "/api/v1/mentions?q=plastique",
    "/api/v1/mentions?q=%23pouletrose",
    "/api/v1/facets?by=hashtag&by=actor&by=conversation&by=kind",
    "/api/v1/timeline",
    "/api/v1/notifications",
    "/api/v1/quarantine",
    "/api/v1/dead-letters",
    "/api/v1/parse-rates",
    "/api/v1/devices",
]


def hidden_mentions(private_reader: Asker) -> list[dict[str, object]]:
    found = private_reader.read("/api/v1/mentions")["mentions"]
    return [mention for mention in found if mention["visibility"] != "public"]


@pytest.mark.parametrize("path", LISTS)
def test_no_list_holds_a_private_word_id_or_name(public_reader: Asker, private_reader: Asker, path: str) -> None:
    said = public_reader.ask(path).text

    assert PRIVATE_WORDS not in said
    assert GROUP_WORDS not in said
    for mention in hidden_mentions(private_reader):
        assert str(mention["id"]) not in said
        assert str(mention["envelope_id"]) not in said


def test_only_the_public_mention_is_listed_and_counted(public_reader: Asker) -> None:
    assert [one["body"] for one in public_reader.read("/api/v1/mentions")["mentions"]] == [PUBLIC_WORDS]
    for by in ("kind", "platform", "hashtag", "actor", "conversation"):
        (facet,) = public_reader.read("/api/v1/facets", by=by)["facets"]
        assert [one["count"] for one in facet["counts"]] == [facet["total"]] == [1]
    for query in ("", PUBLIC_WORDS):
        assert public_reader.read("/api/v1/timeline", q=f'"{query}"' if query else "")["total"] == 1


def test_a_private_mention_and_one_that_never_was_are_told_alike(public_reader: Asker, private_reader: Asker) -> None:
    absent = public_reader.ask("/api/v1/mentions/" + "0" * 32)
    assert absent.status_code == 404
    for mention in hidden_mentions(private_reader):
        answer = public_reader.ask(f"/api/v1/mentions/{mention['id']}")
        assert (answer.status_code, answer.content) == (404, absent.content)


def test_raw_notifications_of_private_words_and_of_unknown_ones_stay_hidden(public_reader: Asker) -> None:
    """What nobody understood may hold private words, so only what is known to be public is shown."""
    listed = public_reader.read("/api/v1/notifications")["notifications"]

    assert [row["seq"] for row in listed] == [1]
    absent = public_reader.ask("/api/v1/notifications/999")
    for hidden in range(2, 6):
        answer = public_reader.ask(f"/api/v1/notifications/{hidden}")
        assert (answer.status_code, answer.content) == (404, absent.content)


def test_a_device_counts_what_its_reader_may_see(public_reader: Asker, private_reader: Asker) -> None:
    assert public_reader.read("/api/v1/devices")["devices"][0]["notification_count"] == 1
    assert private_reader.read("/api/v1/devices")["devices"][0]["notification_count"] == 5


def test_a_reader_with_private_scope_sees_everything(private_reader: Asker) -> None:
    assert len(private_reader.read("/api/v1/mentions")["mentions"]) == 3
    assert private_reader.ask("/api/v1/notifications/5").status_code == 200


def test_a_token_of_another_project_sees_nothing_of_this_one(api: ASGIApp, database: Database) -> None:
    reader = Asker(api, token_of_project(database, "other"))

    assert reader.read("/api/v1/mentions")["mentions"] == []
    assert reader.read("/api/v1/notifications")["notifications"] == []
    assert reader.read("/api/v1/devices")["devices"] == []
    assert reader.read("/api/v1/facets")["facets"][0]["total"] == 0
    assert reader.read("/api/v1/timeline")["buckets"] == []
    assert reader.ask("/api/v1/notifications/1").status_code == 404


def token_of_project(database: Database, project: str) -> str:
    with database.writing() as connection:
        connection.exec_driver_sql(f"INSERT INTO projects (id, name, created_at) VALUES ('{project}', 'Other', 0)")
    return make_token(database, TokenScope.READ_MENTIONS, TokenScope.READ_PRIVATE, project=project)
