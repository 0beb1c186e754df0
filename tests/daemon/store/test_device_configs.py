"""Configurations: a revision for each change, none written over another, the newest handed to the device."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.daemon.store.device_rows import NOON, make_device, online, tell_status
from veilleur.model.device_config import first_config
from veilleur.model.errors import ConfigError
from veilleur.model.scope import Scope
from veilleur.store.database import Database
from veilleur.store.device_configs import config_before, give_first_config, newest_config, newest_payloads, save_config
from veilleur.store.tables import devices
from veilleur.store.watching import last_look, note_look, watched_devices
from veilleur_bridge.wire.config import DeviceConfig, read_config

MINE = Scope()
NOTHING = DeviceConfig(revision=0, apps=())


def save(database: Database, config: DeviceConfig = NOTHING, device: str = "salle-1") -> DeviceConfig | None:
    stored = save_config(database, MINE, device, config, now=NOON)
    return None if stored is None else stored.config


def test_each_change_is_the_next_revision_and_the_one_before_is_kept(database: Database) -> None:
    make_device(database)
    assert newest_config(database, MINE, "salle-1") is None
    first = save(database)
    assert first == DeviceConfig(revision=1, apps=(), issued_at=NOON)
    second = save(database, replace(first, pictures=True))
    newest, before = newest_config(database, MINE, "salle-1"), config_before(database, MINE, "salle-1")
    assert newest is not None
    assert before is not None
    assert (newest.config, before.config, newest.created_at) == (second, first, NOON)
    assert newest.config.revision == 2


def test_a_change_made_from_an_older_revision_is_refused_and_names_both(database: Database) -> None:
    make_device(database)
    save(database)
    with pytest.raises(ConfigError, match="revision 1 came between, this was made from 0"):
        save(database)


def test_the_first_one_is_given_once(database: Database) -> None:
    device_id = make_device(database)
    give_first_config(database, device_id, first_config("companion"), now=NOON)
    give_first_config(database, device_id, first_config("feed"), now=NOON)
    newest = newest_config(database, MINE, "salle-1")
    assert newest is not None
    assert newest.config == replace(first_config(None), issued_at=NOON)


def test_a_new_database_asks_above_what_the_device_goes_by(database: Database) -> None:
    """A device takes no lower revision: with one of its own database's counting the change would never be in force."""
    tell_status(database, make_device(database), online(config_revision=6))
    first = save(database)
    assert first is not None
    assert first.revision == 7
    second = save(database, first)
    assert second is not None
    assert second.revision == 8


def test_a_feed_device_is_first_asked_for_its_feeds() -> None:
    assert [app.package for app in first_config("feed").apps] == ["feed"]


def test_devices_are_handed_the_newest_as_the_wire_has_it_and_revoked_ones_nothing(database: Database) -> None:
    for name in ("salle-1", "salle-2", "salle-3"):
        make_device(database, name)
    save(database)
    save(database, replace(NOTHING, revision=1, pictures=True))
    save(database, device="salle-2")
    with database.writing() as connection:
        connection.execute(update(devices).where(devices.c.name == "salle-2").values(revoked_at=1))
    (payload,) = newest_payloads(database)
    assert (payload.device, payload.revision) == ("salle-1", 2)
    assert read_config(payload.payload) == DeviceConfig(revision=2, apps=(), issued_at=NOON, pictures=True)


def test_a_device_of_another_project_or_none_is_not_there(database: Database) -> None:
    make_device(database)
    assert save_config(database, Scope("other"), "salle-1", NOTHING, now=NOON) is None
    assert save(database, device="salle-9") is None
    save(database)
    assert newest_config(database, Scope("other"), "salle-1") is None


def test_a_device_is_watched_with_its_newest_status_config_and_watermark(database: Database) -> None:
    device_id = make_device(database)
    make_device(database, "salle-2")
    save(database)
    save(database, replace(NOTHING, revision=1))
    tell_status(database, device_id, online(next_seq=7))
    first, second = watched_devices(database)
    assert first.state is not None
    assert first.config is not None
    assert (first.state.status.next_seq, first.state.online_at, first.config.revision) == (7, NOON, 2)
    assert (second.name, second.state, second.config) == ("salle-2", None, None)


def test_when_somebody_last_looked_is_kept_to_the_minute(database: Database) -> None:
    assert last_look(database) is None
    note_look(database, NOON)
    note_look(database, NOON + timedelta(seconds=59))
    assert last_look(database) == NOON
    note_look(database, NOON + timedelta(seconds=60))
    assert last_look(database) == NOON + timedelta(seconds=60)
