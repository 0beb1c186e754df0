"""Ports given to tests that run at once are never the same."""

from __future__ import annotations

import subprocess
import sys

from tests.servers import ports

_TAKE = "import sys; from tests.servers import ports; print(ports.held_ports().take(int(sys.argv[1])))"


def _taken_elsewhere(port: int) -> str:
    return subprocess.run([sys.executable, "-c", _TAKE, str(port)], check=True, capture_output=True, text=True).stdout


def test_a_port_is_given_once_in_one_process() -> None:
    given = [ports.free_port() for _ in range(200)]

    assert len(set(given)) == len(given)


def test_a_port_given_here_is_given_to_no_other_process() -> None:
    port = ports.free_port()

    assert _taken_elsewhere(port).strip() == "False"
    assert _taken_elsewhere(port - 20_000).strip() == "True"  # a byte that nobody asks for
