"""What a device captures, over the API: read, written as the next revision, refused with a reason."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.types import ASGIApp

from tests.architecture.source_file import PROJECT
from tests.daemon.api.asking import Asker
from tests.daemon.api.device_story import tell_of_the_device
from tests.daemon.api.story import NOW, make_token
from veilleur.model.scope import Scope, TokenScope
from veilleur.model.wire import instant_text
from veilleur.store.database import Database
from veilleur.store.device_configs import newest_config

PATH = "/api/v1/devices/salle-1/config"


@pytest.fixture
def admin(api: ASGIApp, database: Database) -> Asker:
    """Give a client that may write."""
    tell_of_the_device(database)
    return Asker(api, make_token(database, TokenScope.ADMIN))


def test_a_change_is_the_next_revision_and_all_of_it_is_kept(admin: Asker) -> None:
    asked = admin.read(PATH)
    apps = [{"package": "com.whatsapp.w4b", "chats": {"mode": "only", "listed": ["Clients (Lyon)"]}}]
    answer = admin.send(PATH, asked | {"apps": apps, "pictures": True})
    assert answer.status_code == 200
    expected = asked | {"apps": apps, "pictures": True, "revision": 2, "issued_at": instant_text(NOW)}
    assert answer.json() == admin.read(PATH) == expected


def test_every_accepted_example_of_the_contract_is_taken(admin: Asker) -> None:
    examples = sorted((PROJECT / "bridge/contract/examples/config/accepted").glob("*.json"))
    assert examples
    for example in examples:
        body = json.loads(example.read_text(encoding="utf-8")) | {"revision": admin.read(PATH)["revision"]}
        answer = admin.send(PATH, body)
        assert answer.status_code == 200, answer.text
        kept = {name: value for name, value in answer.json().items() if name not in {"revision", "issued_at"}}
        assert kept == {name: value for name, value in body.items() if name not in {"revision", "issued_at"}}


def test_what_was_made_from_an_older_revision_is_refused(admin: Asker) -> None:
    first = admin.read(PATH)
    assert admin.send(PATH, first | {"pictures": True}).status_code == 200
    answer = admin.send(PATH, first | {"pictures": False})
    assert (answer.status_code, answer.json()["title"]) == (409, "Somebody else changed it")
    assert admin.read(PATH)["pictures"] is True


def test_without_a_revision_the_newest_is_followed(admin: Asker) -> None:
    for revision in (2, 3):
        assert admin.send(PATH, {"apps": []}).json()["revision"] == revision


@pytest.mark.parametrize(
    ("body", "parameter"),
    [
        ({}, "apps"),
        ({"apps": [{}]}, "package"),
        ({"apps": [], "pictures": "perhaps"}, "pictures"),
        ({"apps": [], "picture": True}, "picture"),
        ({"apps": [], "status_interval_s": 1}, "status_interval_s"),
        ({"apps": [], "auto_clear": {"mode": "sometimes"}}, "mode"),
        ({"apps": [{"package": ""}]}, "package"),
        ({"v": 2, "apps": []}, "v"),
    ],
)
def test_a_wrong_body_names_what_is_wrong_and_changes_nothing(
    admin: Asker, database: Database, body: dict[str, Any], parameter: str
) -> None:
    answer = admin.send(PATH, body)
    assert answer.status_code == 422
    assert parameter in [error["parameter"] for error in answer.json()["errors"]]
    newest = newest_config(database, Scope(), "salle-1")
    assert newest is not None
    assert newest.config.revision == 1


def test_a_text_that_no_reader_takes_is_refused(admin: Asker) -> None:
    answer = admin.send(PATH, {"apps": [{"package": "a\0b"}]})
    assert (answer.status_code, answer.json()["type"]) == (422, "/docs#wrong-parameter")


def test_a_device_that_is_not_there_is_404(admin: Asker) -> None:
    assert admin.send("/api/v1/devices/salle-9/config", {"apps": []}).status_code == 404
    assert admin.ask("/api/v1/devices/salle-9/config").status_code == 404


@pytest.mark.privacy
@pytest.mark.parametrize(
    ("scopes", "reads", "writes"),
    [
        ((TokenScope.READ_MENTIONS,), "read:private", "admin"),
        ((TokenScope.READ_PRIVATE,), "read:mentions", "admin"),
        ((TokenScope.READ_MENTIONS, TokenScope.READ_PRIVATE), None, "admin"),
        ((TokenScope.ADMIN,), None, None),
        ((TokenScope.DEVICE,), "read:mentions", "admin"),
    ],
)
def test_chats_are_named_to_those_who_may_read_private_words_and_changed_by_admins(
    api: ASGIApp, database: Database, scopes: tuple[TokenScope, ...], reads: str | None, writes: str | None
) -> None:
    tell_of_the_device(database)
    asker = Asker(api, make_token(database, *scopes))
    for answer, missing in ((asker.ask(PATH), reads), (asker.send(PATH, {"apps": []}), writes)):
        assert answer.status_code == (200 if missing is None else 403)
        assert missing is None or answer.json()["missing_scope"] == missing
