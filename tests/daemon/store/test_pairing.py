"""Accounts by pairing code: good once and in time, for who comes with the new secret, and gone when revoked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from veilleur.model.scope import Scope
from veilleur.store.database import Database
from veilleur.store.devices import list_devices
from veilleur.store.instants import to_ms
from veilleur.store.pairing import (
    CODE_HOLDS,
    AccountState,
    BrokerAccounts,
    SeenConnection,
    account_of,
    note_connections,
    note_first_words,
    revoke_account,
    set_label,
    set_password,
)
from veilleur.store.tables import device_statuses, devices
from veilleur_bridge.registry import BrokerAccount

OWN = Scope(may_read_private=True)
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def issue(database: Database, device: str = "salon-1", *, at: datetime = NOW) -> None:
    set_password(database, Scope(), device, "$2b$hash", to_ms(at), expires_at=at + CODE_HOLDS)


def may_connect(database: Database, at: datetime) -> list[str]:
    accounts = BrokerAccounts(database, lambda: at).broker_accounts()
    return [account.device for account in accounts if isinstance(account, BrokerAccount)]


def state(database: Database, at: datetime = NOW, device: str = "salon-1") -> AccountState:
    account = account_of(database, OWN, device, at)
    assert account is not None
    return account.state


def test_an_unused_code_lets_a_device_in_for_ten_minutes_and_no_longer(database: Database) -> None:
    """Seen to catch a `broker_accounts` that does not look at `pairing_expires_at`: a lost code stayed good."""
    issue(database)
    last = NOW + CODE_HOLDS - SECOND

    assert may_connect(database, last) == ["salon-1"]
    assert state(database, last) is AccountState.AWAITED
    assert may_connect(database, NOW + CODE_HOLDS) == []
    assert state(database, NOW + CODE_HOLDS) is AccountState.VOID
    assert [device.is_paired for device in list_devices(database, OWN)] == [False]


def test_a_device_that_came_in_time_stays(database: Database) -> None:
    issue(database)

    assert note_connections(database, [SeenConnection("salon-1", NOW + SECOND)], now=NOW + SECOND) == ["salon-1"]
    assert may_connect(database, NOW + 9 * CODE_HOLDS) == ["salon-1"]
    assert state(database) is AccountState.PAIRED
    assert note_connections(database, [SeenConnection("salon-1", NOW + SECOND)], now=NOW + SECOND) == []


@pytest.mark.attack
def test_a_connection_older_than_the_code_is_not_the_device_that_scanned_it(database: Database) -> None:
    """Seen to catch a `note_connections` that takes any connection: the old tablet's used the new code up."""
    issue(database)

    assert note_connections(database, [SeenConnection("salon-1", NOW - SECOND)], now=NOW + SECOND) == []
    assert state(database) is AccountState.AWAITED


@pytest.mark.attack
def test_a_void_code_is_not_revived_by_whoever_comes_late(database: Database) -> None:
    issue(database)
    late = NOW + CODE_HOLDS + SECOND

    assert note_connections(database, [SeenConnection("salon-1", late)], now=late) == []
    assert state(database, late) is AccountState.VOID


def test_a_first_word_is_a_coming_too(database: Database) -> None:
    """The way of an external broker, which does not tell us who is connected."""
    for device in ("by-status", "by-word", "silent"):
        issue(database, device)
    with database.writing() as connection:
        by_word = devices.c.name == "by-word"
        connection.execute(devices.update().where(by_word).values(last_received_at=to_ms(NOW + SECOND)))
        connection.execute(devices.update().where(devices.c.name == "silent").values(last_received_at=to_ms(NOW) - 1))
        of_status = connection.execute(devices.select().where(devices.c.name == "by-status")).one()
        status = {"device_id": of_status.id, "epoch": "e", "is_online": True, "payload": b"{}"}
        times = {"received_at": to_ms(NOW + SECOND), "online_at": to_ms(NOW + SECOND)}
        connection.execute(device_statuses.insert().values(status | times))

    assert sorted(note_first_words(database, now=NOW + 2 * SECOND)) == ["by-status", "by-word"]


def test_a_new_code_ends_the_old_account_and_must_be_used_itself(database: Database) -> None:
    issue(database)
    note_connections(database, [SeenConnection("salon-1", NOW)], now=NOW)
    later = NOW + timedelta(days=1)

    set_password(database, Scope(), "salon-1", "$2b$another", to_ms(later), expires_at=later + CODE_HOLDS)

    assert state(database, later) is AccountState.AWAITED
    assert may_connect(database, later + CODE_HOLDS) == []


def test_a_revoked_device_is_out_and_a_second_time_there_is_nothing_to_revoke(database: Database) -> None:
    issue(database)

    assert revoke_account(database, OWN, "salon-1", now=NOW)
    assert not revoke_account(database, OWN, "salon-1", now=NOW)
    assert may_connect(database, NOW) == []
    assert state(database) is AccountState.REVOKED


@pytest.mark.privacy
def test_another_project_s_devices_cannot_be_seen_named_or_revoked(database: Database) -> None:
    issue(database)
    other = Scope("other", may_read_private=True)

    assert account_of(database, other, "salon-1", NOW) is None
    assert not revoke_account(database, other, "salon-1", now=NOW)
    assert not set_label(database, other, "salon-1", "Mine")


def test_a_label_is_for_people_and_can_be_taken_away(database: Database) -> None:
    issue(database)

    assert set_label(database, OWN, "salon-1", "Tablette du salon")
    assert [device.label for device in list_devices(database, OWN)] == ["Tablette du salon"]
    assert set_label(database, OWN, "salon-1", None)
    assert [device.label for device in list_devices(database, OWN)] == [None]
    assert not set_label(database, OWN, "unknown", "x")
