"""Of each device the newest status is kept, and a fresh spool ends the epochs before it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tests.daemon.store.arrivals import NOON_MS, arrival
from tests.daemon.store.reported import SENT_AT, gone, online, report
from veilleur.model.arrival import Fate
from veilleur.store.commit import commit_batch
from veilleur.store.database import Database
from veilleur.store.instants import to_ms
from veilleur.store.tables import device_statuses, epochs
from veilleur_bridge.wire.status import read_status, write_status

LATER_MS = NOON_MS + 60_000


def held(database: Database) -> dict[str, Any]:
    with database.reading() as connection:
        return dict(connection.execute(select(device_statuses)).mappings().one())


def closed(database: Database) -> dict[str, int | None]:
    with database.reading() as connection:
        return {row.epoch: row.closed_at for row in connection.execute(select(epochs))}


def test_a_status_makes_its_device_known_and_is_kept_as_it_came(database: Database) -> None:
    status = online("e1", first_seq=4, next_seq=9, spool_depth=5, config_revision=3, battery_percent=81)

    assert report(database, status) == {"salle-1"}

    row = held(database)
    assert read_status(bytes(row.pop("payload"))) == status
    del row["device_id"]
    assert row == {
        "epoch": "e1",
        "is_online": True,
        "received_at": NOON_MS,
        "online_at": NOON_MS,
        "sent_at": to_ms(SENT_AT),
        "first_seq": 4,
        "next_seq": 9,
        "spool_depth": 5,
        "config_revision": 3,
        "config_revision_at": NOON_MS,
    }


def test_since_when_a_device_goes_by_a_revision_is_kept_until_it_goes_by_another(database: Database) -> None:
    """Broken line: every status dated the revision anew; it reported 60,000 ms more after the second."""
    report(database, online("e1", config_revision=3))
    report(database, online("e1", config_revision=3), at_ms=LATER_MS)
    report(database, gone("e1"), at_ms=LATER_MS)
    assert held(database)["config_revision_at"] == NOON_MS
    report(database, online("e1", config_revision=4), at_ms=LATER_MS)
    assert held(database)["config_revision_at"] == LATER_MS


def test_a_will_changes_only_that_the_device_is_gone(database: Database) -> None:
    status = online("e1", next_seq=9)
    report(database, status)

    assert report(database, gone("e1"), at_ms=LATER_MS) == {"salle-1"}

    row = held(database)
    assert (row["is_online"], row["received_at"], row["online_at"], row["next_seq"]) == (False, LATER_MS, NOON_MS, 9)
    assert bytes(row["payload"]) == write_status(status)


def test_what_the_broker_had_kept_and_we_know_changes_nothing(database: Database) -> None:
    """Seen to catch a save that takes retained ones for news: each restart made every device seen just now."""
    report(database, online("e1"))
    assert report(database, online("e1"), is_retained=True, at_ms=LATER_MS) == frozenset()
    report(database, gone("e1"))
    assert report(database, gone("e1"), is_retained=True, at_ms=LATER_MS) == frozenset()

    assert held(database)["received_at"] == NOON_MS


def test_what_the_broker_had_kept_and_we_do_not_know_is_news(database: Database) -> None:
    report(database, online("e1", next_seq=2))

    assert report(database, online("e1", next_seq=3), is_retained=True, at_ms=LATER_MS) == {"salle-1"}

    assert (held(database)["next_seq"], held(database)["received_at"]) == (3, LATER_MS)


def test_another_devices_equal_status_is_its_own_news(database: Database) -> None:
    """Seen to catch comparing payloads of all devices together."""
    report(database, online("e1"), "salle-1")

    assert report(database, online("e1"), "salle-2", is_retained=True) == {"salle-2"}


def test_a_fresh_spool_ends_the_open_epochs_before_it_once(database: Database) -> None:
    commit_batch(database, [arrival(1), arrival(1, envelope_id="b", epoch="e2")], now_ms=NOON_MS)
    report(database, online("e1"))
    assert closed(database) == {"e1": None, "e2": NOON_MS}

    report(database, online("e3"), at_ms=LATER_MS)

    assert closed(database) == {"e1": LATER_MS, "e2": NOON_MS}


def test_a_status_of_an_ended_epoch_that_the_broker_had_kept_is_old_news(database: Database) -> None:
    commit_batch(database, [arrival(1)], now_ms=NOON_MS)
    report(database, online("e1"))
    report(database, online("e2"))

    assert report(database, online("e1", next_seq=2), is_retained=True) == frozenset()

    assert held(database)["epoch"] == "e2"


def test_a_device_that_speaks_of_an_ended_epoch_now_goes_on_in_it(database: Database) -> None:
    """Seen to catch ignoring it as old: a tablet whose folder was put back got no receipt any more."""
    commit_batch(database, [arrival(1)], now_ms=NOON_MS)
    report(database, online("e1"))
    report(database, online("e2"))
    commit_batch(database, [arrival(1, envelope_id="b", epoch="e2")], now_ms=NOON_MS)

    assert report(database, online("e1"), at_ms=LATER_MS) == {"salle-1"}

    assert held(database)["epoch"] == "e1"
    assert closed(database) == {"e1": None, "e2": LATER_MS}


def test_what_comes_late_of_an_ended_epoch_is_stored_all_the_same(database: Database) -> None:
    commit_batch(database, [arrival(1)], now_ms=NOON_MS)
    report(database, online("e2"))

    assert commit_batch(database, [arrival(2)], now_ms=NOON_MS) == Fate(parsed=1)
