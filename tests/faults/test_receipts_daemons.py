"""Trial 32: several daemons at one broker, with one name, with one database, or with nothing in common."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.bridge.mqtt.receipt_topic import receipts_of
from tests.end_to_end.stored_rows import looking_into
from tests.faults.invariants import every_mention_once
from tests.faults.spooling_tablet import NAME, spooling_tablet
from tests.servers.daemon import Daemon, Installation, Role, running_over
from tests.servers.mosquitto import MosquittoServer, running_mosquitto
from tests.waiting import until
from veilleur_bridge.mqtt_url import parse_mqtt_url

COUNT = 400
_ALARM_WITHIN_SECONDS = 30.0


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[MosquittoServer]:
    with running_mosquitto(tmp_path / "mosquitto") as server:
        yield server


@pytest.fixture(params=["postgresql", pytest.param("sqlite", marks=pytest.mark.soak)])
def shared_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the URL of an empty database that several daemons are to share."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'shared' / 'veilleur.db'}"
    return str(request.getfixturevalue("postgres_url"))


def installation(folder: Path, broker: MosquittoServer, **settings: str) -> Installation:
    return Installation(folder, settings={"VEILLEUR_MQTT_URL": broker.url, **settings})


@contextmanager
def daemons(*installations: Installation) -> Iterator[list[Daemon]]:
    """Run `veilleur ingest` over each."""
    with ExitStack() as stack:
        yield [stack.enter_context(running_over(one, Role.INGEST)) for one in installations]


@pytest.mark.fault
def test_two_daemons_on_one_database_store_all_once_and_agree_on_every_receipt(
    broker: MosquittoServer, shared_url: str, tmp_path: Path
) -> None:
    """Broken: a `raise_round` that makes a store of its own at each start: two stores instead of one were told."""
    first, second = (
        installation(tmp_path / name, broker, VEILLEUR_DATABASE_URL=shared_url, VEILLEUR_DAEMON_NAME=name)
        for name in ("first", "second")
    )
    with (
        daemons(first, second) as (one, _),
        receipts_of(broker.url, NAME) as topic,
        spooling_tablet(parse_mqtt_url(broker.url), tmp_path / "spool") as tablet,
        looking_into(shared_url) as stored,
    ):
        tablet.capture(range(COUNT // 2))
        one.kill()
        tablet.capture(range(COUNT // 2, COUNT))
        tablet.wait_until_empty()
        one.start()
        last = topic.awaited(lambda receipt: receipt.round >= 3, "the round of the daemon that came back")

        every_mention_once(stored, COUNT)
        assert stored.rows("SELECT watermark FROM epochs") == [(COUNT,)]
        assert {receipt.store for receipt in topic.receipts} == {last.store}
        assert last.through_seq == COUNT
        assert stored.rows("SELECT code FROM alarms WHERE code IN ('foreign_receipts', 'store_went_back')") == []


@pytest.mark.fault
def test_a_second_daemon_of_the_same_name_on_one_database_is_refused_and_harms_nothing(
    broker: MosquittoServer, tmp_path: Path
) -> None:
    """Broken, and caught: `run_ingest` without its lease: the second ran on, "timed out after 60 seconds"."""
    home = installation(tmp_path / "home", broker)
    with (
        daemons(home) as (first,),
        spooling_tablet(parse_mqtt_url(broker.url), tmp_path / "spool") as tablet,
    ):
        tablet.capture(range(COUNT))

        refused = home.run("ingest")

        tablet.wait_until_empty()
        assert refused.code == 1
        assert f"already running as process {first.pid}" in refused.err
        assert first.said.count("mqtt connected") == 2, "the connections of the first were taken over"


@pytest.mark.fault
def test_two_daemons_with_nothing_in_common_take_nothing_from_each_other_and_doctor_names_the_stranger(
    broker: MosquittoServer, tmp_path: Path
) -> None:
    """Broken: `ClaimWatch.take_in` that lets strangers pass: “not within 30 s: the stranger is named”."""
    one, other = (installation(tmp_path / name, broker) for name in ("one", "other"))
    with (
        daemons(one, other),
        spooling_tablet(parse_mqtt_url(broker.url), tmp_path / "spool") as tablet,
        looking_into(one.database_url) as stored,
        looking_into(other.database_url) as stored_by_the_other,
    ):
        tablet.capture(range(COUNT))
        until(
            lambda: stored.count("notifications") == stored_by_the_other.count("notifications") == COUNT,
            within_seconds=_ALARM_WITHIN_SECONDS,
            what="both have stored everything",
        )
        named = "SELECT subject FROM alarms WHERE code = 'foreign_receipts' AND until IS NULL"
        until(
            lambda: stored.rows(named) == [(NAME,)], within_seconds=_ALARM_WITHIN_SECONDS, what="the stranger is named"
        )

        doctor = one.run("doctor")

        assert doctor.code == 1
        assert "foreign_receipts" in doctor.out
        ids = [
            rows.rows("SELECT value FROM facts WHERE name = 'client_suffix.main'")
            for rows in (stored, stored_by_the_other)
        ]
        assert ids[0] != ids[1]
