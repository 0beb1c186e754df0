"""Checks connections that somebody else's library makes, wherever a name or a proxy leads it, and ends them in time."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from veilleur.delivery.addresses import AddressGuard
from veilleur.delivery.deadline import Deadline
from veilleur.model.errors import AddressRefused

_CONNECT: Final = "socket.connect"
_CHECKED: Final = frozenset({_CONNECT, "socket.sendto"})


class ConnectGuard:
    """Refuses the connections of a thread while it is `checking`, by Python's audit events (PEP 578).

    An audit hook stays for the life of the process: one guard is made for all.
    """

    def __init__(self, guard: AddressGuard) -> None:
        self._guard = guard
        self._here = threading.local()
        sys.addaudithook(self._heard)

    @contextmanager
    def checking(self, deadline: Deadline) -> Iterator[list[AddressRefused]]:
        """Refuse what this thread connects to in the own network, as an OSError; yields the refusals as they come.

        What it may connect to is covered by the deadline.
        """
        refusals: list[AddressRefused] = []
        self._here.checked = (refusals, deadline)
        try:
            yield refusals
        finally:
            self._here.checked = None

    def _heard(self, event: str, values: tuple[Any, ...]) -> None:
        checked: tuple[list[AddressRefused], Deadline] | None = getattr(self._here, "checked", None)
        # In this order: as the interpreter ends, hooks are still called, and a module's names are gone by then.
        if checked is None or event not in _CHECKED:
            return
        refusals, deadline = checked
        try:
            self._guard.require(str(values[-1][0]) if isinstance(values[-1], tuple) else "a socket of this machine")
        except AddressRefused as refused:
            refusals.append(refused)
            # Of the kind at which whoever connects closes what it opened.
            raise PermissionError(str(refused)) from refused
        if event == _CONNECT:
            deadline.cover(values[0])
