"""`veilleur-bridge adb` from a phone's list to a daemon's receipts, through cables pulled and processes killed."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bridge.command.bridge_process import run_bridge, running_bridge
from tests.bridge.command.conftest import DEVICE, allow
from tests.bridge.daemon_stub import ReceivingDaemon
from tests.bridge.sources.dump_printer import Shown, print_dump
from tests.bridge.sources.stand_in_adb import PhoneState, StandInAdb
from tests.servers.mosquitto import MosquittoServer
from tests.waiting import until

PACKAGE = "org.example"
ONE = Shown("Nadia", "a aimé votre vidéo")
TWO = Shown("Paul", "a commenté : bravo")
CODE = Shown("Banque", "Votre code est 482913")


@pytest.fixture
def adb(tmp_path: Path) -> StandInAdb:
    return StandInAdb(tmp_path / "adb")


@pytest.fixture
def arguments(adb: StandInAdb, broker: MosquittoServer) -> list[str]:
    return ["adb", "--adb", str(adb.program), "--interval", "0.5s", "--mqtt-url", broker.url, "--device", DEVICE]


def told(daemon: ReceivingDaemon) -> list[tuple[str, str | None]]:
    return [(envelope["event"], envelope["notification"].get("title")) for envelope in daemon.envelopes()]


def health(daemon: ReceivingDaemon) -> tuple[bool | None, tuple[str, ...]] | None:
    """Return whether the last status says that the list is read, and its problems; None before the first."""
    if not daemon.statuses:
        return None
    status = daemon.statuses[-1]
    return status.listener_bound, status.problems or ()


def soon(look: Callable[[], object], what: str) -> None:
    until(lambda: look() or None, within_seconds=30, what=what)


def test_what_the_phone_shows_reaches_the_daemon_and_leaves_the_spool(
    adb: StandInAdb, arguments: list[str], daemon: ReceivingDaemon, tmp_path: Path
) -> None:
    allow(daemon, PACKAGE)
    adb.plug(print_dump([ONE]))
    with running_bridge(arguments, tmp_path / "run") as bridge:
        soon(lambda: told(daemon) == [("active", "Nadia")], "the first notification")
        adb.plug(print_dump([ONE, TWO, CODE]))
        soon(lambda: len(daemon.payloads) == 3, "two more")
        adb.plug(print_dump([ONE, TWO]))
        soon(lambda: told(daemon)[-1] == ("removed", None), "the end of one")
        assert bridge.stop() == 0
        assert "stopped, 4 taken" in bridge.said

    first, _, code, _ = daemon.envelopes()
    assert (first["device"], first["seq"], first["locale"]) == (DEVICE, 1, "fr-FR")
    assert first["source"]["kind"] == "adb"
    assert first["app"]["package"] == PACKAGE
    assert (code["notification"]["text"], code["redacted"]) == ("Votre code est [otp]", ["otp"])


@pytest.mark.fault
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_restart_tells_nothing_twice_and_what_changed_meanwhile(
    adb: StandInAdb, arguments: list[str], daemon: ReceivingDaemon, tmp_path: Path, how: signal.Signals
) -> None:
    allow(daemon, PACKAGE)
    adb.plug(print_dump([ONE]))
    with running_bridge(arguments, tmp_path / "run") as bridge:
        soon(lambda: len(daemon.payloads) == 1, "the first notification")
        # What is spooled goes out before it is written down as told: killed between the two it is told again.
        told_of = tmp_path / "run" / "state" / f"adb-{DEVICE}" / "told.json"
        soon(lambda: told_of.exists() and PACKAGE in told_of.read_text(), "it is written down as told")
        assert bridge.stop(how) == (0 if how is signal.SIGTERM else -signal.SIGKILL)
    adb.plug(print_dump([ONE, TWO]))
    with running_bridge(arguments[:5], tmp_path / "run"):
        soon(lambda: len(daemon.payloads) == 2, "what came while it was away")
        calls = len(adb.calls)
        soon(lambda: len(adb.calls) > calls + 2, "further looks")

    assert told(daemon) == [("active", "Nadia"), ("active", "Paul")]
    assert {epoch for epoch, _ in daemon.payloads} == {daemon.envelopes()[0]["epoch"]}


@pytest.mark.fault
def test_what_is_captured_while_the_broker_is_away_arrives_when_it_is_back(
    adb: StandInAdb, arguments: list[str], daemon: ReceivingDaemon, broker: MosquittoServer, tmp_path: Path
) -> None:
    allow(daemon, PACKAGE)
    adb.plug(print_dump([ONE]))
    with running_bridge(arguments, tmp_path / "run") as bridge:
        soon(lambda: len(daemon.payloads) == 1, "the first notification")
        broker.kill()
        soon(lambda: "no broker answers" in bridge.said or "lost the broker" in bridge.said, "the person is told")
        adb.plug(print_dump([ONE, TWO]))
        calls = len(adb.calls)
        soon(lambda: len(adb.calls) > calls + 1, "looks without a broker")
        broker.start()
        until(lambda: daemon.is_up, within_seconds=30, what="the daemon is back")
        daemon.round += 1
        daemon.publish_receipt(daemon.envelopes()[0]["epoch"])
        soon(lambda: told(daemon) == [("active", "Nadia"), ("posted", "Paul")], "what was spooled")


@pytest.mark.fault
def test_a_pulled_cable_and_a_phone_that_wants_to_be_asked_are_in_the_status_and_pass(
    adb: StandInAdb, arguments: list[str], daemon: ReceivingDaemon, tmp_path: Path
) -> None:
    allow(daemon, PACKAGE)
    adb.plug(print_dump([ONE]))
    with running_bridge(arguments, tmp_path / "run") as bridge:
        soon(lambda: len(daemon.payloads) == 1, "the first notification")
        adb.unplug()
        soon(lambda: health(daemon) == (False, ("no_device",)), "the status says that no phone is there")
        adb.plug(print_dump([ONE]), state=PhoneState.UNAUTHORIZED)
        soon(lambda: health(daemon) == (False, ("device_unauthorized",)), "the status says what is missing")
        adb.plug(print_dump([ONE, TWO]))
        soon(lambda: health(daemon) == (True, ()), "all is well again")
        soon(lambda: len(daemon.payloads) == 2, "what came meanwhile")
        assert "Allow USB debugging" in bridge.said
    assert told(daemon) == [("active", "Nadia"), ("posted", "Paul")]


@pytest.mark.privacy
def test_of_an_app_that_is_not_on_the_list_no_byte_is_kept_or_sent(
    adb: StandInAdb, arguments: list[str], daemon: ReceivingDaemon, tmp_path: Path
) -> None:
    allow(daemon, "com.other")
    adb.plug(print_dump([Shown("Nadia", "canary-7f3a")]))
    with running_bridge(arguments, tmp_path / "run") as bridge:
        soon(lambda: daemon.statuses and daemon.statuses[-1].config_revision == 1, "the configuration is in force")
        calls = len(adb.calls)
        soon(lambda: len(adb.calls) > calls + 2, "looks under it")
        assert bridge.stop() == 0

    kept = [path for folder in ("run", "broker") for path in (tmp_path / folder).rglob("*") if path.is_file()]
    assert kept
    assert [path for path in kept if b"canary-7f3a" in path.read_bytes()] == []
    assert daemon.payloads == {}


def test_without_a_configuration_nothing_is_captured_and_that_is_said(
    adb: StandInAdb, arguments: list[str], daemon: ReceivingDaemon, tmp_path: Path
) -> None:
    adb.plug(print_dump([ONE]))
    with running_bridge(arguments, tmp_path / "run") as bridge:
        soon(lambda: "waiting for the daemon's configuration" in bridge.said, "the person is told")
        allow(daemon, PACKAGE)
        soon(lambda: told(daemon) == [("active", "Nadia")], "it begins with the configuration")
        assert not daemon.statuses[-1].dropped


def test_credentials_are_kept_for_their_owner_alone(
    adb: StandInAdb, arguments: list[str], daemon: ReceivingDaemon, tmp_path: Path
) -> None:
    adb.plug(print_dump([ONE]))
    with running_bridge(arguments, tmp_path / "run"):
        soon(lambda: daemon.statuses, "it runs")

    folder = tmp_path / "run" / "state" / f"adb-{DEVICE}"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "credentials.json").stat().st_mode & 0o777 == 0o600


def test_a_second_program_of_one_device_is_refused_with_what_to_do(
    adb: StandInAdb, arguments: list[str], daemon: ReceivingDaemon, tmp_path: Path
) -> None:
    adb.plug(print_dump([ONE]))
    with running_bridge(arguments, tmp_path / "run"):
        soon(lambda: daemon.statuses, "the first runs")
        second = run_bridge(arguments, tmp_path / "run")

    assert second.returncode == 2
    assert "another program uses" in second.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "required: SOURCE"),
        (["adb"], "is not paired"),
        (["adb", "--mqtt-url", "mqtt://localhost"], "--device NAME"),
        (["adb", "--mqtt-url", "http://localhost", "--device", "salle-1"], "mqtt://"),
        (["adb", "--pair", "veilleur:eyJ2Ijox"], "pairing code"),
        (["adb", "--interval", "soon"], "write 2s, 15m or 1h"),
        (["termux", "--interval", "0.1s"], "1 to 3600 seconds"),
        (["feed", "file:///etc/passwd"], "https://"),
        (["feed", "https://user:pw@example.org/feed"], "no password"),
        (["feed", "--interval", "5s", "https://example.org/feed"], "60 to 86400 seconds"),
    ],
)
def test_what_cannot_be_used_ends_with_2_and_one_sentence(arguments: list[str], words: str, tmp_path: Path) -> None:
    done = run_bridge(arguments, tmp_path)

    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_every_subcommand_shows_examples(tmp_path: Path) -> None:
    for name in ("adb", "termux", "feed"):
        done = run_bridge([name, "--help"], tmp_path)

        assert done.returncode == 0
        assert f" {name} --" in done.stdout.partition("examples:")[2]
