"""Campaigns over HTTP: who may change them, and what is told of conversations."""

from __future__ import annotations

import pytest
from starlette.types import ASGIApp

from tests.daemon.api.asking import Asker
from tests.daemon.api.story import api_of, make_token
from veilleur.model.scope import TokenScope
from veilleur.store.database import Database

BRUNCH = {"kind": "qr", "openings": ["Bonjour, je voudrais en savoir plus sur votre brunch"]}
PATH = "/api/v1/campaigns/brunch"


def test_a_campaign_is_made_renamed_and_removed_by_an_admin_alone(
    api: ASGIApp, database: Database, private_reader: Asker
) -> None:
    admin = Asker(api, make_token(database, TokenScope.READ_MENTIONS, TokenScope.ADMIN))
    assert private_reader.send(PATH, BRUNCH).status_code == 403
    assert private_reader.ask(PATH, "DELETE").status_code == 403
    made = admin.send(PATH, BRUNCH).json()
    assert (made["name"], made["kind"], made["openings"]) == ("brunch", "qr", BRUNCH["openings"])
    assert private_reader.read("/api/v1/campaigns")["campaigns"] == [made]
    assert admin.send(PATH, BRUNCH | {"name": "brunch-2026"}).json()["name"] == "brunch-2026"
    assert admin.send(PATH, BRUNCH).is_success
    before = private_reader.read("/api/v1/campaigns")
    taken = {"kind": "ad", "openings": ["Autre"], "name": "brunch-2026"}
    assert admin.send(PATH, taken).status_code == 409
    assert admin.send("/api/v1/campaigns/new", taken).status_code == 409
    assert private_reader.read("/api/v1/campaigns") == before
    assert admin.ask(PATH, "DELETE").is_success
    assert admin.ask(PATH, "DELETE").status_code == 404
    assert admin.ask(PATH).status_code == 404


def test_a_campaign_without_openings_is_refused(api: ASGIApp, database: Database) -> None:
    admin = Asker(api, make_token(database, TokenScope.READ_MENTIONS, TokenScope.ADMIN))
    assert admin.send(PATH, {"kind": "ad", "openings": []}).status_code == 422
    assert admin.send(PATH, {"kind": "poster", "openings": ["x"]}).status_code == 422


@pytest.mark.attack
@pytest.mark.parametrize("body", [b"\xff", b"{", b"[" * 100_000, b""])
def test_a_body_that_cannot_be_read_is_a_wrong_parameter(api: ASGIApp, database: Database, body: bytes) -> None:
    """Schemathesis found it: bytes that are no UTF-8 were answered with 400, which is described nowhere."""
    admin = Asker(api, make_token(database, TokenScope.ADMIN))
    refused = admin.send(PATH, body)
    assert (refused.status_code, refused.json()["errors"] != []) == (422, True)


@pytest.mark.attack
def test_a_text_that_the_database_cannot_hold_is_no_failure_of_the_server(either_database: Database) -> None:
    admin = Asker(api_of(either_database), make_token(either_database, TokenScope.ADMIN))
    sent = admin.send(PATH, {"kind": "ad", "openings": ["a\0b"]})
    assert sent.status_code in {200, 422}


def test_openings_of_private_messages_are_proposed_to_nobody_who_may_not_read_them(public_reader: Asker) -> None:
    assert public_reader.read("/api/v1/campaign-proposals", at_least=2) == {"proposals": []}
