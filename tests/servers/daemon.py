"""The real `veilleur` in processes of its own, over folders and free ports that belong to one test."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sysconfig
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import NamedTuple

from tests.servers.ports import free_port
from tests.waiting import until
from veilleur_bridge.broker.accounts import daemon_address
from veilleur_bridge.broker.program import PROGRAM_SETTING
from veilleur_bridge.mqtt_url import MqttAddress

PROGRAM = Path(sysconfig.get_path("scripts")) / "veilleur"
_READY_WITHIN_SECONDS = 90
_ENDS_WITHIN_SECONDS = 40


class Role(StrEnum):
    """A command that runs until it is stopped."""

    UP = "up"
    SERVE = "serve"
    INGEST = "ingest"
    BROKER = "broker"


class Ran(NamedTuple):
    """What one command left behind."""

    code: int
    out: str
    err: str


class Ended(NamedTuple):
    """How a daemon ended once it was told to."""

    code: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Installation:
    """Where one Veilleur keeps its things; `run` runs a command over it as a person would."""

    folder: Path
    http_port: int = field(default_factory=free_port)
    mqtt_port: int = field(default_factory=free_port)
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def data_dir(self) -> Path:
        return self.folder / "data"

    @property
    def database_url(self) -> str:
        return self.settings.get("VEILLEUR_DATABASE_URL") or f"sqlite:///{self.data_dir / 'veilleur.db'}"

    @property
    def environment(self) -> dict[str, str]:
        """The variables of every process of this installation: ours, and none that the tests were started with."""
        inherited = {
            name: value
            for name, value in os.environ.items()
            if name == PROGRAM_SETTING or not name.startswith("VEILLEUR_")
        }
        own = {
            "VEILLEUR_DATA_DIR": str(self.data_dir),
            "VEILLEUR_KEY_DIR": str(self.folder / "keys"),
            "VEILLEUR_HTTP_PORT": str(self.http_port),
            "VEILLEUR_MQTT_PORT": str(self.mqtt_port),
        }
        return inherited | {"COLUMNS": "200"} | own | dict(self.settings)

    def broker(self) -> MqttAddress:
        """Return the embedded broker's address with the daemon's own account."""
        return daemon_address(self.data_dir / "broker", host="127.0.0.1", port=self.mqtt_port)

    def run(self, *arguments: str, given: bytes = b"", within_seconds: float = 60) -> Ran:
        """Run one command to its end, with `given` as its standard input."""
        self.folder.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [str(PROGRAM), *arguments],
            input=given,
            capture_output=True,
            timeout=within_seconds,
            cwd=self.folder,
            env=self.environment,
            check=False,
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


@dataclass(slots=True)
class Daemon:
    """A long-running command that can be killed and started again over the same installation."""

    installation: Installation
    role: Role = Role.UP
    _process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None, f"veilleur {self.role} does not run"
        return self._process.pid

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.installation.http_port}"

    @property
    def said(self) -> str:
        """Everything that it wrote to standard output and standard error since its first start."""
        return self._log.read_text(encoding="utf-8", errors="replace") if self._log.exists() else ""

    @property
    def token(self) -> str:
        """The token that the first start printed."""
        found = re.search(r"^  (veil_\S+)$", self.said, re.MULTILINE)
        assert found is not None, f"no token was printed:\n{self.said}"
        return found[1]

    def launch(self) -> None:
        """Start it and return at once."""
        self.installation.folder.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                ["setpriv", "--pdeathsig=KILL", "--", str(PROGRAM), str(self.role)],
                stdout=output,
                stderr=output,
                cwd=self.installation.folder,
                env=self.installation.environment,
            )

    def start(self) -> None:
        """Start it and wait until it is ready."""
        said_before = len(self.said)
        self.launch()
        until(
            lambda: self._is_ready(self.said[said_before:]),
            within_seconds=_READY_WITHIN_SECONDS,
            what=f"veilleur {self.role} is ready",
        )

    def kill(self) -> None:
        """End it as a power cut would (SIGKILL)."""
        self._end(signal.SIGKILL)

    def stop(self) -> Ended:
        """End it as its service manager would (SIGTERM); harmless where it does not run."""
        return self._end(signal.SIGTERM)

    def restart(self) -> None:
        """Stop it where it runs, and start it again."""
        self.stop()
        self.start()

    def readiness(self) -> int | None:
        """Return the HTTP status of `/readyz`, None where nobody answers."""
        try:
            with closing(HTTPConnection("127.0.0.1", self.installation.http_port, timeout=5)) as connection:
                connection.request("GET", "/readyz")
                return connection.getresponse().status
        except (OSError, HTTPException):
            return None

    @property
    def _log(self) -> Path:
        return self.installation.folder / f"{self.role}.log"

    def _end(self, how: signal.Signals) -> Ended:
        if self._process is None:
            return Ended(0, 0.0)
        began = time.monotonic()
        self._process.send_signal(how)
        code = self._process.wait(timeout=_ENDS_WITHIN_SECONDS)
        self._process = None
        return Ended(code, time.monotonic() - began)

    def _is_ready(self, said: str) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise AssertionError(f"veilleur {self.role} did not start:\n{said}")
        match self.role:
            case Role.INGEST:
                return "receipts begin a round" in said and "taking notifications" in said
            case Role.BROKER:
                return "broker on" in said
            case Role.UP | Role.SERVE:
                return "Ctrl+C ends it" in said and self.readiness() == HTTPStatus.OK


@contextmanager
def running_daemon(folder: Path, role: Role = Role.UP, **settings: str) -> Iterator[Daemon]:
    """Run `veilleur ROLE` over a new installation in `folder`; end it afterwards."""
    with running_over(Installation(folder, settings=settings), role) as daemon:
        yield daemon


@contextmanager
def running_over(installation: Installation, role: Role) -> Iterator[Daemon]:
    """Run `veilleur ROLE` over an installation; end it afterwards."""
    daemon = Daemon(installation, role)
    try:
        daemon.start()
        yield daemon
    finally:
        daemon.stop()
