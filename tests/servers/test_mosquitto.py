"""The mosquitto that tests are given is real, refuses strangers, and comes back where it was."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.servers.mosquitto import running_mosquitto
from tests.servers.ports import is_listening


def test_it_lets_in_whom_it_knows_and_nobody_else(tmp_path: Path) -> None:
    with running_mosquitto(tmp_path, users={"rio": "right", "lea": "other"}) as broker:
        publish = ["mosquitto_pub", "-h", "127.0.0.1", "-p", str(broker.port), "-t", "x", "-m", "y", "-q", "1"]
        known = subprocess.run([*publish, "-u", "rio", "-P", "right"], check=False, capture_output=True)
        stranger = subprocess.run(publish, check=False, capture_output=True)

        assert broker.url == f"mqtt://rio:right@127.0.0.1:{broker.port}"
        assert (known.returncode, stranger.returncode) == (0, 5)


def test_it_comes_back_on_its_port_after_a_kill_and_is_gone_at_the_end(tmp_path: Path) -> None:
    with running_mosquitto(tmp_path) as broker:
        first = broker.pid
        broker.kill()
        assert not is_listening(broker.port)
        broker.start()
        assert broker.pid != first
        broker.restart()
        assert is_listening(broker.port)

    assert not is_listening(broker.port)
