"""`veilleur token`: the secret is shown once, and a revoked one opens nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.daemon.cli.conftest import Ran, Run
from veilleur.model.listing import Token
from veilleur.store.opening import open_database
from veilleur.store.tokens import authenticate


def read_token(data_dir: Path, secret: str, at: datetime | None = None) -> Token | None:
    """Return what the API would make of a secret."""
    database = open_database(f"sqlite:///{data_dir / 'veilleur.db'}")
    try:
        return authenticate(database, secret, now=at or datetime.now(UTC))
    finally:
        database.close()


def listed(run: Run) -> list[dict[str, object]]:
    tokens: list[dict[str, object]] = json.loads(run("token", "list", "--format", "json").out)["tokens"]
    return tokens


def test_the_secret_alone_goes_to_standard_output_and_opens_what_was_asked(run: Run, data_dir: Path) -> None:
    ran = run("token", "create", "support", "--scope", "read:mentions", "--scope", "read:private", "--expires", "90d")

    token = read_token(data_dir, ran.out.removesuffix("\n"))
    assert token is not None
    assert (token.name, token.scopes) == ("support", ("read:mentions", "read:private"))
    assert token.expires_at is not None
    assert timedelta(days=89) < token.expires_at - datetime.now(UTC) < timedelta(days=90, minutes=1)
    assert read_token(data_dir, ran.out.strip(), at=token.expires_at) is None
    assert token.id in ran.err
    assert ran.out.strip() not in ran.err


def test_a_token_reads_mentions_alone_unless_more_is_asked(run: Run, data_dir: Path) -> None:
    token = read_token(data_dir, run("token", "create", "plain").out.strip())

    assert token is not None
    assert (token.scopes, token.expires_at) == (("read:mentions",), None)


@pytest.mark.parametrize("when", ["soon", "2020-01-01", "0d", "9999999d", "-1d", ""])
def test_an_expiry_that_is_none_makes_no_token(run: Run, when: str) -> None:
    ran = run("token", "create", "x", f"--expires={when}")

    assert (ran.code, ran.out) == (2, "")
    assert listed(run) == []


def test_the_list_shows_every_token_and_no_secret(run: Run) -> None:
    secret = run("token", "create", "a\x1b[31m").out.strip()

    table = run("token", "list").out

    assert r"a\x1b[31m" in table
    assert "valid" in table
    assert secret not in table + run("token", "list", "--format", "jsonl").out


def revoke(run: Run, *options: str) -> tuple[Ran, str]:
    [token] = listed(run)
    return run("token", "revoke", str(token["id"]), *options), str(token["id"])


def test_a_list_of_what_no_tablet_hears_tells_of_nothing_missed(run: Run) -> None:
    """Seen to catch a JSON object that says "completeness: not known" beside tokens."""
    assert json.loads(run("token", "list", "--format", "json").out) == {"tokens": []}


def test_a_revoked_token_opens_nothing(run: Run, data_dir: Path) -> None:
    secret = run("token", "create", "gone").out.strip()

    ran, token_id = revoke(run, "--yes")

    assert ran.code == 0
    assert read_token(data_dir, secret) is None
    assert "revoked" in run("token", "list").out
    again = run("token", "revoke", token_id, "--yes")
    assert again.code == 2
    assert "veilleur token list" in again.err


def test_where_nobody_can_be_asked_nothing_is_revoked_without_yes(run: Run, data_dir: Path) -> None:
    secret = run("token", "create", "kept").out.strip()

    ran, _ = revoke(run)

    assert ran.code == 1
    assert "--yes" in ran.err
    assert read_token(data_dir, secret) is not None
