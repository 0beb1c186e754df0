"""A message from `mosquitto_pub` is a mention that the API answers with, within a second of being published."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.api_reader import ApiReader
from tests.end_to_end.made_envelopes import TOPIC, comment, encoded
from tests.faults.granted import granted_seconds
from tests.servers.daemon import Daemon, running_daemon
from tests.servers.mosquitto import running_mosquitto
from tests.waiting import until

WITHIN_SECONDS = 1.0
_ACCOUNT_WITHIN_SECONDS = 30


def seconds_until_told(daemon: Daemon, line: str, query: str) -> float:
    """Run a shell line until its broker takes it; return how long after that start the API told of it."""
    api = ApiReader.of(daemon)

    def told_after() -> float | None:
        began = time.monotonic()
        if subprocess.run(line, shell=True, capture_output=True, check=False).returncode != 0:
            return None
        until(lambda: api.every_mention(query), within_seconds=30, what="the API tells of it")
        return time.monotonic() - began

    return until(told_after, within_seconds=_ACCOUNT_WITHIN_SECONDS, what=f"the broker takes {line}")


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    with running_daemon(tmp_path_factory.mktemp("live")) as running:
        yield running


@pytest.fixture(scope="module")
def printed(daemon: Daemon) -> str:
    """Return the line that `veilleur device add` prints for a first notification."""
    return daemon.installation.run("device", "add", "salon-1").out.strip()


def test_the_printed_line_reaches_the_api_through_the_embedded_broker_within_a_second(
    daemon: Daemon, printed: str
) -> None:
    took = seconds_until_told(daemon, printed, "#veilleur")

    (mention,) = ApiReader.of(daemon).every_mention()
    assert (mention["device"], mention["kind"], mention["actor"]["name"]) == ("salon-1", "comment", "Camille")
    assert mention["body"] == "first light #veilleur"
    assert took <= granted_seconds(WITHIN_SECONDS)


def test_without_its_password_or_as_another_device_nothing_comes_in(daemon: Daemon, printed: str) -> None:
    api = ApiReader.of(daemon)
    password = printed.split(" -P ")[1].split(maxsplit=1)[0]
    seconds_until_told(daemon, printed, "")
    as_another = printed.replace("devices/salon-1/", "devices/salon-2/").replace("salon-1", "salon-2", 1)

    assert subprocess.run(printed.replace(password, "x" * 32), shell=True, capture_output=True, check=False).returncode
    subprocess.run(as_another, shell=True, capture_output=True, check=False)
    assert seconds_until_told(daemon, printed, "") < granted_seconds(10)

    assert [device["name"] for device in api.get("devices")["devices"]] == ["salon-1"]
    assert len(api.every_mention()) == 1


def test_a_message_through_a_mosquitto_of_ones_own_is_told_within_a_second(tmp_path: Path) -> None:
    with (
        running_mosquitto(tmp_path / "mosquitto") as broker,
        running_daemon(tmp_path, VEILLEUR_MQTT_URL=broker.url) as daemon,
    ):
        payload = tmp_path / "envelope.json"
        payload.write_bytes(encoded(comment(1)))
        line = f"mosquitto_pub -h 127.0.0.1 -p {broker.port} -q 1 -t {TOPIC} -f {payload}"

        assert seconds_until_told(daemon, line, "assiette") <= granted_seconds(WITHIN_SECONDS)
