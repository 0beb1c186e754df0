"""`--server`: who may not use it, what else it excludes, and what is said when the server or the token is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.daemon.cli.conftest import BOTH_PLACES, Keep, Place, Run
from tests.daemon.store.arrivals import arrival, sighting
from tests.servers.ports import free_port
from veilleur.cli.zones import LocalZone


@pytest.mark.parametrize(
    "command", [("up",), ("replay", "x.jsonl"), ("reparse",), ("db", "upgrade"), ("token", "list"), ("doctor",)]
)
def test_a_command_of_this_machine_refuses_a_server_with_a_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    for options in (("--server", "http://127.0.0.1:1"), ("--server=http://127.0.0.1:1",)):
        ran = run(*command, *options)
        assert (ran.code, ran.out) == (2, "")
        assert "works on the machine that it runs on" in ran.err


@pytest.mark.parametrize("command", [("up",), ("reparse",), ("token", "list"), ("device", "add", "salle-1")])
def test_a_server_in_the_environment_stops_what_would_work_on_the_data_here(
    run: Run, monkeypatch: pytest.MonkeyPatch, data_dir: Path, command: tuple[str, ...]
) -> None:
    """Broken line: `settings_here` without its check; then `reparse` made and read an empty database here."""
    monkeypatch.setenv("VEILLEUR_SERVER", "http://127.0.0.1:1")

    ran = run(*command)

    assert (ran.code, ran.out, list(data_dir.iterdir())) == (2, "", [])
    assert "VEILLEUR_SERVER" in ran.err


def test_data_that_is_named_stands_over_a_server_of_the_environment(
    run: Run, keep: Keep, monkeypatch: pytest.MonkeyPatch, data_dir: Path
) -> None:
    keep(arrival(1, sighting("hello")))
    monkeypatch.setenv("VEILLEUR_SERVER", "http://127.0.0.1:1")

    assert "hello" in run("mentions", "--data-dir", str(data_dir)).out
    assert run("mentions", "--data-dir", str(data_dir), "--server", "http://127.0.0.1:1").code == 2


@pytest.mark.parametrize("address", ["veilleur", "ftp://127.0.0.1", "http://"])
def test_an_address_that_is_none_is_said_so_in_one_line(run: Run, address: str) -> None:
    ran = run("mentions", "--server", address)

    assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert "https://HOST" in ran.err


def test_a_server_that_does_not_answer_is_said_so_in_one_line(run: Run) -> None:
    address = f"http://127.0.0.1:{free_port()}"

    ran = run("mentions", "--server", address, "--token", "secret-token")

    assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert address in ran.err
    assert "secret-token" not in ran.err


@pytest.mark.parametrize("place", [Place.SERVER], indirect=True)
def test_a_wrong_token_says_how_to_make_one(run: Run) -> None:
    refused = run("campaign", "list", "--token", "veil_wrong")

    assert (refused.code, refused.out) == (1, "")
    assert "veilleur token create" in refused.err
    assert "veil_wrong" not in refused.err


@BOTH_PLACES
@pytest.mark.usefixtures("paris")
def test_the_viewers_zone_goes_with_the_question(run: Run, keep: Keep) -> None:
    keep(arrival(1, sighting("hello")))

    assert "since 2026-07-02 00:00" in run("mentions", "--explain", "since:2026-07-02").out
    assert LocalZone().key == "Europe/Paris"
