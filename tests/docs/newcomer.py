"""Somebody who types what a page says, in order, through bash, and compares the screen with the page."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

import httpx

from tests.architecture.source_file import PROJECT
from tests.docs.markdown_page import Page, Step
from tests.servers.daemon import PROGRAM, Daemon
from tests.waiting import until

_ACTIVATE = ". .venv/bin/activate"
_START = "make up"
_OPEN = "…"
_MAKES_ACCOUNT = "veilleur device add "
_ACCOUNTS_KNOWN = "broker accounts taken over"
_SENDS = re.compile(r"^mosquitto_pub |--via mqtt")
_ASSIGNS = re.compile(r"^\w+=\S*$")
_TIMING = re.compile(r"^in [\d.]+ s \([\d,]+ a second\)$")
# What the daemon has counted of it by then is a matter of seconds.
_SHORTFALLS = re.compile(r"^Not told whole in this time: .+\.$")
_COMMAND_WITHIN_SECONDS = 60
_DONE_WITHIN_SECONDS = 20


@dataclass(slots=True)
class Newcomer:
    """Types commands beside a daemon that runs; `programs` stand before everything else on their PATH.

    A printed `…` stands for whatever the screen shows there; a command under which nothing is printed only has to work.
    A command that ends in `…` is completed with what the screen showed earlier. What was sent through the broker, and a
    new account at it, are awaited before the next command.
    """

    daemon: Daemon
    programs: Path | None = None
    zone: str = "UTC"
    _screen: str = ""
    _assigned: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        """Type every command of the page and hold what the screen shows against it."""
        (self.daemon.installation.folder / "samples").symlink_to(PROJECT / "samples")
        self._screen = self.daemon.said
        for step in page.steps:
            shown = self._type(step)
            expected = [self._with_our_ports(line) for line in step.printed]
            where = f"{page.path.name}:{step.line_number}: $ {step.command}"
            assert not expected or _as_printed(shown, expected) == expected, where

    def _type(self, step: Step) -> list[str]:
        if step.command == _ACTIVATE:
            return []
        if step.command == _START:
            said = _from_first_like(self.daemon.said.splitlines(), self._with_our_ports(step.printed[0]))
            return said[: len(step.printed)]
        command = self._completed(self._with_our_ports(step.command))
        if _ASSIGNS.match(command):
            self._assigned.append(command)
            return []
        done_before = self._done(command)
        shown = self._run(command)
        if done_before is not None:
            until(lambda: self._done(command) != done_before, within_seconds=_DONE_WITHIN_SECONDS, what=f"$ {command}")
        self._screen += shown
        return shown.rstrip("\n").splitlines()

    def _done(self, command: str) -> int | None:
        """Count what the daemon has done of the kind that a command asks of it; None where it asks for nothing."""
        if command.startswith(_MAKES_ACCOUNT):
            return self.daemon.said.count(_ACCOUNTS_KNOWN)
        return self._stored() if _SENDS.search(command) else None

    def _completed(self, command: str) -> str:
        if not command.endswith(_OPEN):
            return command
        beginning = command.removesuffix(_OPEN).rpartition("=")[2]
        shown = re.search(f"{re.escape(beginning)}.*", self._screen)
        assert shown is not None, f"the screen has not shown what begins with {beginning!r}"
        return command.removesuffix(beginning + _OPEN) + shown[0]

    def _run(self, command: str) -> str:
        script = "\n".join(["set -e -o pipefail", *self._assigned, command])
        done = subprocess.run(
            [str(shutil.which("bash")), "-c", script],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            timeout=_COMMAND_WITHIN_SECONDS,
            cwd=self.daemon.installation.folder,
            env=self._environment(),
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, f"$ {command}\n{done.stdout}"
        return done.stdout

    def _stored(self) -> int:
        asked = {"Authorization": f"Bearer {self.daemon.token}"}
        devices = httpx.get(f"{self.daemon.url}/api/v1/devices", headers=asked, timeout=20).raise_for_status().json()
        return sum(device["notification_count"] for device in devices["devices"])

    def _environment(self) -> dict[str, str]:
        inherited = self.daemon.installation.environment
        folders = [str(self.programs)] if self.programs else []
        path = ":".join([*folders, str(PROGRAM.parent), inherited["PATH"]])
        # Unbuffered, so that both streams reach the screen in the order in which they were written.
        return inherited | {"PATH": path, "COLUMNS": "80", "TZ": self.zone, "PYTHONUNBUFFERED": "1"}

    def _with_our_ports(self, text: str) -> str:
        ours = self.daemon.installation
        return re.sub(r"\b8787\b", str(ours.http_port), re.sub(r"\b1883\b", str(ours.mqtt_port), text))


def _from_first_like(lines: list[str], first: str) -> list[str]:
    """Return the lines from the first one that the page prints on; what a log says before it is no answer."""
    return next((lines[number:] for number, line in enumerate(lines) if _is_as_printed(line, first)), lines)


def _as_printed(shown: list[str], printed: list[str]) -> list[str]:
    """Return the screen, each line that is what the page means written as the page writes it."""
    pairs = zip_longest((line.rstrip() for line in shown), printed)
    return [there if _is_as_printed(line, there) else str(line) for line, there in pairs if line is not None]


def _is_as_printed(line: str, printed: str | None) -> bool:
    if printed is None:
        return False
    meant = ".*".join(re.escape(part) for part in printed.split(_OPEN))
    is_like = any(pattern.match(line) and pattern.match(printed) for pattern in (_TIMING, _SHORTFALLS))
    return is_like or re.fullmatch(meant, line) is not None
