"""Who listens on a port of this machine, so that a refusal can name them."""

from __future__ import annotations

import errno
import socket
from dataclasses import dataclass

import psutil

from veilleur_bridge.errors import AddressWrong, BrokerError, PortTaken


@dataclass(frozen=True, slots=True)
class PortHolder:
    """The program that listens on a port; both are None where the system does not tell us (another user's)."""

    pid: int | None
    program: str | None

    def __str__(self) -> str:
        if self.pid is None:
            return "a program of another user"
        return f"{self.program or 'a program'} (pid {self.pid})"


def holder_of(port: int) -> PortHolder | None:
    """Return who listens on a TCP port of this machine, or None."""
    try:
        connections = psutil.net_connections(kind="tcp")
    except psutil.AccessDenied:
        return None
    for connection in connections:
        if connection.status == psutil.CONN_LISTEN and connection.laddr and connection.laddr[1] == port:
            return PortHolder(connection.pid, _program_of(connection.pid))
    return None


def require_free(host: str, port: int, *, setting: str, host_setting: str = "") -> None:
    """Raise PortTaken, naming the holder, unless we could listen there; `setting` is the variable that moves us.

    `host_setting` is the one that names the address, where there is one: a wrong address is an AddressWrong.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, UnicodeError) as error:
            raise _refusal(error, host, port, setting=setting, host_setting=host_setting) from error


def port_taken(port: int, *, setting: str) -> PortTaken:
    """Make the error for a port that somebody else holds."""
    holder = holder_of(port) or "another program"
    return PortTaken(f"port {port} is taken by {holder}: end it, or choose another port with {setting}=…")


def _refusal(error: Exception, host: str, port: int, *, setting: str, host_setting: str) -> BrokerError:
    reason = getattr(error, "strerror", None) or "it is no host name"
    match getattr(error, "errno", None):
        case errno.EADDRINUSE:
            return port_taken(port, setting=setting)
        case errno.EACCES | errno.EPERM:
            return PortTaken(f"we cannot listen on {host}:{port} ({reason}): choose another port with {setting}")
        case _:
            advice = f"name one of this machine with {host_setting}" if host_setting else "is it this machine's?"
            return AddressWrong(f"we cannot listen on the address {host} ({reason}): {advice}")


def _program_of(pid: int | None) -> str | None:
    try:
        return None if pid is None else psutil.Process(pid).name()
    except psutil.Error:
        return None
