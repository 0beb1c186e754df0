"""`veilleur device add` and `revoke` at a mosquitto of one's own: by its plugin, or by printed commands."""

from __future__ import annotations

import shlex
import signal
import subprocess
from contextlib import closing
from dataclasses import replace
from os import kill
from pathlib import Path

from tests.bridge.mqtt.mqtt_parts import Reader, down, up
from tests.deploy.deployed_mosquitto import DeployedBroker, running_with_dynamic_security, running_with_password_file
from tests.end_to_end.stored_rows import looking_into
from tests.servers.daemon import PROGRAM, Installation, Role, running_over
from tests.waiting import until
from veilleur_bridge.mqtt_url import parse_mqtt_url
from veilleur_bridge.pairing import read_pairing_code

PASSWORD_FILE = "/etc/mosquitto/veilleur.passwords"


def installation(folder: Path, broker: DeployedBroker) -> Installation:
    return Installation(folder, settings={"VEILLEUR_MQTT_URL": broker.own_url()})


def publish(line: str) -> int:
    return subprocess.run(shlex.split(line), check=False, capture_output=True, timeout=20).returncode


def test_with_dynamic_security_an_account_comes_and_goes_without_a_hand_at_the_broker(tmp_path: Path) -> None:
    """Seen to catch a `revoke` that leaves the broker alone: the device went on."""
    with running_with_dynamic_security(tmp_path / "broker") as broker:
        ours = installation(tmp_path / "ours", broker)
        added = ours.run("device", "add", "salle-1")
        assert added.code == 0, added.err
        with running_over(ours, Role.INGEST):
            assert publish(added.out) == 0
            until(lambda: "first light" in ours.run("mentions").out, within_seconds=30, what="the mention")
        revoked = ours.run("device", "revoke", "salle-1", "--yes")

        assert (revoked.code, revoked.out) == (0, "")
        assert publish(added.out) != 0
    assert "salle-1 may now connect" in added.err


def test_with_dynamic_security_the_account_of_a_code_that_nobody_used_in_time_goes_by_itself(tmp_path: Path) -> None:
    """Seen to catch a `BrokerWatch` that leaves it: the account was good for ever."""
    with running_with_dynamic_security(tmp_path / "broker") as broker:
        ours = installation(tmp_path / "ours", broker)
        ours = replace(ours, settings={**ours.settings, "VEILLEUR_WATCH_INTERVAL_S": "0.2"})
        paired = ours.run("device", "pair", "salle-1", "--usb", "--no-wait")
        code = read_pairing_code(paired.out)
        account = replace(parse_mqtt_url(broker.own_url()), username="salle-1", password=code.secret)
        with closing(Reader(account.url(), "salle-1", None)) as tablet, looking_into(ours.database_url) as stored:
            up(tablet.state)
            with running_over(ours, Role.INGEST):
                assert tablet.state().is_up
                stored.change("UPDATE devices SET pairing_expires_at = 1 WHERE name = 'salle-1'")
                down(tablet.state, "the broker refused the user name or password")


def test_with_a_password_file_the_printed_commands_are_waited_for_and_the_account_is_tried(tmp_path: Path) -> None:
    """Seen to catch an `add` that ends before the account works."""
    with running_with_password_file(tmp_path / "broker") as broker:
        ours = installation(tmp_path / "ours", broker)
        ours.folder.mkdir()
        with (
            (ours.folder / "err").open("wb") as err,
            subprocess.Popen(
                [str(PROGRAM), "device", "add", "salle-2"],
                stderr=err,
                stdout=err,
                env=ours.environment,
                cwd=ours.folder,
            ) as adding,
        ):
            said = until(lambda: told(ours.folder / "err", "Waiting until"), within_seconds=30, what="it waits")
            assert adding.poll() is None
            run_as_printed(said, broker)
            assert adding.wait(30) == 0
        revoked = ours.run("device", "revoke", "salle-2", "--yes")

    assert "salle-2 may now connect" in (ours.folder / "err").read_text()
    assert revoked.out.splitlines() == [
        f"sudo mosquitto_passwd -D {PASSWORD_FILE} salle-2",
        "sudo systemctl reload mosquitto",
    ]


def told(file: Path, words: str) -> str | None:
    said = file.read_text()
    return said if words in said else None


def run_as_printed(said: str, broker: DeployedBroker) -> None:
    """Run the printed commands, with this test's password file and process in the place of the machine's."""
    steps = [line.removeprefix("At your broker, ") for line in said.splitlines() if line.startswith("At your broker, ")]
    adding, password, reload = (step.partition(": ")[2] for step in steps)
    assert reload == "sudo systemctl reload mosquitto"
    assert password not in adding, "everybody on the machine reads the words of a command"
    command = [word.replace(PASSWORD_FILE, str(broker.server.folder / "veilleur.passwords")) for word in adding.split()]
    subprocess.run(command[1:], input=f"{password}\n{password}\n", text=True, check=True, timeout=20)
    kill(broker.server.pid, signal.SIGHUP)
