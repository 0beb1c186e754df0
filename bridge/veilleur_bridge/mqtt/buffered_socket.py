"""A socket that reads much and writes much at once, and knows where the packets in what it read begin and end.

paho asks the system for four pieces of each message, and sends each packet alone. Each call lets another thread have
the interpreter and waits to get it back: with a thread that reads beside the one that receives, that costs more than
the call.
"""

from __future__ import annotations

import contextlib
import ssl
from typing import Final, NamedTuple, Protocol

RECEIVED_BYTES: Final = 64 * 1024
UNSENT_BYTES: Final = 64 * 1024
NOT_NOW: Final = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
MOST_LENGTH_BYTES: Final = 4


class SocketLike(Protocol):
    """What paho asks of a socket, its own websocket included."""

    def recv(self, buffer_size: int, /) -> bytes: ...

    def send(self, buffer: bytes | bytearray, /) -> int: ...

    def close(self) -> None: ...

    def fileno(self) -> int: ...

    def setblocking(self, flag: bool, /) -> None: ...


class Packet(NamedTuple):
    """One MQTT control packet: its first byte, and what follows its length (MQTT 3.1.1 §2.2)."""

    first_byte: int
    body: bytes


class BufferedSocket:
    """Wraps one connected, non-blocking socket; what is sent leaves with `flush`.

    `fill` takes in what has come. Then either `take` gives a whole packet out, or `recv` its bytes.
    """

    def __init__(self, wrapped: SocketLike) -> None:
        self._wrapped = wrapped
        self._data = b""
        self._at = 0
        self._missing = 0
        self._is_over = False
        self._error: OSError | None = None
        self._unsent = bytearray()

    @property
    def has_unsent(self) -> bool:
        """Whether something waits to leave."""
        return bool(self._unsent)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come: `recv` then tells why."""
        return self._is_over

    def fill(self) -> bool:
        """Take in what the system has; False where that is nothing for now."""
        try:
            data = self._wrapped.recv(max(RECEIVED_BYTES, self._missing))
        except NOT_NOW:
            return False
        except OSError as error:
            self._is_over, self._error = True, error
            return True
        self._is_over = not data
        self._data, self._at = self._data[self._at :] + data, 0
        return True

    def peek(self) -> int | None:
        """Return the first byte of the next packet, None while it is not here whole."""
        return self._data[self._at] if self._ends_at() else None

    def take(self) -> Packet:
        """Return the next packet; only after `peek` has seen one."""
        end, begin = self._ends_at(), self._at + 2
        while self._data[begin - 1] & 0x80:
            begin += 1
        packet = Packet(self._data[self._at], self._data[begin:end])
        self._at = end
        return packet

    def recv(self, size: int) -> bytes:
        """Return at most so many of the bytes that were taken in; raises BlockingIOError where none are here."""
        if self._at == len(self._data):
            if self._error is not None:
                raise self._error
            if not self._is_over and not self.fill():
                raise BlockingIOError
        taken = self._data[self._at : self._at + size]
        self._at += len(taken)
        return taken

    def send(self, data: bytes | bytearray) -> int:
        """Take everything, or nothing until a `flush` while too much waits (then raises BlockingIOError)."""
        if len(self._unsent) >= UNSENT_BYTES:
            raise BlockingIOError
        self._unsent += data
        return len(data)

    def flush(self) -> None:
        """Send what the system takes now; raises OSError when the connection is over."""
        with contextlib.suppress(*NOT_NOW):
            while self._unsent:
                del self._unsent[: self._wrapped.send(self._unsent)]

    def close(self) -> None:
        """Send what the system still takes, and close."""
        with contextlib.suppress(OSError):
            self.flush()
        self._wrapped.close()

    def fileno(self) -> int:
        """Return the descriptor of the wrapped socket."""
        return self._wrapped.fileno()

    def setblocking(self, flag: bool) -> None:
        """Let the wrapped socket wait, or not."""
        self._wrapped.setblocking(flag)

    def _ends_at(self) -> int:
        """Return where the next packet ends, 0 while it is not here whole; an endless length is for paho to refuse."""
        data, at = self._data, self._at + 1
        length, shift = 0, 0
        for byte in data[at : at + MOST_LENGTH_BYTES]:
            at += 1
            length |= (byte & 0x7F) << shift
            if not byte & 0x80:
                self._missing = at + length - len(data)
                return at + length if self._missing <= 0 else 0
            shift += 7
        return at if shift == 7 * MOST_LENGTH_BYTES else 0
