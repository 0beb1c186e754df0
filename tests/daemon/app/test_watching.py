"""The Watchman over a real database: one of several looks, stalls are told, who could not be heard is not silent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.daemon.store.arrivals import arrival
from tests.daemon.store.device_rows import make_device, online, tell_status
from veilleur.app.settings import Settings
from veilleur.app.watching import Watchman
from veilleur.model.alarms import AlarmCode
from veilleur.model.kinds import OutcomeKind
from veilleur.model.readiness import PartState
from veilleur.model.scope import Scope
from veilleur.store.alarms import list_alarms, open_alarms
from veilleur.store.commit import commit_batch
from veilleur.store.coverage import list_coverage
from veilleur.store.database import Database
from veilleur.store.device_configs import newest_config, save_config
from veilleur.store.instants import to_ms
from veilleur.store.opening import open_database
from veilleur.store.pairing import revoke_account, set_password
from veilleur_bridge.topics import DeviceTopic
from veilleur_bridge.wire.config import read_config

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
ALL = Scope(may_read_private=True)


@dataclass(slots=True)
class Post:
    """A Watchman whose clock, connections and letter box are in the test's hands."""

    database: Database
    now: datetime = NOON
    is_connected: bool = True
    published: list[tuple[str, int | None]] = field(default_factory=list)

    def watchman(self) -> Watchman:
        settings = Settings(watch_interval_s=5, mqtt_url=None)
        return Watchman(settings, self.database, publish=self._publish, parts=self._parts, clock=lambda: self.now)

    def open_codes(self) -> list[str]:
        return [alarm.code for alarm in open_alarms(self.database)]

    def _parts(self) -> tuple[PartState, ...]:
        return (PartState("source", self.is_connected),)

    def _publish(self, topic: DeviceTopic, payload: bytes) -> None:
        config = read_config(payload) if payload else None
        assert (config is None) == (payload == b"")
        self.published.append((str(topic), config.revision if config else None))


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    database = open_database(f"sqlite:///{tmp_path / 'veilleur.db'}")
    yield Post(database)
    database.close()


def test_of_several_watchmen_one_looks_until_it_goes(post: Post) -> None:
    commit_batch(post.database, [arrival(1, outcome=OutcomeKind.QUARANTINED)], now_ms=to_ms(NOON))
    first, second = post.watchman(), post.watchman()
    first.turn()
    assert [one.count for one in list_coverage(post.database, ALL).intervals] == [1]
    commit_batch(post.database, [arrival(2, outcome=OutcomeKind.QUARANTINED)], now_ms=to_ms(NOON))
    second.turn()
    assert [one.count for one in list_coverage(post.database, ALL).intervals] == [1]
    first.close()
    second.turn()
    assert [one.count for one in list_coverage(post.database, ALL).intervals] == [2]
    second.close()


def test_every_watchman_hands_configurations_to_its_own_broker_once(post: Post) -> None:
    tell_status(post.database, make_device(post.database), online(at=NOON), NOON)
    first, second = post.watchman(), post.watchman()
    for _ in range(3):
        first.turn()
        second.turn()
    topic = "veilleur/1/devices/salle-1/config"
    assert post.published == [(topic, 1), (topic, 1)]
    newest = newest_config(post.database, ALL, "salle-1")
    assert newest is not None
    save_config(post.database, ALL, "salle-1", newest.config, now=NOON)
    first.turn()
    assert post.published[2:] == [(topic, 2)]
    for one in (first, second):
        one.close()


def test_what_a_revoked_device_was_told_is_taken_back_once_and_given_again_when_it_is_paired_anew(post: Post) -> None:
    """Seen to catch a Watchman that leaves it: a revoked device's configuration stayed at the broker."""
    tell_status(post.database, make_device(post.database), online(at=NOON), NOON)
    set_password(post.database, Scope(), "salle-1", "a hash", to_ms(NOON))
    watchman = post.watchman()
    for _ in range(2):
        watchman.turn()
    given = [("veilleur/1/devices/salle-1/config", 1)]
    assert post.published == given

    assert revoke_account(post.database, ALL, "salle-1", now=NOON)
    for _ in range(2):
        watchman.turn()
    taken_back = {(f"veilleur/1/devices/salle-1/{channel}", None) for channel in ("receipt", "config")}
    assert set(post.published[1:]) == taken_back
    assert len(post.published) == 3

    set_password(post.database, Scope(), "salle-1", "another hash", to_ms(NOON))
    watchman.turn()
    assert post.published[3:] == given
    watchman.close()


def test_a_device_with_a_configuration_of_another_database_is_left_alone(post: Post) -> None:
    tell_status(post.database, make_device(post.database), online(at=NOON, config_revision=6), NOON)
    watchman = post.watchman()
    watchman.turn()
    assert newest_config(post.database, ALL, "salle-1") is None
    watchman.close()


def test_looks_that_were_not_made_are_told_by_readiness_and_afterwards(post: Post) -> None:
    watchman = post.watchman()
    watchman.turn()
    assert watchman.part().is_ok
    post.now += 5 * MINUTE
    assert not watchman.part().is_ok
    watchman.turn()
    assert post.open_codes() == [AlarmCode.WATCHMAN_STALLED]
    assert watchman.part().is_ok
    post.now += 5 * SECOND
    watchman.turn()
    assert post.open_codes() == []
    (told,) = list_alarms(post.database, ALL)
    assert "no look was made from 2026-11-22 12:00:00 UTC on" in told.detail
    watchman.close()


def test_silence_is_counted_anew_once_all_is_connected_again(post: Post) -> None:
    tell_status(post.database, make_device(post.database), online(at=NOON, config_revision=1), NOON)
    watchman = post.watchman()
    post.is_connected = False
    for _ in range(60):
        post.now += 5 * SECOND
        watchman.turn()
    assert post.open_codes() == [AlarmCode.BROKER_DOWN]
    post.is_connected = True
    for _ in range(36):
        post.now += 5 * SECOND
        watchman.turn()
    assert post.open_codes() == []
    post.now += 5 * SECOND
    watchman.turn()
    assert post.open_codes() == [AlarmCode.DEVICE_SILENT]
    watchman.close()


def test_a_database_that_is_away_puts_a_look_off_and_ends_nothing(post: Post, tmp_path: Path) -> None:
    watchman = post.watchman()
    watchman.turn()
    (tmp_path / "veilleur.db").rename(tmp_path / "elsewhere.db")
    post.database.close()
    (tmp_path / "veilleur.db").mkdir()
    assert watchman.turn() == 5.0
    (tmp_path / "veilleur.db").rmdir()
    (tmp_path / "elsewhere.db").rename(tmp_path / "veilleur.db")
    assert watchman.turn() == 5.0
    assert watchman.part().is_ok
    watchman.close()
