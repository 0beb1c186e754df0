"""Ports given to tests that run at once are never the same."""

from __future__ import annotations

import subprocess
import sys

from tests.servers import ports
from tests.servers.hook import running_hook

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


def test_where_a_hook_was_nobody_else_comes_before_it_is_back() -> None:
    """A connection that took the port of one that was away kept it from coming back: "Address already in use".

    Broken line: a port that the system chose; it was given to the other process.
    """
    with running_hook() as gone:
        port = gone.port

    assert _taken_elsewhere(port).strip() == "False"
    with running_hook(port) as back:
        assert ports.is_listening(back.port)
