"""A socket that reads much and writes much at once: paho asks it for four pieces of each message, and sends each alone.

Each call to the system lets another thread have the interpreter, and waits to get it back: with a thread that reads
beside the one that receives, that costs more than the call.
"""

from __future__ import annotations

import contextlib
import ssl
from typing import Final, Protocol

RECEIVED_BYTES: Final = 64 * 1024
UNSENT_BYTES: Final = 64 * 1024
NOT_NOW: Final = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class SocketLike(Protocol):
    """What paho asks of a socket, its own websocket included."""

    def recv(self, buffer_size: int, /) -> bytes: ...

    def send(self, buffer: bytes | bytearray, /) -> int: ...

    def close(self) -> None: ...

    def fileno(self) -> int: ...

    def setblocking(self, flag: bool, /) -> None: ...


class BufferedSocket:
    """Wraps one connected, non-blocking socket; what is sent leaves with `flush`, or when it has become much."""

    def __init__(self, wrapped: SocketLike) -> None:
        self._wrapped = wrapped
        self._received = memoryview(b"")
        self._unsent = bytearray()

    @property
    def has_unsent(self) -> bool:
        """Whether something waits to leave."""
        return bool(self._unsent)

    def recv(self, size: int) -> bytes:
        """Return at most so many bytes; raises BlockingIOError where none are here."""
        if not self._received:
            self._received = memoryview(self._wrapped.recv(RECEIVED_BYTES))
        taken = bytes(self._received[:size])
        self._received = self._received[size:]
        return taken

    def send(self, data: bytes | bytearray) -> int:
        """Take everything, or nothing while too much waits (then raises BlockingIOError)."""
        if len(self._unsent) >= UNSENT_BYTES:
            self.flush()
            if len(self._unsent) >= UNSENT_BYTES:
                raise BlockingIOError
        self._unsent += data
        return len(data)

    def flush(self) -> None:
        """Send what the system takes now; raises OSError when the connection is over."""
        with contextlib.suppress(*NOT_NOW):
            while self._unsent:
                del self._unsent[: self._wrapped.send(self._unsent)]

    def pending(self) -> int:
        """Return how many bytes were received that `recv` has not given out."""
        decrypted = getattr(self._wrapped, "pending", None)
        return len(self._received) + (decrypted() if decrypted else 0)

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
