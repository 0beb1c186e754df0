"""The named steps of one message at which a daemon is killed or slowed, and how it is told so from outside."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from tests.servers.daemon import Installation

_CRASHING = Path(__file__).parent / "crashing"


@dataclass(frozen=True, slots=True)
class CrashPoint:
    """A step: the call or the return of a function, by the end of its file's path and its dotted name."""

    name: str
    moment: str
    file: str
    function: str

    def killing(self, installation: Installation, number: int, mark: Path) -> Installation:
        """Return the installation with a process that dies, and leaves `mark`, the number-th time it comes by."""
        return _with(installation, CRASH_AT=f"{self._place}:{number}", CRASH_MARK=str(mark))

    def raising(self, installation: Installation, number: int, mark: Path) -> Installation:
        """Return the installation with a process that raises, and leaves `mark`, the number-th time it comes by."""
        return _with(installation, RAISE_AT=f"{self._place}:{number}", CRASH_MARK=str(mark))

    def slowing(self, installation: Installation, seconds: float) -> Installation:
        """Return the installation with a process that takes so much longer each time it comes by."""
        return _with(installation, SLOW_AT=f"{self._place}:{seconds}")

    @property
    def _place(self) -> str:
        return f"{self.moment}:{self.file}:{self.function}"


def _with(installation: Installation, **variables: str) -> Installation:
    settings = {**installation.settings, "PYTHONPATH": str(_CRASHING), **variables}
    return replace(installation, settings=settings)


RECEIVED = CrashPoint("received", "return", "sources/mqtt.py", "MqttSource._receive")
DECODED = CrashPoint("decoded", "return", "veilleur_bridge/codec.py", "Codec.decode")
INSERTED = CrashPoint("inserted", "return", "store/places.py", "save_places")
COMMITTED = CrashPoint("committed", "return", "store/commit.py", "commit_batch")
BEFORE_ACK = CrashPoint("before ack", "call", "sources/mqtt.py", "MqttSource.acknowledge")
AFTER_ACK = CrashPoint("after ack", "return", "mqtt/connection.py", "Connection.acknowledge")
BEFORE_RECEIPT = CrashPoint("before receipt", "call", "veilleur_bridge/control_link.py", "ControlLink.publish")

STEPS = (RECEIVED, DECODED, INSERTED, COMMITTED, BEFORE_ACK, AFTER_ACK, BEFORE_RECEIPT)
