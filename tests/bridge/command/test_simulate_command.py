"""`veilleur-bridge simulate` as a process: what it says it made is what a daemon stored."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

from tests.architecture.source_file import PROJECT
from tests.bridge.command.bridge_process import run_bridge, running_bridge
from tests.bridge.command.conftest import DEVICE
from tests.bridge.daemon_stub import ReceivingDaemon
from tests.servers.mosquitto import MosquittoServer
from tests.waiting import until

COUNT = 40
WEEK = PROJECT / "samples" / "restaurant-week.jsonl"


def simulate(broker: MosquittoServer, ledger: Path, *more: str) -> list[str]:
    identity = ["--mqtt-url", broker.url, "--device", DEVICE]
    return ["simulate", *identity, "--until-empty", "--ledger", str(ledger), *more]


def ledger_of(path: Path) -> list[tuple[str, int, str]]:
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    return [(line["epoch"], line["seq"], line["sha256"]) for line in lines]


def stored(daemon: ReceivingDaemon) -> list[tuple[str, int, str]]:
    return [(epoch, seq, sha256(daemon.payloads[epoch, seq]).hexdigest()) for epoch, seq in sorted(daemon.payloads)]


def test_with_every_disorder_what_it_made_is_stored_and_a_second_run_goes_on(
    broker: MosquittoServer, daemon: ReceivingDaemon, tmp_path: Path
) -> None:
    ledger = tmp_path / "made.jsonl"
    disorder = ["--burst", "7", "--reconnect-every", "20", "--duplicates", "20%", "--reorder", "--clock", "1970,+1d"]

    first = run_bridge(simulate(broker, ledger, "--rate", "max", "--count", str(COUNT // 2), *disorder), tmp_path)
    second = run_bridge(simulate(broker, ledger, "--rate", "max", "--count", str(COUNT), *disorder), tmp_path)

    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert len(ledger_of(ledger)) == COUNT
    assert stored(daemon) == ledger_of(ledger)
    assert daemon.received > COUNT, "nothing was sent twice"
    assert f"{COUNT // 2} made, 0 waiting to be stored" in second.stderr


def test_a_log_is_replayed_whole_but_for_what_is_noise(
    broker: MosquittoServer, daemon: ReceivingDaemon, tmp_path: Path
) -> None:
    ran = run_bridge([*simulate(broker, tmp_path / "made.jsonl", str(WEEK)), "--speed", "1000000x"], tmp_path)

    assert ran.returncode == 0, ran.stderr
    assert "294 made, 6 dropped as the configuration asks, 0 waiting to be stored" in ran.stderr
    assert stored(daemon) == ledger_of(tmp_path / "made.jsonl")


def test_told_to_stop_before_all_is_stored_it_says_so_by_its_exit_code(tmp_path: Path) -> None:
    nobody = ["simulate", "--mqtt-url", "mqtt://127.0.0.1:1", "--device", DEVICE, "--until-empty", "--count", "1"]
    made = tmp_path / "made.jsonl"
    with running_bridge([*nobody, "--ledger", str(made)], tmp_path) as tablet:
        until(lambda: made.exists() and made.read_bytes(), within_seconds=30, what="it made one")

        assert tablet.stop() == 1
        assert "waiting to be stored" in tablet.said


def test_a_log_that_is_none_is_told_with_its_line(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    log.write_text("no envelope\n")
    ran = run_bridge(["simulate", str(log), "--mqtt-url", "mqtt://127.0.0.1:1", "--device", DEVICE], tmp_path)

    assert ran.returncode == 2
    assert "line 1 is no envelope" in ran.stderr
    assert "Traceback" not in ran.stderr
