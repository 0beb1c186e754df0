"""What is made of who is connected: arrivals, taken client ids, and two programs on one account."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from veilleur.app.clients import ClientWatch
from veilleur.app.clock import utc_now
from veilleur.model.scope import Scope
from veilleur.store.alarms import open_alarms
from veilleur.store.database import Database
from veilleur.store.instants import to_ms
from veilleur.store.opening import open_database
from veilleur.store.pairing import set_password
from veilleur_bridge.broker.connections import BrokerConnection

SECOND = timedelta(seconds=1)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Give a database with two paired devices."""
    opened = open_database(f"sqlite:///{tmp_path / 'veilleur.db'}")
    for device in ("salon-1", "salon-2"):
        set_password(opened, Scope(), device, "hash", to_ms(utc_now()))
    yield opened
    opened.close()


def alarms(database: Database) -> list[tuple[str, str]]:
    return [(alarm.code.value, alarm.subject) for alarm in open_alarms(database)]


def connection(user: str, client_id: str, *, seconds_ago: float = 0) -> BrokerConnection:
    return BrokerConnection(user, client_id, utc_now() - seconds_ago * SECOND)


@pytest.mark.attack
@pytest.mark.parametrize("client_id", ["salon-2", "veilleur-main-123abc"])
def test_a_device_under_anothers_name_is_told(database: Database, client_id: str) -> None:
    ClientWatch(database)([connection("salon-1", client_id)])

    assert alarms(database) == [("client_id_taken", "salon-1")]


@pytest.mark.parametrize(
    ("user", "client_id"),
    [("salon-1", "salon-1"), ("salon-1", "mosq-abcdef"), ("_daemon", "veilleur-main-123abc"), ("_daemon", "salon-1")],
)
def test_a_name_that_is_nobody_elses_is_no_alarm(database: Database, user: str, client_id: str) -> None:
    ClientWatch(database)([connection(user, client_id)])

    assert alarms(database) == []


@pytest.mark.attack
def test_two_programs_on_one_account_are_told(database: Database) -> None:
    """Seen to catch a `_flapping` that yields nobody: two holders of one code ended each other unseen."""
    watch = ClientWatch(database)
    for seconds_ago in range(30, 0, -5):
        watch([connection("salon-1", "salon-1", seconds_ago=seconds_ago)])

    assert alarms(database) == [("client_id_taken", "salon-1")]
    assert "two programs use its account" in open_alarms(database)[0].detail


def test_a_lasting_connection_or_one_that_broke_off_twice_is_no_alarm(database: Database) -> None:
    watch = ClientWatch(database)
    lasting = connection("salon-1", "salon-1", seconds_ago=50)
    for seconds_ago in (40, 20, 1):
        watch([lasting, connection("salon-2", "salon-2", seconds_ago=seconds_ago)])
        watch([lasting])

    assert alarms(database) == []
