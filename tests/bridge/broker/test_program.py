"""Which program the embedded broker is: the wheel's, or the one that the operator chose, and never an unfit one."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from tests.servers.embedded import running_embedded_broker
from tests.servers.nats_from_source import chosen_program
from veilleur_bridge.broker.program import find_server_program, server_version
from veilleur_bridge.errors import BrokerError


def program_saying(folder: Path, words: str) -> Path:
    program = folder / "server"
    program.write_text(f"#!/bin/sh\necho '{words}'\n")
    program.chmod(0o755)
    return program


def test_where_the_wheel_is_missing_both_other_ways_are_told() -> None:
    with pytest.raises(BrokerError) as told:
        find_server_program(wheel="no-such-wheel-anywhere")

    assert "install mosquitto and set VEILLEUR_MQTT_URL=mqtt://" in str(told.value)
    assert "or let VEILLEUR_NATS_SERVER name" in str(told.value)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("nats-server: v2.10.29", "is version 2.10.29; 2.11 or a later one is needed"),
        ("mosquitto version 2.0.11", "does not say that it is a nats-server"),
    ],
)
def test_a_chosen_program_that_will_not_do_is_refused(tmp_path: Path, words: str, complaint: str) -> None:
    """Seen to catch a `_checked` that returns whatever it is given."""
    with pytest.raises(BrokerError, match=f"VEILLEUR_NATS_SERVER: .*{complaint}"):
        find_server_program(program_saying(tmp_path, words))


def test_a_chosen_program_that_is_missing_is_told_with_its_setting(tmp_path: Path) -> None:
    with pytest.raises(BrokerError, match=r"VEILLEUR_NATS_SERVER: .*nowhere cannot be run"):
        find_server_program(tmp_path / "nowhere")


def test_the_running_broker_is_the_chosen_program_in_the_wheels_version(tmp_path: Path) -> None:
    """Run by `make nats-from-source` over the build, elsewhere over the wheel's own program."""
    expected = chosen_program() or find_server_program()

    assert server_version(expected) == server_version(find_server_program())
    with running_embedded_broker(tmp_path) as server:
        assert Path(psutil.Process(server.pid).exe()).samefile(expected)
