"""The daemon from the command line: it starts, says where it is, refuses a second one, and ends when told to."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.daemon.cli.conftest import Run
from tests.daemon.cli.test_replay import WEEK, counts
from tests.servers.ports import free_port
from tests.waiting import until

_SOON_S = 60.0


@contextmanager
def running(command: str, ports: dict[str, int], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a long command, its standard error in a file, and end it when the block ends."""
    flags = [part for name, port in ports.items() for part in (f"--{name}", str(port))]
    with log.open("wb") as stream:
        process = subprocess.Popen([sys.executable, "-m", "veilleur.cli.entry", command, *flags], stderr=stream)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(_SOON_S)


def said(log: Path, pattern: str) -> str | None:
    """Return what a process has said so far that matches."""
    found = re.search(pattern, log.read_text())
    return found[0] if found else None


@pytest.mark.usefixtures("data_dir")
def test_up_takes_a_replay_through_its_broker_and_ends_when_told_to(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "up.log"
    ports = {"mqtt-port": free_port(), "http-port": free_port()}
    monkeypatch.setenv("VEILLEUR_MQTT_PORT", str(ports["mqtt-port"]))

    with running("up", ports, log) as process:
        until(lambda: said(log, "Veilleur is up"), within_seconds=_SOON_S, what="veilleur up")
        sent = run("replay", "--via", "mqtt", str(WEEK))
        mentions = until(lambda: all_mentions(run), within_seconds=_SOON_S, what="124 mentions")
        second = run("up")
        process.send_signal(signal.SIGTERM)
        code = process.wait(_SOON_S)

    assert (sent.code, counts(sent.out)["records"]) == (0, 300)
    assert mentions == 124
    assert (second.code, second.err.count("\n")) == (1, 1)
    assert str(process.pid) in second.err
    assert code == 0
    assert said(log, r"veil_[\w-]{20,}")
    assert "Traceback" not in log.read_text()


def all_mentions(run: Run) -> int | None:
    """Return how many mentions there are once the sample's last has arrived."""
    count = run("mentions", "--format", "jsonl").out.count("\n")
    return count if count >= 124 else None


def test_a_taken_port_names_its_holder_in_one_line(tmp_path: Path, run: Run) -> None:
    log = tmp_path / "broker.log"
    port = free_port()

    with running("broker", {"mqtt-port": port}, log):
        until(lambda: said(log, str(port)), within_seconds=_SOON_S, what="the broker")
        ran = run("broker", "--mqtt-port", str(port), "--data-dir", str(tmp_path / "other"))

    assert (ran.code, ran.out) == (1, "")
    assert [part for part in (str(port), "nats-server") if part not in ran.err.splitlines()[-1]] == []


def test_an_interrupt_ends_with_130_and_no_traceback(data_dir: Path) -> None:
    command = [sys.executable, "-m", "veilleur.cli.entry", "replay", "-"]

    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ}) as process:
        until((data_dir / "veilleur.db").exists, within_seconds=_SOON_S, what="the replay's database")
        process.send_signal(signal.SIGINT)
        err = process.stderr.read() if process.stderr else b""

    assert process.returncode == 130
    assert b"Traceback" not in err
