"""A pairing code waits sealed, is shown once, and nothing in the database opens it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from veilleur.store.database import Database
from veilleur.store.pairing_pages import PairingPage, keep_page, page_state, show_page
from veilleur.store.tables import pairing_pages

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TEN_MINUTES = timedelta(minutes=10)
CODE = "veilleur:the-secret-of-salon-1"


def kept(database: Database, device: str = "salon-1") -> str:
    return keep_page(database, device, CODE, now=NOW, expires_at=NOW + TEN_MINUTES)


def test_a_code_is_shown_once(database: Database) -> None:
    """Seen to catch a `_look` that leaves the sealed code where it was: the second look showed it again."""
    token = kept(database)

    assert page_state(database, token, now=NOW) == PairingPage("salon-1", None, is_connected=False, is_over=False)
    assert show_page(database, token, now=NOW) == PairingPage("salon-1", CODE, is_connected=False, is_over=False)
    assert show_page(database, token, now=NOW) == PairingPage("salon-1", None, is_connected=False, is_over=False)


def test_a_code_is_not_shown_after_its_time(database: Database) -> None:
    token = kept(database)

    assert show_page(database, token, now=NOW + TEN_MINUTES) == PairingPage(
        "salon-1", None, is_connected=False, is_over=True
    )


@pytest.mark.attack
@pytest.mark.parametrize("token", ["", "x", "\ud800", "a" * 10_000])
def test_an_address_that_was_never_given_out_shows_nothing(database: Database, token: str) -> None:
    kept(database)

    assert show_page(database, token, now=NOW) is None


@pytest.mark.privacy
def test_whoever_reads_the_database_reads_neither_code_nor_address(database: Database) -> None:
    """Seen to catch a `keep_page` that stores the code as it is."""
    token = kept(database)

    with database.reading() as connection:
        (row,) = connection.execute(pairing_pages.select()).all()
    stored = b"".join(bytes(value) for value in row if isinstance(value, bytes))
    assert b"secret-of-salon" not in stored
    assert token.encode() not in stored


def test_a_new_code_takes_the_place_of_the_device_s_last_one_and_old_ones_go(database: Database) -> None:
    first, other = kept(database), kept(database, "salon-2")
    second = kept(database)

    assert show_page(database, first, now=NOW) is None
    assert show_page(database, second, now=NOW) is not None
    keep_page(database, "salon-3", CODE, now=NOW + TEN_MINUTES, expires_at=NOW + 2 * TEN_MINUTES)
    assert show_page(database, other, now=NOW) is None
