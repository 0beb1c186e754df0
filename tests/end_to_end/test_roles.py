"""Each long-running command alone: what it does, what it refuses to share, and how it ends."""

from __future__ import annotations

import shlex
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from os import getpid
from pathlib import Path

import httpx
import psutil
import pytest

from tests.bridge.mqtt.mqtt_parts import publish_all
from tests.end_to_end.api_reader import ApiReader
from tests.end_to_end.made_envelopes import DEVICE, TOPIC, busy_day
from tests.end_to_end.stored_rows import looking_into, unbroken
from tests.end_to_end.test_sample_week import WEEK
from tests.faults.granted import granted_seconds
from tests.servers.daemon import Daemon, Installation, Role, running_daemon, running_over
from tests.servers.mosquitto import running_mosquitto
from tests.waiting import until

COUNT = 40
ENDS_WITHIN_SECONDS = 5.0


def ends_well(daemon: Daemon) -> bool:
    """Stop a daemon; tell whether it ended by itself, in time, and left no child behind."""
    children = psutil.Process(daemon.pid).children(recursive=True)
    ended = daemon.stop()
    left = [child for child in children if child.is_running()]
    return (ended.code, left) == (0, []) and ended.seconds <= granted_seconds(ENDS_WITHIN_SECONDS)


def test_serve_alone_answers_from_what_was_stored_and_needs_no_broker(tmp_path: Path) -> None:
    installation = Installation(tmp_path)
    installation.run("replay", str(WEEK))
    token = installation.run("token", "create", "reader", "--scope", "read:mentions", "--scope", "read:private")
    with running_over(installation, Role.SERVE) as daemon:
        api = ApiReader(daemon.url, token.out.strip())
        (kinds,) = api.get("facets", by="kind")["facets"]

        assert sum(row["count"] for row in kinds["counts"]) == len(api.every_mention()) > 100
        assert httpx.get(daemon.url, follow_redirects=True, timeout=60).status_code == httpx.codes.OK
        assert ends_well(daemon)


def test_ingest_alone_stores_what_comes_through_mosquitto_and_opens_no_port(tmp_path: Path) -> None:
    with (
        running_mosquitto(tmp_path / "mosquitto") as broker,
        running_daemon(tmp_path, Role.INGEST, VEILLEUR_MQTT_URL=broker.url) as daemon,
        looking_into(daemon.installation.database_url) as stored,
    ):
        publish_all(broker.url, busy_day(COUNT), TOPIC)
        until(lambda: stored.count("notifications") == COUNT, within_seconds=30, what="all are stored")
        listening = [one for one in psutil.Process(daemon.pid).net_connections() if one.status == psutil.CONN_LISTEN]

        assert listening == []
        assert ends_well(daemon)
        assert stored.ledger() == unbroken(COUNT)


def test_broker_and_ingest_apart_find_each_other_by_their_data_folder(tmp_path: Path) -> None:
    installation = Installation(tmp_path)
    with (
        running_over(installation, Role.BROKER) as broker,
        running_over(installation, Role.INGEST) as ingest,
        looking_into(installation.database_url) as stored,
    ):
        publish_all(installation.broker().url(), busy_day(COUNT), TOPIC)
        until(lambda: stored.count("notifications") == COUNT, within_seconds=30, what="all are stored")

        assert ends_well(ingest)
        assert ends_well(broker)
        assert stored.ledger() == unbroken(COUNT)


@pytest.mark.parametrize("setting", ["VEILLEUR_HTTP_PORT", "VEILLEUR_MQTT_PORT"])
def test_a_taken_port_is_told_with_its_holder_and_the_setting_in_one_line(tmp_path: Path, setting: str) -> None:
    with taken_port() as port:
        ran = Installation(tmp_path, settings={setting: str(port)}).run("up")

    (line,) = [line for line in ran.err.splitlines() if line.startswith("veilleur: ")]
    assert ran.code == 1
    assert [part for part in (f"port {port} is taken", f"(pid {getpid()})", setting) if part not in line] == []
    assert "Traceback" not in ran.err
    assert "veil_" not in ran.err, "no token is used up by a start that failed"


@contextmanager
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_second_up_says_that_it_runs_already_and_where_and_the_first_ends_well_with_its_broker(
    tmp_path: Path,
) -> None:
    with running_daemon(tmp_path) as daemon:
        ran = daemon.installation.run("up")

        assert ran.err == f"Veilleur is already running as process {daemon.pid}: {daemon.url}\n"
        assert ran.code == 0
        assert httpx.get(f"{daemon.url}/readyz", timeout=60).status_code == httpx.codes.OK
        assert ends_well(daemon)


def test_a_second_up_that_cannot_reach_the_first_where_it_looks_ends_with_1(tmp_path: Path) -> None:
    with running_daemon(tmp_path) as daemon:
        elsewhere = Installation(tmp_path, mqtt_port=daemon.installation.mqtt_port)
        ran = elsewhere.run("up")

        (line,) = ran.err.splitlines()
        assert ran.code == 1
        assert f"already running as process {daemon.pid} " in line


@pytest.mark.fault
@pytest.mark.parametrize("role", [Role.UP, Role.INGEST])
def test_a_broker_that_refuses_the_password_is_told_as_it_starts_and_without_the_password(
    tmp_path: Path, role: Role
) -> None:
    with running_mosquitto(tmp_path / "mosquitto", users={"veilleur": "right"}) as broker:
        url = broker.url.replace("right", "wrong")
        daemon = Daemon(Installation(tmp_path, settings={"VEILLEUR_MQTT_URL": url}), role)
        try:
            daemon.launch()
            until(lambda: "Ctrl+C" in daemon.said, within_seconds=90, what="it says that it runs")
            told = [line for line in daemon.said.splitlines() if "goes on trying" in line]
            assert len(told) == 1, daemon.said
            assert "refused the user name or password" in told[0]
            assert "wrong" not in daemon.said
        finally:
            daemon.stop()


def test_a_device_may_connect_as_soon_as_it_is_told_so(tmp_path: Path) -> None:
    installation = Installation(tmp_path)
    with running_over(installation, Role.BROKER):
        for _ in range(2):  # its first password, then a new one
            added = installation.run("device", "add", DEVICE)
            words = shlex.split(added.out)
            password = words[words.index("-P") + 1]

            assert f"Device {DEVICE} may now connect" in added.err
            assert "process list" in added.err
            publish_all(f"mqtt://{DEVICE}:{password}@127.0.0.1:{installation.mqtt_port}", busy_day(1), TOPIC)


@pytest.mark.privacy
def test_no_token_is_said_where_the_journal_keeps_what_is_said(tmp_path: Path) -> None:
    """Seen to catch an `up` that does not look where its words go."""
    log = tmp_path / "up.log"
    log.touch()
    stream = f"{log.stat().st_dev}:{log.stat().st_ino}"
    with running_over(Installation(tmp_path, settings={"JOURNAL_STREAM": stream}), Role.UP) as daemon:
        until(lambda: "Ctrl+C" in daemon.said, within_seconds=30, what="it has said everything")

    assert "veilleur token create NAME" in daemon.said
    assert "veil_" not in daemon.said
