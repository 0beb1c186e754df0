"""A device in the foreground ends with 0 when it is told to, and with 1 when its poller ends by itself."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.servers.ports import free_port
from veilleur_bridge.command.identity import Identity
from veilleur_bridge.command.running import DeviceParts, run_device
from veilleur_bridge.envelope import SourceKind
from veilleur_bridge.mqtt_url import MqttAddress
from veilleur_bridge.sources.polling import Pace


class EndingPoller:
    """A poller that ends at once, on request or by itself."""

    def __init__(self, pace: Pace, *, is_told: bool) -> None:
        self._pace = pace
        self._is_told = is_told
        self.was_cancelled = False

    def run(self, config_revision: Callable[[], int | None]) -> None:
        assert config_revision() is None
        if self._is_told:
            self._pace.stop.set()

    def cancel(self) -> None:
        self.was_cancelled = True


@pytest.fixture(autouse=True)
def signals_of_the_tests() -> Iterator[None]:
    """Leave the ways to end the tests as they were."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize(
    ("is_told", "code", "goodbye"), [(True, 0, "stopped, 0 taken"), (False, 1, "error of its own")]
)
def test_the_exit_code_says_who_ended_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], is_told: bool, code: int, goodbye: str
) -> None:
    identity = Identity("salle-1", (MqttAddress("127.0.0.1", free_port()),), tmp_path)
    pollers: list[EndingPoller] = []

    def make_poller(parts: DeviceParts) -> EndingPoller:
        pollers.append(EndingPoller(parts.pace, is_told=is_told))
        return pollers[-1]

    assert run_device(identity, SourceKind.ADB, 1.0, make_poller) == code
    assert pollers[0].was_cancelled
    assert goodbye in capsys.readouterr().err
