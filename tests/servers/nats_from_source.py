"""The embedded broker's program, built from source through the Go module proxy in the wheel's version.

`python -m tests.servers.nats_from_source` builds it once for each version and prints its path; the tests take it when
VEILLEUR_NATS_SERVER holds that path.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from veilleur_bridge.broker.program import PROGRAM_NAME, PROGRAM_SETTING, find_server_program, server_version
from veilleur_bridge.errors import BrokerError

MODULE = "github.com/nats-io/nats-server/v2"
CANNOT_BUILD = 2
BUILD_WITHIN_SECONDS = 900


class CannotBuildError(Exception):
    """Says why there is no build, and what is missing."""


def chosen_program() -> Path | None:
    """Return the program that these tests are to take instead of the wheel's."""
    named = os.environ.get(PROGRAM_SETTING)
    return Path(named) if named else None


def built_program() -> Path:
    """Return a build of the wheel's version, made now where this machine has none. Raises CannotBuildError."""
    ours = find_server_program()
    version = server_version(ours)
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "veilleur" / "nats-server"
    program = cache / version / PROGRAM_NAME
    if not program.exists():
        _build(version, program)
    if server_version(program) != version or modules_of(program) != modules_of(ours):
        raise CannotBuildError(f"{program} is not made of what the wheel's {version} is made of: remove it")
    return program


def modules_of(program: Path) -> dict[str, str]:
    """Return version and checksum of every library in a Go program, as its compiler wrote them down."""
    told = _go("version", "-m", str(program))
    libraries = (line.split() for line in told.splitlines() if line.lstrip().startswith("dep\t"))
    return {name: " ".join(rest) for _, name, *rest in libraries}


def _build(version: str, program: Path) -> None:
    program.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=program.parent) as folder:
        _go("install", f"{MODULE}@v{version}", GOBIN=folder, CGO_ENABLED="0")
        Path(folder, PROGRAM_NAME).replace(program)


def _go(*arguments: str, **variables: str) -> str:
    go = shutil.which("go")
    if go is None:
        raise CannotBuildError("go is not on the PATH: install Go, as new as the server's go.mod asks")
    command = [go, *arguments]
    done = subprocess.run(
        command,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=BUILD_WITHIN_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        raise CannotBuildError(f"“{' '.join(command)}” failed, saying:\n{done.stderr.strip()}")
    return done.stdout


def main() -> int:
    """Print the program's path."""
    try:
        sys.stdout.write(f"{built_program()}\n")
    except (CannotBuildError, BrokerError) as problem:
        sys.stderr.write(f"{problem}\n")
        return CANNOT_BUILD
    return 0


if __name__ == "__main__":
    sys.exit(main())
