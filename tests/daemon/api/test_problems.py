"""Every error is a problem detail that says what to do next, and tells nothing of what was stored."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import pytest
import structlog
from starlette.types import ASGIApp

from tests.daemon.api.asking import Asker
from tests.daemon.api.story import HOST_NAMES, NOW, api_of, make_token
from veilleur.api.application import create_api
from veilleur.model.readiness import PartState, Readiness
from veilleur.model.scope import TokenScope
from veilleur.store.database import Database

SECRET_WORDS = "les mots de Solène"


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/api/v1/mentions?q=kind:banana", 400, "wrong-query"),
        ("/api/v1/mentions/" + "0" * 32, 404, "not-found"),
        ("/api/v1/notifications/77", 404, "not-found"),
        ("/api/v1/nothing", 404, "not-found"),
        ("/api/v1/mentions/", 404, "not-found"),
        ("/nothing", 404, "not-found"),
        ("/api/v1/mentions?limit=0", 422, "wrong-parameter"),
    ],
)
def test_each_kind_has_its_form(public_reader: Asker, path: str, status: int, kind: str) -> None:
    answer = public_reader.ask(path)

    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    said = answer.json()
    assert said["type"] == f"/docs#{kind}"
    assert said["status"] == status
    assert all(said[part] for part in ("title", "detail"))
    assert f'id="{kind}"' in public_reader.ask("/docs").text


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
def test_another_method_is_told_the_right_one(public_reader: Asker, method: str) -> None:
    answer = public_reader.ask("/api/v1/mentions", method)

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET"
    assert answer.json()["type"] == "/docs#method-not-allowed"


@pytest.mark.parametrize("path", ["/api/v1/mentions", "/api/v1/facets"])
def test_a_wrong_query_names_its_column_and_what_was_expected(public_reader: Asker, path: str) -> None:
    said = public_reader.ask(path, q="plastique since:gestern").json()

    assert (said["status"], said["column"]) == (400, 17)
    assert said["expected"].startswith("a time such as 7d")
    assert said["expected"] in said["detail"]


@pytest.mark.parametrize(
    ("path", "name", "said"),
    [
        ("/api/v1/mentions", "query", "it takes cursor, limit, order, public, q, zone"),
        ("/api/v1/mentions", "limits", "did you mean limit?"),
        ("/api/v1/devices", "sinc", "it takes public"),
        ("/api/v1/coverage", "Since", "did you mean since?"),
    ],
)
def test_a_parameter_that_is_none_is_refused_by_its_name(public_reader: Asker, path: str, name: str, said: str) -> None:
    """Broken line: nobody looked; `limits=5` was answered with 50 rows, `query=` with every mention."""
    answer = public_reader.ask(path, **{name: "1"})

    assert (answer.status_code, answer.json()["type"]) == (422, "/docs#wrong-parameter")
    [wrong] = answer.json()["errors"]
    assert wrong["parameter"] == name
    assert wrong["reason"].endswith(said)


def test_whoever_has_no_token_is_told_that_first(api: ASGIApp) -> None:
    assert Asker(api).ask("/api/v1/mentions?nothing=1").status_code == 401


def test_wrong_parameters_are_all_named(public_reader: Asker) -> None:
    said = public_reader.ask("/api/v1/mentions", limit=501, cursor="é", zone="Mars/Base").json()

    assert {one["parameter"] for one in said["errors"]} == {"limit", "cursor", "zone"}
    assert all(one["reason"] in said["detail"] for one in said["errors"])
    assert "Value error" not in said["detail"]


def failing() -> NoReturn:
    raise RuntimeError(SECRET_WORDS)


def test_a_failure_is_told_and_logged_by_kind_and_place_alone(database: Database) -> None:
    app = create_api(database, clock=lambda: NOW, readiness=failing, version="0.0.1", host_names=HOST_NAMES)

    with structlog.testing.capture_logs() as logged:
        answer = Asker(app).ask("/readyz")

    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.json()["type"] == "/docs#internal-error"
    assert SECRET_WORDS not in answer.text
    assert [(one["event"], one["error"], one["log_level"]) for one in logged] == [
        ("request failed", "RuntimeError", "error")
    ]
    assert logged[0]["place"].startswith("test_problems.py:")
    assert SECRET_WORDS not in str(logged)


@pytest.mark.fault
def test_a_database_that_cannot_be_reached_is_503_with_the_time_to_wait(database: Database) -> None:
    asker = Asker(api_of(database), make_token(database, TokenScope.READ_MENTIONS))
    take_away(database)

    answer = asker.ask("/api/v1/mentions")

    assert (answer.status_code, answer.json()["type"]) == (503, "/docs#store-busy")
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.fault
def test_a_damaged_database_is_503_without_a_time_to_wait(database: Database) -> None:
    asker = Asker(api_of(database), make_token(database, TokenScope.READ_MENTIONS))
    take_away(database).rmdir()
    path_of(database).write_bytes(b"these bytes are no database" * 100)

    answer = asker.ask("/api/v1/mentions")

    assert (answer.status_code, answer.json()["type"]) == (503, "/docs#store-unusable")
    assert "Retry-After" not in answer.headers


def path_of(database: Database) -> Path:
    assert database.path is not None
    return database.path


def take_away(database: Database) -> Path:
    """Put a folder where the database's file was."""
    database.close()
    path = path_of(database)
    path.unlink()
    path.mkdir()
    return path


def test_readiness_names_the_part_that_does_not_work(database: Database) -> None:
    parts = (PartState("database", is_ok=True), PartState("broker", is_ok=False, detail="refused the password"))
    asker = Asker(api_of(database, Readiness(is_ready=False, parts=parts)))

    answer = asker.ask("/readyz")

    assert answer.status_code == 503
    assert answer.json() == {
        "is_ready": False,
        "parts": [
            {"name": "database", "is_ok": True, "detail": None},
            {"name": "broker", "is_ok": False, "detail": "refused the password"},
        ],
    }
    assert asker.ask("/healthz").status_code == 200


def test_every_answer_carries_safe_headers(api: ASGIApp, public_reader: Asker) -> None:
    for asker in (Asker(api), public_reader):
        for path in ("/healthz", "/api/v1/mentions", "/nothing", "/docs", "/openapi.json"):
            headers = asker.ask(path).headers
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Referrer-Policy"] == "no-referrer"
            assert headers["Content-Security-Policy"].startswith("default-src 'none';")
