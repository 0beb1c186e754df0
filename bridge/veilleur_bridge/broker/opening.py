"""Opens the embedded broker to the network, with TLS, and closes it: a running one follows within seconds."""

from __future__ import annotations

import json
import socket
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from veilleur_bridge.broker.certificate import read_or_make_certificate
from veilleur_bridge.broker.configuration import BrokerSettings
from veilleur_bridge.broker.listening import Listening
from veilleur_bridge.broker.secret_file import write_private
from veilleur_bridge.errors import BrokerError

OPENING_NAME: Final = "opening.json"


def open_broker(folder: Path, host: str | None = None) -> str:
    """Have the broker of a folder listen in the network, on every address or on one; returns where.

    A running broker follows within seconds. Raises BrokerError for what is no address.
    """
    chosen = host or every_address()
    try:
        ip_address(chosen)
    except ValueError as error:
        raise BrokerError(f"{chosen} is no address of this machine: give one as `ip address` shows it") from error
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_private(folder / OPENING_NAME, json.dumps({"host": chosen}))
    return chosen


def close_broker(folder: Path) -> None:
    """Have the broker of a folder listen on this machine alone; a running one follows within seconds."""
    (folder / OPENING_NAME).unlink(missing_ok=True)


def opened_to(folder: Path) -> str | None:
    """Return the address to which the broker is opened, None where it listens on this machine alone."""
    path = folder / OPENING_NAME
    try:
        host = json.loads(path.read_text("utf-8"))["host"]
        return str(ip_address(host))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BrokerError(f"{path} cannot be read: run `veilleur broker open` or `close` again") from error


def wanted_listening(settings: BrokerSettings) -> Listening:
    """Return where the broker should listen now; makes the certificate at its first opening."""
    host = opened_to(settings.folder)
    if host is None:
        return Listening(settings.host, settings.port)
    return Listening(host, settings.port, read_or_make_certificate(settings.certificate_files))


def every_address() -> str:
    """Return what stands for every address of this machine, of both families where it has both."""
    return "::" if socket.has_dualstack_ipv6() else "0.0.0.0"  # noqa: S104 - what an operator asked for, with TLS
