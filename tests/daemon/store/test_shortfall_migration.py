"""A store of before has its hidden words counted, and its tokens told apart."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from veilleur.store import migrate
from veilleur.store.database import Database
from veilleur.store.migrate import upgrade

_NOTIFICATION = (
    "INSERT INTO notifications (id, project_id, device_id, envelope_id, package, event, captured_at, received_at, "
    "sha256, payload, changed) VALUES (:id, 'default', 1, :envelope, 'a', 'posted', :captured, 1800000000000, :sha, "
    ":payload, :changed)"
)
_OUTCOME = (
    "INSERT INTO outcomes (notification_id, outcome, reason, parser, parser_version, is_public) "
    "VALUES (:id, :outcome, :reason, 'p', 1, :public)"
)
_TOKEN = (
    "INSERT INTO tokens (id, project_id, name, secret_hash, scopes, created_at, revoked_at) "
    "VALUES (:id, 'default', :name, :hash, '', :created, :revoked)"
)
# payload, what the screen changed, outcome, reason, captured at
_STORED: tuple[tuple[bytes, str | None, str, str | None, int], ...] = (
    (b'{"notification":{}}', None, "parsed", None, 1_700_000_000_000),
    (b'{"redacted":["otp"]}', None, "parsed", None, 1_700_000_000_001),
    (b'{"redacted": ["sensitive"]}', None, "ignored", "other", 1_700_000_000_002),
    (b"{}", "nul:notification.text", "parsed", None, 1_700_000_000_003),
    (b"{}", "nul:notification.text card:notification.title", "parsed", None, 5),
    (b"{}", None, "ignored", "redacted", 1_700_000_000_006),
    (b'{"notification":{"text":"say \\"redacted\\":[\\"x\\"]"}}', None, "parsed", None, 1_700_000_000_004),
)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'veilleur.db'}"
    found: str = request.getfixturevalue("postgres_url")
    return found


def older(url: str, folder: Path) -> Database:
    """Make a database as it was before."""
    shipped = shutil.copytree(migrate.MIGRATIONS, folder / "migrations")
    for file in shipped.glob("versions/v*.py"):
        if file.name >= "v0015":
            file.unlink()
    database = Database(url)
    upgrade(database, shipped)
    return database


def run(database: Database, statement: str, *rows: dict[str, Any]) -> None:
    with database.writing() as connection:
        connection.execute(text(statement), list(rows)) if rows else connection.execute(text(statement))


def found(database: Database, query: str) -> list[tuple[Any, ...]]:
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_hidden_words_of_before_are_counted(url: str, tmp_path: Path) -> None:
    with closing(older(url, tmp_path)) as database:
        run(database, "INSERT INTO devices (id, name, project_id, first_seen_at) VALUES (1, 'd', 'default', 0)")
        for number, (payload, changed, outcome, reason, captured_at) in enumerate(_STORED, 1):
            about = {"id": number, "envelope": str(number), "captured": captured_at, "sha": bytes(32)}
            run(database, _NOTIFICATION, about | {"payload": payload, "changed": changed})
            run(database, _OUTCOME, {"id": number, "outcome": outcome, "reason": reason, "public": False})
        upgrade(database)
        noted = found(database, "SELECT notification_id, seen_at FROM redacted_notifications ORDER BY 1")
        assert noted == [(2, 1_700_000_000_001), (3, 1_700_000_000_002), (5, 1_800_000_000_000), (6, 1_700_000_000_006)]


def test_of_valid_tokens_with_one_name_the_later_made_get_another(url: str, tmp_path: Path) -> None:
    with closing(older(url, tmp_path)) as database:
        for token_id, name, created, revoked in (
            ("a1", "press", 1, 2),
            ("b2", "press", 2, None),
            ("c3", "press", 3, None),
            ("d4", "press", 3, None),
            ("e5", "wall", 4, None),
        ):
            values = {"id": token_id, "name": name, "created": created, "revoked": revoked}
            run(database, _TOKEN, values | {"hash": token_id.encode() * 16})
        upgrade(database)
        assert found(database, "SELECT id, name FROM tokens ORDER BY id") == [
            ("a1", "press"),
            ("b2", "press"),
            ("c3", "press (c3)"),
            ("d4", "press (d4)"),
            ("e5", "wall"),
        ]
