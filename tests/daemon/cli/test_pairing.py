"""`veilleur device pair|show|rename|revoke` and `veilleur broker …`: what they say, ask, refuse and hide."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.daemon.cli.conftest import Run
from veilleur_bridge.pairing import read_pairing_code


def test_pairing_over_a_cable_prints_the_text_alone_to_standard_output(run: Run) -> None:
    ran = run("device", "pair", "salon-1", "--usb", "--no-wait")

    code = read_pairing_code(ran.out)
    assert ran.code == 0
    assert code.device == "salon-1"
    assert code.addresses == ("mqtt://127.0.0.1:1883",)
    assert "adb reverse tcp:1883 tcp:1883" in ran.err
    assert code.secret not in ran.err


def test_a_closed_broker_is_not_opened_without_being_asked_to(run: Run, data_dir: Path) -> None:
    ran = run("device", "pair", "salon-1", "--no-wait")

    assert ran.code == 1
    assert ran.out == ""
    assert "--open" in ran.err
    assert "--usb" in ran.err
    assert not (data_dir / "broker" / "opening.json").exists()
    assert "No device yet" in run("device", "list").err


def test_pairing_in_the_network_opens_the_broker_and_names_its_ways_best_first(run: Run) -> None:
    ran = run("device", "pair", "salon-1", "--open", "--no-wait", "--address", "veilleur.example.org:2883")

    code = read_pairing_code(ran.out)
    shown = run("broker", "certificate").out
    assert "The broker is open to the network" in ran.err
    assert code.addresses[0] == "mqtts://veilleur.example.org:2883"
    assert code.addresses[-1] == f"mqtts://{code.mdns}.local:1883"
    assert all(address.startswith("mqtts://") for address in code.addresses)
    assert code.key_sha256 is not None
    assert f"key SHA-256  {code.key_sha256}" in shown


def test_the_broker_is_opened_to_one_address_and_closed_again(run: Run) -> None:
    assert "192.0.2.10" in run("broker", "open", "--address", "192.0.2.10").err
    code = read_pairing_code(run("device", "pair", "salon-1", "--no-wait").out)
    assert code.addresses == ("mqtts://192.0.2.10:1883",)
    assert run("broker", "close").code == 0

    assert run("device", "pair", "salon-2", "--no-wait").code == 1
    assert run("broker", "open", "--address", "the-office").code == 1


def test_an_option_before_the_command_is_refused_rather_than_passed_over(run: Run, tmp_path: Path) -> None:
    """Seen to catch a `broker` that ignores it: another data folder's broker was opened."""
    ran = run("broker", "--data-dir", str(tmp_path / "other"), "open")

    assert ran.code == 2
    assert "options stand after the command" in ran.err


def test_a_renewed_certificate_keeps_the_key_and_a_new_key_is_told(run: Run) -> None:
    first = run("broker", "certificate").out
    renewed = run("broker", "certificate", "--renew")
    changed = run("broker", "certificate", "--new-key")

    assert renewed.out.splitlines()[0] == first.splitlines()[0]
    assert changed.out.splitlines()[0] != first.splitlines()[0]
    assert "every tablet must be paired again" in changed.err


def test_a_code_stays_void_until_used_and_the_account_says_so(run: Run) -> None:
    run("device", "pair", "salon-1", "--usb", "--no-wait")

    assert "account         awaited" in run("device", "show", "salon-1").out
    assert "unpaired" in run("device", "list").out


def test_a_paired_device_is_not_paired_anew_without_being_asked_to(run: Run) -> None:
    run("device", "add", "salon-1")
    refused = run("device", "pair", "salon-1", "--usb", "--no-wait")

    assert (refused.code, refused.out) == (1, "")
    assert "account         paired" in run("device", "show", "salon-1").out
    assert run("device", "pair", "salon-1", "--usb", "--no-wait", "--yes").code == 0
    assert "account         awaited" in run("device", "show", "salon-1").out


def test_a_label_is_shown_and_taken_away(run: Run) -> None:
    run("device", "add", "salon-1")

    assert run("device", "rename", "salon-1", "Tablette du salon").code == 0
    assert "Tablette du salon" in run("device", "list").out
    assert run("device", "rename", "salon-1", "").code == 0
    assert "label           –" in run("device", "show", "salon-1").out


@pytest.mark.attack
def test_a_label_cannot_drive_the_terminal(run: Run) -> None:
    run("device", "add", "salon-1")
    run("device", "rename", "salon-1", "\x1b[2Jgone\nnext")

    shown = run("device", "show", "salon-1").out + run("device", "list").out
    assert "\x1b[2J" not in shown


def test_revoking_asks_and_then_says_so_once(run: Run) -> None:
    run("device", "add", "salon-1")

    assert run("device", "revoke", "salon-1").code == 1
    assert "account         paired" in run("device", "show", "salon-1").out
    assert run("device", "revoke", "salon-1", "--yes").code == 0
    assert "account         revoked" in run("device", "show", "salon-1").out
    assert run("device", "revoke", "salon-1", "--yes").code == 2


@pytest.mark.parametrize("command", [("show", "nobody"), ("rename", "nobody", "x"), ("revoke", "nobody", "--yes")])
def test_a_device_that_nobody_knows_is_told(run: Run, command: tuple[str, ...]) -> None:
    ran = run("device", *command)

    assert ran.code == 2
    assert "no device is called nobody" in ran.err


def test_a_plain_broker_of_ones_own_gets_no_code_over_the_network(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VEILLEUR_MQTT_URL", "mqtt://veilleur:hunter2@127.0.0.1:1")
    ran = run("device", "pair", "salon-1", "--no-wait")

    assert (ran.code, ran.out) == (1, "")
    assert "not encrypted" in ran.err
    assert "hunter2" not in ran.err
