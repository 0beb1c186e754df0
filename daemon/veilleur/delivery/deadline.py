"""One time for a whole sending, from its name's address to the answer: whoever drips is cut off once it is over."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from typing import Final, Protocol

from msgspec.structs import replace

from veilleur.delivery.channel import Message
from veilleur.model.delivery import Answer, AttemptOutcome
from veilleur.model.errors import ReceiverRefused

GRACE: Final = 0.25
"""The part of its time that a sending has, once it was cut off, to say what came of it."""
_WITHOUT_ANSWER: Final = frozenset({AttemptOutcome.UNKNOWN, AttemptOutcome.UNREACHED})


class Deadline:
    """Holds the connections of one sending, and cuts them; a connection begun afterwards is refused."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lines: list[socket.socket] = []
        self._has_connected = False
        self._is_over = False

    @property
    def has_connected(self) -> bool:
        """Whether anything may have left."""
        return self._has_connected

    def cover(self, line: socket.socket) -> None:
        """Have a connection cut in time, whatever wraps it later; call it before it connects. Raises TimeoutError."""
        with self._lock:
            if self._is_over:
                raise TimeoutError("the time of this sending is over")
            # TLS takes a socket's descriptor away from it: one of our own reaches the same connection.
            self._lines.append(socket.socket(line.family, line.type, line.proto, os.dup(line.fileno())))
            self._has_connected = True

    def cut(self) -> None:
        """End every connection."""
        with self._lock:
            self._is_over = True
            for line in self._lines:
                with line, contextlib.suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)
            self._lines.clear()


class Way(Protocol):
    """A way to receivers that knows no time; both may be called from several threads at once."""

    def masked(self, address: str) -> str:
        """Return an address without its secrets; raises ReceiverRefused for one that cannot be used."""
        ...

    def send(self, address: str, message: Message, deadline: Deadline) -> Answer:
        """Send once, over connections that the deadline covers; what others can do wrong is an answer."""
        ...


class TimedChannel:
    """Sends by a way within `within_s` and a quarter of it, whatever names, services and their senders do."""

    def __init__(self, way: Way, within_s: float) -> None:
        self._way = way
        self._within_s = within_s

    def masked(self, address: str) -> str:
        """Return an address without its secrets; raises ReceiverRefused for one that cannot be used."""
        return self._way.masked(address)

    def send(self, address: str, message: Message) -> Answer:
        """Send once; what is not answered in time is cut off, and sends nothing afterwards."""
        deadline, answers = Deadline(), list[Answer]()

        def send() -> None:
            try:
                answers.append(self._way.send(address, message, deadline))
            except ReceiverRefused as refused:
                answers.append(Answer(AttemptOutcome.UNREACHED, str(refused)))

        # Of its own, since nothing ends a name's lookup or somebody else's pause: it is left behind then.
        thread = threading.Thread(target=send, name="sending", daemon=True)
        thread.start()
        thread.join(self._within_s)
        was_late = thread.is_alive()
        deadline.cut()
        thread.join(self._within_s * GRACE)
        return self._told(answers[0] if answers else None, deadline, was_late=was_late)

    def _told(self, answer: Answer | None, deadline: Deadline, *, was_late: bool) -> Answer:
        if answer is None:
            answer = Answer(AttemptOutcome.UNKNOWN if deadline.has_connected else AttemptOutcome.UNREACHED)
        if was_late and answer.outcome in _WITHOUT_ANSWER:
            return replace(answer, detail=f"no answer within {self._within_s:g} s")
        return answer
