"""A tablet joins by the code that an operator's command printed, works over TLS, and is out when it is revoked."""

from __future__ import annotations

import shlex
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.attacks.places import VICTIM, running_tablet, tablet_options
from tests.bridge.mqtt.mqtt_parts import down, publisher, up
from tests.end_to_end.stored_rows import looking_into
from tests.faults.granted import granted_seconds
from tests.servers.certificates import make_certificate
from tests.servers.daemon import PROGRAM, Daemon, Installation, Role, running_over
from tests.servers.mosquitto import running_mosquitto
from tests.servers.ports import free_port
from tests.waiting import until
from veilleur_bridge.broker.running import running_broker
from veilleur_bridge.mqtt_url import MqttAddress
from veilleur_bridge.pairing import PairingCode, read_pairing_code

REVOKED_WITHIN_SECONDS = 2.0


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Daemon]:
    with running_over(Installation(tmp_path), Role.UP) as running:
        yield running


@contextmanager
def pairing(installation: Installation, *flags: str) -> Iterator[tuple[PairingCode, subprocess.Popen[str]]]:
    """Run the command that pairs, and give the code while it waits for the tablet."""
    with subprocess.Popen(
        [str(PROGRAM), "device", "pair", VICTIM, *flags],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=installation.folder,
        env=installation.environment | {"PYTHONUNBUFFERED": "1"},
    ) as command:
        assert command.stdout is not None
        try:
            yield read_pairing_code(command.stdout.readline()), command
        finally:
            command.terminate()


def on_this_machine(code: PairingCode) -> MqttAddress:
    return replace(code.broker_addresses()[0], host="127.0.0.1")


def test_a_tablet_that_scanned_the_code_is_paired_and_what_it_shows_is_stored(daemon: Daemon) -> None:
    """Over the network's own address and TLS, while the command waits and then ends with 0."""
    installation = daemon.installation
    with (
        looking_into(installation.database_url) as stored,
        pairing(installation, "--open") as (code, command),
        running_tablet(VICTIM, installation.folder / "spool", tablet_options(on_this_machine(code), VICTIM)) as tablet,
    ):
        tablet.show(20)
        _, said = command.communicate(timeout=30)
        tablet.wait_until_empty()

        assert command.returncode == 0
        assert f"{VICTIM} has connected." in said
        assert code.secret not in said
        assert stored.count("notifications") == 20
        assert code.secret.encode() not in b"".join(path.read_bytes() for path in installation.data_dir.glob("*.db*"))


@pytest.mark.attack
def test_a_revoked_device_is_out_within_two_seconds(daemon: Daemon) -> None:
    """Seen to catch a `LOOK_EVERY_SECONDS` of 10: it was in for seconds more."""
    with pairing(daemon.installation, "--usb") as (code, _):
        address = code.broker_addresses()[0]
    with publisher(address.url(), client_id=VICTIM) as link:
        up(link.state)
        until(lambda: "paired" in account(daemon), within_seconds=30, what="the account was used")
        assert daemon.installation.run("device", "revoke", VICTIM, "--yes").code == 0
        began = time.monotonic()
        until(lambda: not link.state().is_up, within_seconds=30, what="it is thrown out")

        assert time.monotonic() - began <= granted_seconds(REVOKED_WITHIN_SECONDS)
        down(link.state, "the broker refused the user name or password")


def account(daemon: Daemon) -> str:
    shown = daemon.installation.run("device", "show", VICTIM).out
    return next(line for line in shown.splitlines() if line.startswith("account"))


def test_a_broker_of_ones_own_is_named_in_the_code_with_the_key_that_it_shows(tmp_path: Path) -> None:
    """Where it has no plugin for accounts, the command to make one is printed beside the code."""
    made, port = make_certificate(tmp_path / "tls"), free_port()
    lines = f"listener {port} 127.0.0.1\ncertfile {made.certificate_file}\nkeyfile {made.key_file}"
    url = f"mqtts://veilleur:watch-keeper@127.0.0.1:{port}?key_sha256={made.key_sha256}"
    with running_mosquitto(tmp_path / "broker", users={"veilleur": "watch-keeper"}, extra=lines):
        ran = Installation(tmp_path, settings={"VEILLEUR_MQTT_URL": url}).run("device", "pair", VICTIM, "--no-wait")

    code = read_pairing_code(ran.out)
    assert code.addresses == (f"mqtts://127.0.0.1:{port}",)
    assert code.key_sha256 == made.key_sha256
    assert "mosquitto_passwd" in ran.err
    assert "watch-keeper" not in ran.err


def test_the_line_for_a_first_notification_works_at_an_open_broker_too(daemon: Daemon) -> None:
    """Seen to catch an `_account_here` with an unencrypted address: the broker had not taken the account over."""
    installation = daemon.installation
    assert installation.run("broker", "open", "--address", "127.0.0.1").code == 0
    until(lambda: is_encrypted(installation), within_seconds=30, what="it listens encrypted")
    added = installation.run("device", "add", VICTIM)
    with looking_into(installation.database_url) as stored:
        sent = subprocess.run(shlex.split(added.out), check=False, timeout=20)
        until(lambda: stored.count("notifications") == 1, within_seconds=30, what="it is stored")

    assert "may now connect" in added.err
    assert sent.returncode == 0


def is_encrypted(installation: Installation) -> bool:
    found = running_broker(installation.data_dir / "broker")
    return found is not None and found.is_encrypted
