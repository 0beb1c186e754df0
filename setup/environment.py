"""The virtual environment `.venv`, filled from a hashed lock; done again only when something it depends on changed.

Run as `python3 -m setup.environment run|dev`; standard library alone, since nothing is installed yet.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Final

from setup.system_packages import CANNOT_INSTALL, CannotInstallError, install

OLDEST_PYTHON: Final = (3, 11)


class Lock(StrEnum):
    """A lock file of `requirements/`; `dev` holds all of `run`."""

    RUN = "run"
    DEV = "dev"


@dataclass(frozen=True, slots=True)
class Environment:
    """The `.venv` of one checkout, and what was last installed into it."""

    project: Path

    @property
    def folder(self) -> Path:
        """Where the virtual environment stands."""
        return self.project / ".venv"

    def lock_file(self, lock: Lock) -> Path:
        """Return the hashed requirements."""
        return self.project / "requirements" / f"{lock}.txt"

    def is_current(self, lock: Lock) -> bool:
        """Tell whether it already holds this lock's packages, or those of a lock that includes them."""
        return any(
            self._stamp(held).is_file() and self._stamp(held).read_text() == self._fingerprint(held)
            for held in {lock, Lock.DEV}
        )

    def is_empty(self) -> bool:
        """Tell whether nothing was ever completely installed into it."""
        return not any(self._stamp(lock).is_file() for lock in Lock)

    def remember(self, lock: Lock) -> None:
        """Note that this lock, as it is now, is installed."""
        self._stamp(lock).write_text(self._fingerprint(lock))

    def forget(self) -> None:
        """Note that what is installed is being changed."""
        for lock in Lock:
            self._stamp(lock).unlink(missing_ok=True)

    def _stamp(self, lock: Lock) -> Path:
        return self.folder / f"installed-{lock}"

    def _fingerprint(self, lock: Lock) -> str:
        digest = sha256(f"{sys.implementation.cache_tag} {self.project}".encode())
        for path in (self.lock_file(lock), self.project / "pyproject.toml"):
            digest.update(path.read_bytes())
        return digest.hexdigest()


def prepare(environment: Environment, lock: Lock) -> None:
    """Make the environment hold the lock's packages and its checkout (editable). Idempotent.

    Raises CannotInstallError when a package is missing that this account may not install, or pip fails.
    """
    if environment.is_current(lock):
        return
    if environment.is_empty():
        _create(environment.folder)
    environment.forget()
    _say(f"Installing the Python packages of requirements/{lock}.txt into .venv (once, a few seconds) …")
    pip = [str(environment.folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run([*pip, "--require-hashes", "--only-binary=:all:", "--requirement", str(environment.lock_file(lock))])
    _run([*pip, "--no-deps", "--no-build-isolation", "--no-index", "--editable", str(environment.project)])
    environment.remember(lock)


def main(arguments: Sequence[str]) -> int:
    """Prepare the `.venv` of the working directory for the lock that the one argument names."""
    if len(arguments) != 1 or arguments[0] not in list(Lock):
        _say(f"usage: python3 -m setup.environment {'|'.join(Lock)}")
        return CANNOT_INSTALL
    if sys.version_info < OLDEST_PYTHON:
        oldest = ".".join(map(str, OLDEST_PYTHON))
        _say(f"Veilleur needs Python {oldest} or newer; {sys.executable} is older. Name another: make PYTHON=…")
        return CANNOT_INSTALL
    try:
        prepare(Environment(Path.cwd()), Lock(arguments[0]))
    except CannotInstallError as problem:
        _say(str(problem))
        return CANNOT_INSTALL
    return 0


def _create(folder: Path) -> None:
    if importlib.util.find_spec("ensurepip") is None:
        install(["python3-venv"], "Python's virtual environments")
    _run([sys.executable, "-m", "venv", "--clear", str(folder)])


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CannotInstallError(f"“{' '.join(command)}” failed, saying:\n{(done.stderr or done.stdout).strip()}")


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
