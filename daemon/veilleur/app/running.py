"""Finds the daemon that keeps another one from starting, where it answers."""

from __future__ import annotations

from contextlib import closing
from http.client import HTTPConnection, HTTPException
from typing import Final

from msgspec import Struct

from veilleur.app.settings import Settings
from veilleur.model.errors import AlreadyRunning
from veilleur_bridge.ports import holder_of

_ANSWERS_WITHIN_S: Final = 2.0
_LOOPBACK_OF: Final = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - what listens everywhere


class RunningDaemon(Struct, frozen=True):
    """A daemon that answers at `web`."""

    pid: int
    web: str


def find_running(settings: Settings, refused: AlreadyRunning) -> RunningDaemon | None:
    """Return the daemon that holds the lease, where it is the one that answers on the configured port."""
    holder = holder_of(settings.http_port)
    # The refusal names the lease's process: another data folder's daemon may have this port.
    if holder is None or holder.pid is None or f"process {holder.pid} " not in str(refused):
        return None
    web = pages_address(settings)
    return None if web is None else RunningDaemon(holder.pid, web)


def pages_address(settings: Settings) -> str | None:
    """Return where API and pages answer now, None where they do not."""
    return own_address(settings) if _answers(_host(settings), settings.http_port) else None


def own_address(settings: Settings) -> str:
    """Return where API and pages are on this machine once they are served."""
    host = _host(settings)
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.http_port}"


def _host(settings: Settings) -> str:
    return _LOOPBACK_OF.get(settings.http_host, settings.http_host)


def _answers(host: str, port: int) -> bool:
    """Tell whether readiness is told there, be it good or bad."""
    try:
        with closing(HTTPConnection(host, port, timeout=_ANSWERS_WITHIN_S)) as connection:
            connection.request("GET", "/readyz")
            return b'"is_ready"' in connection.getresponse().read()
    except (OSError, HTTPException):
        return False
