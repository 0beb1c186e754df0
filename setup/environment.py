"""The virtual environment `.venv`, filled from a hashed lock; done again only when something it depends on changed.

Run as `python3 -m setup.environment run|dev`; standard library alone, since nothing is installed yet.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Sequence
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Final

from setup.system_packages import CANNOT_INSTALL, CannotInstallError, install

PROJECT: Final = Path(__file__).resolve().parent.parent
ENVIRONMENT: Final = PROJECT / ".venv"
OLDEST_PYTHON: Final = (3, 11)


class Lock(StrEnum):
    """A lock file of `requirements/`; `dev` holds all of `run`."""

    RUN = "run"
    DEV = "dev"

    @property
    def file(self) -> Path:
        """The hashed requirements."""
        return PROJECT / "requirements" / f"{self}.txt"

    @property
    def stamp(self) -> Path:
        """Where the fingerprint of the last complete installation stands."""
        return ENVIRONMENT / f"installed-{self}"


def is_current(lock: Lock) -> bool:
    """Tell whether `.venv` already holds this lock's packages, or those of a lock that includes them."""
    return any(
        candidate.stamp.is_file() and candidate.stamp.read_text() == _fingerprint(candidate)
        for candidate in {lock, Lock.DEV}
    )


def prepare(lock: Lock) -> None:
    """Make `.venv` hold the lock's packages and this checkout (editable). Idempotent.

    Raises CannotInstallError when a package is missing that this account may not install, or pip fails.
    """
    if is_current(lock):
        return
    if not any(known.stamp.is_file() for known in Lock):
        _create()
    for known in Lock:
        known.stamp.unlink(missing_ok=True)
    _say(f"Installing the Python packages of {lock.file.relative_to(PROJECT)} into .venv (once, a few seconds) …")
    _pip("--require-hashes", "--only-binary=:all:", "--requirement", str(lock.file))
    _pip("--no-deps", "--no-build-isolation", "--no-index", "--editable", str(PROJECT))
    lock.stamp.write_text(_fingerprint(lock))


def main(arguments: Sequence[str]) -> int:
    """Prepare `.venv` for the lock that the one argument names."""
    if len(arguments) != 1 or arguments[0] not in list(Lock):
        _say(f"usage: python3 -m setup.environment {'|'.join(Lock)}")
        return CANNOT_INSTALL
    if sys.version_info < OLDEST_PYTHON:
        oldest = ".".join(map(str, OLDEST_PYTHON))
        _say(f"Veilleur needs Python {oldest} or newer; {sys.executable} is older. Name another: make PYTHON=…")
        return CANNOT_INSTALL
    try:
        prepare(Lock(arguments[0]))
    except CannotInstallError as problem:
        _say(str(problem))
        return CANNOT_INSTALL
    return 0


def _create() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        install(["python3-venv"], "Python's virtual environments")
    _run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)])


def _pip(*arguments: str) -> None:
    python = ENVIRONMENT / "bin" / "python"
    _run([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments])


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CannotInstallError(f"“{' '.join(command)}” failed, saying:\n{(done.stderr or done.stdout).strip()}")


def _fingerprint(lock: Lock) -> str:
    digest = sha256(f"{sys.implementation.cache_tag} {PROJECT}".encode())
    for path in (lock.file, PROJECT / "pyproject.toml"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
