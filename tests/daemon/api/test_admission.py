"""Who gets in: the whole matrix of tokens, and what each is told."""

from __future__ import annotations

from base64 import b64encode
from datetime import timedelta

import pytest
from starlette.types import ASGIApp

from tests.daemon.api.asking import Asker
from tests.daemon.api.story import NOW, make_token
from veilleur.model.scope import Scope, TokenScope
from veilleur.store.database import Database
from veilleur.store.tokens import list_tokens, revoke_token

PROTECTED = [
    "/api/v1/mentions",
    "/api/v1/facets",
    "/api/v1/timeline",
    "/api/v1/notifications",
    "/api/v1/notifications/1",
    "/api/v1/quarantine",
    "/api/v1/dead-letters",
    "/api/v1/parse-rates",
    "/api/v1/devices",
    "/api/v1/devices/salle-1",
    "/api/v1/coverage",
    "/api/v1/alarms",
]
HOW_TO = "veilleur token create NAME --scope read:mentions"


def basic(user: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(f"{user}:{password}".encode()).decode()}


@pytest.mark.parametrize("path", PROTECTED)
def test_without_a_token_every_path_says_how_to_make_one(api: ASGIApp, path: str) -> None:
    answer = Asker(api).ask(path)

    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="veilleur", Basic ')
    assert HOW_TO in answer.json()["detail"]


@pytest.mark.parametrize(
    "authorization",
    [
        "Bearer veil_wrong",
        "Bearer ",
        "Bearer",
        "Basic !!!",
        "Basic é",
        "Basic " + b64encode(b"no colon").decode(),
        "Digest username=x",
        "veil_naked",
        "\x7f",
    ],
)
def test_a_wrong_authorization_is_401(api: ASGIApp, authorization: str) -> None:
    answer = Asker(api, headers={"Authorization": authorization}).ask("/api/v1/mentions")

    assert answer.status_code == 401
    assert HOW_TO in answer.json()["detail"]


def test_a_wrong_token_is_told_before_a_wrong_parameter(api: ASGIApp) -> None:
    assert Asker(api, "veil_wrong").ask("/api/v1/mentions", limit=-1).status_code == 401
    assert Asker(api, "veil_wrong").ask("/api/v1/mentions", q="kind:x").status_code == 401
    assert Asker(api, "veil_wrong").ask("/api/v1/timeline", public="maybe").status_code == 401


@pytest.mark.parametrize("user", ["", "veilleur", "Hélène", "a b"])
def test_a_token_is_taken_as_the_password_of_basic(api: ASGIApp, database: Database, user: str) -> None:
    secret = make_token(database, TokenScope.READ_MENTIONS)

    assert Asker(api, headers=basic(user, secret)).ask("/api/v1/mentions").status_code == 200


def test_a_token_is_not_taken_as_the_user_name_of_basic(api: ASGIApp, database: Database) -> None:
    secret = make_token(database, TokenScope.READ_MENTIONS)

    assert Asker(api, headers=basic(secret, "")).ask("/api/v1/mentions").status_code == 401


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer"])
def test_the_scheme_is_read_without_regard_to_case(api: ASGIApp, database: Database, scheme: str) -> None:
    secret = make_token(database, TokenScope.READ_MENTIONS)

    assert Asker(api, headers={"Authorization": f"{scheme} {secret}"}).ask("/api/v1/mentions").status_code == 200


def test_a_revoked_token_is_refused_from_the_next_request_on(api: ASGIApp, database: Database) -> None:
    asker = Asker(api, make_token(database, TokenScope.READ_MENTIONS))
    assert asker.ask("/api/v1/mentions").status_code == 200

    revoke_token(database, Scope(), list_tokens(database, Scope())[-1].id, now=NOW)

    assert asker.ask("/api/v1/mentions").status_code == 401


@pytest.mark.parametrize(("seconds", "status"), [(-1, 401), (0, 401), (1, 200)])
def test_a_token_holds_until_it_expires(api: ASGIApp, database: Database, seconds: int, status: int) -> None:
    secret = make_token(database, TokenScope.READ_MENTIONS, lifetime=timedelta(seconds=seconds))

    assert Asker(api, secret).ask("/api/v1/mentions").status_code == status


@pytest.mark.parametrize("path", PROTECTED)
@pytest.mark.parametrize("scopes", [(), (TokenScope.READ_PRIVATE,), (TokenScope.DEVICE,), (TokenScope.ADMIN,)])
def test_a_token_with_other_scopes_is_told_the_missing_one(
    api: ASGIApp, database: Database, scopes: tuple[TokenScope, ...], path: str
) -> None:
    answer = Asker(api, make_token(database, *scopes)).ask(path)

    assert answer.status_code == 403
    assert answer.json()["missing_scope"] == "read:mentions"
    assert "read:mentions" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/openapi.json", "/docs"])
def test_what_tells_about_the_daemon_needs_no_token(api: ASGIApp, path: str) -> None:
    assert Asker(api).ask(path).status_code == 200
