"""A tablet in a process of its own: `veilleur-bridge simulate` with a spool and a ledger in one folder."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.made import Made
from tests.waiting import until
from veilleur_bridge.mqtt_url import MqttAddress

PROGRAM = Path(sysconfig.get_path("scripts")) / "veilleur-bridge"
_ENDS_WITHIN_SECONDS = 30.0
_BEGINS_WITHIN_SECONDS = 60.0


@dataclass(slots=True)
class Tablet:
    """Makes `count` notifications in its spool's life, however often it is killed and started again."""

    folder: Path
    address: MqttAddress
    count: int
    device: str = "salle-9"
    options: tuple[str, ...] = ("--rate", "max")
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, or start it again; it ends by itself once all that it made is stored."""
        self.folder.mkdir(parents=True, exist_ok=True)
        identity = ["--mqtt-url", self.address.url(), "--device", self.device, "--state-dir", str(self.folder)]
        what = ["--count", str(self.count), "--until-empty", "--ledger", str(self._ledger), *self.options]
        with (self.folder / "tablet.log").open("ab") as said:
            self._process = subprocess.Popen(
                ["setpriv", "--pdeathsig=KILL", "--", str(PROGRAM), "simulate", *identity, *what],
                stdout=said,
                stderr=said,
                env={name: value for name, value in os.environ.items() if not name.startswith("VEILLEUR_")},
            )

    def kill(self) -> None:
        """End it as a power cut would (SIGKILL)."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait(_ENDS_WITHIN_SECONDS)
            self._process = None

    def wait_until_empty(self, *, within_seconds: float) -> None:
        """Return once it has ended because receipts cover all that it made."""
        assert self._process is not None, "the tablet does not run"
        try:
            code = self._process.wait(within_seconds)
        except subprocess.TimeoutExpired as late:
            raise AssertionError(f"the spool is not empty after {within_seconds:g} s:\n{self.said[-1_000:]}") from late
        assert code == 0, self.said[-1_000:]

    def wait_until_made(self, count: int) -> None:
        """Return once its spool took so many."""
        until(lambda: self._lines() >= count, within_seconds=_BEGINS_WITHIN_SECONDS, what=f"{count} are spooled")

    def made(self) -> list[Made]:
        """Return its ledger; the line that it is just writing is left out."""
        if not self._ledger.exists():
            return []
        whole = self._ledger.read_bytes().rpartition(b"\n")[0]
        lines = (json.loads(line) for line in whole.splitlines())
        return [Made(line["device"], line["epoch"], line["seq"], bytes.fromhex(line["sha256"])) for line in lines]

    def oldest_seq(self) -> int:
        """Return the oldest seq that its spool still holds, as its segments are named."""
        (spool,) = self.folder.glob("*/spool")
        return min((int(segment.stem) for segment in spool.glob("*.spool")), default=1)

    @property
    def said(self) -> str:
        return (self.folder / "tablet.log").read_text(errors="replace")

    def _lines(self) -> int:
        return self._ledger.read_bytes().count(b"\n") if self._ledger.exists() else 0

    @property
    def _ledger(self) -> Path:
        return self.folder / "made.jsonl"


@contextmanager
def running_tablet(folder: Path, address: MqttAddress, count: int, *options: str) -> Iterator[Tablet]:
    """Start a tablet that makes so many notifications; end it afterwards."""
    tablet = Tablet(folder, address, count, options=options or ("--rate", "max"))
    try:
        tablet.start()
        yield tablet
    finally:
        tablet.kill()
