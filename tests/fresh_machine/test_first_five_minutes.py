"""The two commands, `make up` and `make test`, on a machine that has python3, make, git and nothing else of ours."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import pytest

from tests.architecture.source_file import PROJECT
from tests.fresh_machine.machine import FreshMachine, fresh_machine
from tests.servers.ports import free_port, is_listening
from tests.waiting import until

FIRST_START_WITHIN_SECONDS = 60.0
FURTHER_START_WITHIN_SECONDS = 3.0
_FURTHER_STARTS = 3
STOP_WITHIN_SECONDS = 20
VEILLEUR = ".venv/bin/veilleur"
SAMPLE = "samples/restaurant-week"
BROKER_TESTS = "tests/bridge/broker/test_embedded_broker.py"
ONE_TEST_OF_EACH_SERVER = (
    "tests/servers/test_postgres.py::test_it_is_version_15_and_keeps_what_is_written",
    "tests/bridge/mqtt/test_mqtt_source.py::test_a_killed_broker_is_noticed_and_used_again_once_it_is_back",
    f"{BROKER_TESTS}::test_what_a_device_publishes_reaches_the_daemon_and_is_acknowledged_once",
)

pytestmark = [pytest.mark.fresh, pytest.mark.timeout(900)]


@dataclass(frozen=True, slots=True)
class Clone:
    """The machine with a clone on it, and when cloning began (monotonic seconds)."""

    machine: FreshMachine
    began: float


@dataclass(frozen=True, slots=True)
class RunningVeilleur:
    """`make up`, as it answered for the first time after `start_seconds`."""

    start_seconds: float
    said: Path


@pytest.fixture(scope="module")
def clone() -> Iterator[Clone]:
    """Boot a bare machine and clone the project on it."""
    with fresh_machine() as machine:
        began = time.monotonic()
        machine.clone()
        yield Clone(machine, began)


@pytest.fixture(scope="class")
def first_start(clone: Clone, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningVeilleur]:
    """Run `make up` right after the clone."""
    with make_up(clone.machine, tmp_path_factory.mktemp("first") / "said", began=clone.began) as running:
        yield running


@contextmanager
def make_up(machine: FreshMachine, said: Path, *, began: float) -> Iterator[RunningVeilleur]:
    """Run `make up` until it answers; afterwards interrupt it as Ctrl-C does, and see it end."""
    http, mqtt = free_port(), free_port()
    ports = {"VEILLEUR_HTTP_PORT": str(http), "VEILLEUR_MQTT_PORT": str(mqtt)}
    make = machine.start("make", "up", output=said, environment=ports)

    def has_answered_or_ended() -> bool:
        return is_ready(http) or make.poll() is not None

    try:
        until(has_answered_or_ended, within_seconds=2 * FIRST_START_WITHIN_SECONDS, what="make up answers or ends")
        assert make.poll() is None, f"make up ended:\n{said.read_text()}"
        yield RunningVeilleur(time.monotonic() - began, said)
    finally:
        interrupt(make)
        until(
            lambda: not is_listening(http) and not is_listening(mqtt),
            within_seconds=STOP_WITHIN_SECONDS,
            what="both ports are free again",
        )


def interrupt(process: subprocess.Popen[bytes]) -> None:
    """Do to a process and its children what Ctrl-C does; do nothing to one that has ended."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=STOP_WITHIN_SECONDS)


def is_ready(port: int) -> bool:
    """Ask once whether Veilleur is ready."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
            return bool(answer.status == HTTPStatus.OK)
    except OSError:
        return False


def tell(capsys: pytest.CaptureFixture[str], figure: str) -> None:
    """Say a figure to whoever runs the check, passed or failed."""
    with capsys.disabled():
        sys.stdout.write(f"\n{figure}\n")


def test_without_root_the_missing_package_is_named_with_its_command(clone: Clone) -> None:
    as_nobody = ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups")

    said = clone.machine.run(*as_nobody, "make", "up", ends_with=2).stderr

    assert "apt-get install -y --no-install-recommends python3-venv" in said


class TestFirstStart:
    """What a newcomer sees while the first `make up` runs."""

    def test_it_is_ready_within_a_minute_of_the_clone(
        self, first_start: RunningVeilleur, capsys: pytest.CaptureFixture[str]
    ) -> None:
        tell(capsys, f"clone to ready: {first_start.start_seconds:.1f} s")

        assert first_start.start_seconds <= FIRST_START_WITHIN_SECONDS
        # It answers a moment before it says where.
        until(
            lambda: "http://127.0.0.1:" in first_start.said.read_text(), within_seconds=10, what="it says where it is"
        )

    @pytest.mark.usefixtures("first_start")
    def test_the_sample_replays_to_its_last_envelope(self, clone: Clone) -> None:
        clone.machine.run(VEILLEUR, "replay", f"{SAMPLE}.jsonl")

        expected = json.loads((PROJECT / f"{SAMPLE}.expected.json").read_text())
        assert lines_of(clone.machine, "notifications") == expected["envelopes"]
        assert lines_of(clone.machine, "mentions") == expected["mentions"]["total"]


def lines_of(machine: FreshMachine, listing: str) -> int:
    """Count what a listing command prints."""
    return len(machine.run(VEILLEUR, listing, "--format", "jsonl", "--all").stdout.splitlines())


def test_a_further_start_is_quick(clone: Clone, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with make_up(clone.machine, tmp_path / "first", began=clone.began):
        pass
    starts = []
    for number in range(_FURTHER_STARTS):
        with make_up(clone.machine, tmp_path / f"further-{number}", began=time.monotonic()) as further:
            starts.append(further.start_seconds)
    tell(capsys, f"further starts: {', '.join(f'{seconds:.1f}' for seconds in starts)} s")

    # Whoever else uses the machine can only add to what a start takes.
    assert min(starts) <= FURTHER_START_WITHIN_SECONDS


def test_after_test_setup_a_test_of_each_server_passes(clone: Clone) -> None:
    clone.machine.run("make", "test-setup")

    running = clone.machine.run("sh", "-c", "cat /proc/[0-9]*/comm").stdout.split()
    assert {"mosquitto", "postgres"}.isdisjoint(running), "a package started its service"
    clone.machine.run(".venv/bin/pytest", "-x", *ONE_TEST_OF_EACH_SERVER)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_every_test_passes(clone: Clone) -> None:
    clone.machine.run("make", "test", environment={"CI": "true"})
