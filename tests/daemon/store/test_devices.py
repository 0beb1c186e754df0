"""Devices: heard of, paired, counted for whoever asks, and handed to the broker."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from tests.daemon.store.arrivals import NOON_MS, arrival, dead, sighting
from veilleur.model.arrival import Arrival, DeadArrival
from veilleur.model.kinds import OutcomeKind, Visibility
from veilleur.model.listing import Device
from veilleur.model.scope import Scope
from veilleur.store.commit import commit_batch
from veilleur.store.database import Database
from veilleur.store.devices import list_devices
from veilleur.store.pairing import BrokerAccounts, set_password
from veilleur.store.tables import devices
from veilleur_bridge.registry import BrokerAccount

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
EVERYONE = Scope(may_read_private=True)


@pytest.fixture
def heard(database: Database) -> Database:
    """Give a store that heard from one device: two public records, a private one, an ignored one, a dead one."""
    batch: list[Arrival | DeadArrival] = [
        arrival(1, sighting("froid")),
        arrival(2, sighting("encore", at_ms=NOON_MS + 1)),
        arrival(3, sighting("secret", visibility=Visibility.PRIVATE)),
        arrival(4, outcome=OutcomeKind.IGNORED),
        dead(b"{torn", seq=5),
    ]
    commit_batch(database, batch, now_ms=NOON_MS)
    return database


def test_a_device_only_heard_of_is_listed_unpaired(heard: Database) -> None:
    [device] = list_devices(heard, EVERYONE)
    assert device == Device(
        name="salle-1",
        project="default",
        is_paired=False,
        first_seen_at=NOON,
        last_received_at=NOON + MINUTE,
        notification_count=4,
    )


@pytest.mark.privacy
def test_a_reader_without_the_right_is_told_of_public_records_alone(heard: Database) -> None:
    assert [one.notification_count for one in list_devices(heard, Scope())] == [2]
    assert list_devices(heard, Scope("other", may_read_private=True)) == ()


@pytest.mark.privacy
def test_when_something_private_came_is_not_told_to_a_reader_without_the_right(heard: Database) -> None:
    """Broken line: the device's own `last_received_at` for every reader; then it moved with what is private."""
    later = replace(arrival(6, sighting("tu", visibility=Visibility.PRIVATE)), received_at_ms=NOON_MS + 3_600_000)
    commit_batch(heard, [later], now_ms=NOON_MS)

    told = [list_devices(heard, scope)[0].last_received_at for scope in (Scope(), EVERYONE)]
    assert told == [NOON + MINUTE, NOON + timedelta(hours=1)]


def test_a_password_pairs_a_device_heard_of_or_not(heard: Database) -> None:
    set_password(heard, Scope(), "salle-1", "hash 1", NOON_MS + 1)
    set_password(heard, Scope(), "cuisine", "hash 2", NOON_MS + 60_000)
    listed = {one.name: (one.is_paired, one.first_seen_at) for one in list_devices(heard, EVERYONE)}
    assert listed == {"cuisine": (True, NOON + MINUTE), "salle-1": (True, NOON)}
    assert [one.name for one in list_devices(heard, EVERYONE)] == ["cuisine", "salle-1"]


def test_the_broker_is_given_paired_devices_alone_each_with_its_last_password(heard: Database) -> None:
    for name, password in (("bar", "old"), ("bar", "new"), ("accueil", "hash")):
        set_password(heard, Scope(), name, password, NOON_MS)
    accounts = [BrokerAccount("accueil", "hash"), BrokerAccount("bar", "new")]
    assert list(BrokerAccounts(heard, lambda: NOON).broker_accounts()) == accounts


def test_a_revoked_device_is_out_until_it_is_paired_again(heard: Database) -> None:
    set_password(heard, Scope(), "salle-1", "hash", NOON_MS)
    with heard.writing() as connection:
        connection.execute(devices.update().values(revoked_at=NOON_MS))
    assert list(BrokerAccounts(heard, lambda: NOON).broker_accounts()) == []
    assert [one.is_paired for one in list_devices(heard, EVERYONE)] == [False]
    set_password(heard, Scope(), "salle-1", "another", NOON_MS)
    assert [one.is_paired for one in list_devices(heard, EVERYONE)] == [True]


def test_a_late_copy_does_not_turn_the_last_reception_back(heard: Database) -> None:
    earlier = replace(arrival(6), received_at_ms=NOON_MS - 3_600_000)
    commit_batch(heard, [earlier], now_ms=NOON_MS)
    assert [one.last_received_at for one in list_devices(heard, EVERYONE)] == [NOON + MINUTE]
