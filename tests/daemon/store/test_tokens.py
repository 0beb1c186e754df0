"""Bearer tokens: the secret is shown once and kept nowhere, and stops working at its hour or when revoked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import insert, select

from tests.daemon.store.arrivals import NOON_MS
from veilleur.model.errors import NameTaken
from veilleur.model.listing import Token
from veilleur.model.scope import Scope, TokenScope
from veilleur.store.database import Database
from veilleur.store.tables import projects, tokens
from veilleur.store.tokens import authenticate, create_token, has_tokens, list_tokens, revoke_token

NOW = datetime(2026, 11, 13, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINE = Scope()
BOTH = (TokenScope.READ_PRIVATE, TokenScope.READ_MENTIONS)


def make(
    database: Database, name: str = "press", *, now: datetime = NOW, lifetime: timedelta | None = None
) -> tuple[Token, str]:
    expires_at = None if lifetime is None else now + lifetime
    return create_token(database, MINE, name, BOTH, now=now, expires_at=expires_at)


def test_a_token_opens_what_it_was_made_for(database: Database) -> None:
    made, secret = make(database, lifetime=HOUR)
    assert authenticate(database, secret, now=NOW) == made
    assert made.scopes == (TokenScope.READ_MENTIONS, TokenScope.READ_PRIVATE)
    assert (made.created_at, made.expires_at, made.revoked_at) == (NOW, NOW + HOUR, None)


@pytest.mark.privacy
def test_the_secret_is_kept_nowhere(database: Database) -> None:
    _, secret = make(database)
    with database.reading() as connection:
        row = connection.execute(select(tokens)).one()
    assert bytes(row.secret_hash) == sha256(secret.encode()).digest()
    assert [value for value in row if secret.removeprefix("veil_") in str(value)] == []


def test_a_secret_is_long_random_and_known_by_its_prefix(database: Database) -> None:
    """The prefix lets people and scanners tell a token of ours that leaked."""
    secrets = {make(database, name)[1] for name in "abc"}
    assert len(secrets) == 3
    assert {(secret[:5], len(secret)) for secret in secrets} == {("veil_", 48)}


@pytest.mark.parametrize("spoilt", ["", "veil_", "x", "veil_\ud83d", "VEIL_"])
def test_any_other_secret_opens_nothing(database: Database, spoilt: str) -> None:
    _, secret = make(database)
    assert authenticate(database, spoilt, now=NOW) is None
    assert authenticate(database, secret[:-1], now=NOW) is None
    assert authenticate(database, secret + " ", now=NOW) is None


def test_a_token_ends_at_its_hour(database: Database) -> None:
    _, secret = make(database, lifetime=HOUR)
    assert authenticate(database, secret, now=NOW + HOUR - timedelta(milliseconds=1)) is not None
    assert authenticate(database, secret, now=NOW + HOUR) is None


def test_a_revoked_token_ends_at_once_and_stays_listed(database: Database) -> None:
    made, secret = make(database)
    other = make(database, "other", now=NOW + HOUR)[0]
    assert revoke_token(database, MINE, made.id, now=NOW + HOUR)
    assert authenticate(database, secret, now=NOW + HOUR) is None
    assert [(one.id, one.revoked_at) for one in list_tokens(database, MINE)] == [
        (made.id, NOW + HOUR),
        (other.id, None),
    ]


def test_revoking_again_or_what_is_not_there_says_so(database: Database) -> None:
    made, _ = make(database)
    assert revoke_token(database, MINE, made.id, now=NOW)
    assert not revoke_token(database, MINE, made.id, now=NOW + HOUR)
    assert not revoke_token(database, MINE, "ffffffff", now=NOW)
    assert list_tokens(database, MINE)[0].revoked_at == NOW


def test_another_project_neither_sees_nor_revokes(database: Database) -> None:
    made, secret = make(database)
    with database.writing() as connection:
        connection.execute(insert(projects).values(id="other", name="other", created_at=NOON_MS))
    theirs = create_token(database, Scope("other"), "theirs", (), now=NOW)[0]
    assert (theirs.project, theirs.scopes) == ("other", ())
    assert not revoke_token(database, Scope("other"), made.id, now=NOW)
    assert [one.id for one in list_tokens(database, Scope("other"))] == [theirs.id]
    assert authenticate(database, secret, now=NOW) == made
    with database.writing() as connection:
        connection.execute(tokens.delete())
        connection.execute(projects.delete().where(projects.c.id == "other"))


def test_whether_a_token_was_ever_made(database: Database) -> None:
    assert not has_tokens(database)
    made, _ = make(database)
    revoke_token(database, MINE, made.id, now=NOW)
    assert has_tokens(database)


def test_two_valid_tokens_do_not_share_a_name(database: Database) -> None:
    first, _ = make(database)
    with pytest.raises(NameTaken, match="another token is named press: give this one another name, or revoke"):
        make(database)
    add_project(database, "other")
    create_token(database, Scope("other"), "press", BOTH, now=NOW)
    revoke_token(database, MINE, first.id, now=NOW)
    make(database)
    assert [token.revoked_at for token in list_tokens(database, MINE)].count(None) == 1


def test_the_name_of_an_expired_token_may_be_given_again(database: Database) -> None:
    make(database, lifetime=HOUR)
    again, secret = make(database, now=NOW + HOUR)
    assert authenticate(database, secret, now=NOW + HOUR) == again


def add_project(database: Database, project: str) -> None:
    with database.writing() as connection:
        connection.execute(insert(projects).values(id=project, name=project, created_at=0))
