"""The companion's own core as the tablet: the simulator in a process of its own; `make companion` builds its jar."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.architecture.source_file import PROJECT
from veilleur_bridge.mqtt_url import MqttAddress
from veilleur_bridge.pairing import PairingCode, write_pairing_code

JAR = PROJECT / "companion" / "tablet" / "target" / "tablet-all.jar"
SHOWN_LOG = "shown.jsonl"
DRAINS_WITHIN_SECONDS = 120.0
_ENDS_WITHIN_SECONDS = 30.0
_SMALL_JVM = ("-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")

Json = dict[str, Any]


@dataclass(slots=True)
class CompanionTablet:
    """One tablet's folder and log; it can be killed and started again, and goes on where its spool was left."""

    folder: Path
    identity: Sequence[str]
    _process: subprocess.Popen[bytes] | None = None

    def start(self, shown: Sequence[Json], *options: str) -> None:
        """Begin to post what is shown, as fast as the disk takes it unless an option says otherwise."""
        self.folder.mkdir(parents=True, exist_ok=True)
        log = self.folder / SHOWN_LOG
        log.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in shown), encoding="utf-8")
        self.start_with(log, *options)

    def start_with(self, log: Path, *options: str) -> None:
        """Begin to post a log."""
        assert JAR.exists(), f"{JAR} is missing: run make companion"
        java = shutil.which("java")
        assert java is not None, "java is missing: run make test-setup"
        self.folder.mkdir(parents=True, exist_ok=True)
        program = ["setpriv", "--pdeathsig=KILL", "--", java, *_SMALL_JVM, "-jar", str(JAR)]
        identity = [*self.identity, "--state-dir", str(self.folder / "state")]
        rate = [] if "--rate" in options else ["--rate", "max"]
        with (self.folder / "tablet.log").open("ab") as said:
            self._process = subprocess.Popen([*program, *identity, *rate, *options, str(log)], stdout=said, stderr=said)

    def kill(self) -> None:
        """End it as a power cut would (SIGKILL); harmless where it does not run."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait(_ENDS_WITHIN_SECONDS)
            self._process = None

    def stop(self) -> None:
        """Tell it to end, and wait until it has said goodbye."""
        assert self._process is not None, "the tablet does not run"
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(_ENDS_WITHIN_SECONDS)
        self._process = None

    def ended(self, *, within_seconds: float = DRAINS_WITHIN_SECONDS) -> int:
        """Return the code that it ended with by itself."""
        assert self._process is not None, "the tablet does not run"
        try:
            code = self._process.wait(within_seconds)
        except subprocess.TimeoutExpired as late:
            raise AssertionError(f"the tablet goes on after {within_seconds:g} s:\n{self.said[-1_000:]}") from late
        self._process = None
        return code

    def wait_until_drained(self) -> None:
        """Return once it has ended because receipts cover all that it posted (start it with --until-drained)."""
        assert self.ended() == 0, self.said[-1_000:]
        assert " 0 waiting to be stored" in self.said.splitlines()[-1]

    @property
    def said(self) -> str:
        return (self.folder / "tablet.log").read_text(errors="replace")


def named(device: str, address: MqttAddress) -> Sequence[str]:
    """Return who a tablet is that was told its broker by hand."""
    return ("--mqtt-url", address.url(), "--device", device)


def paired_by(code: PairingCode) -> Sequence[str]:
    """Return who a tablet is that was given a pairing code."""
    return ("--pair", write_pairing_code(code))


@contextmanager
def companion_tablet(folder: Path, identity: Sequence[str]) -> Iterator[CompanionTablet]:
    """Give a tablet that is not started yet; end it afterwards."""
    tablet = CompanionTablet(folder, identity)
    try:
        yield tablet
    finally:
        tablet.kill()
