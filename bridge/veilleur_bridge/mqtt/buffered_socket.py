"""A socket that reads much and writes much at once: paho asks for four pieces of each packet, and sends each alone.

Each call to the system lets another thread have the interpreter, and waits to get it back: with a thread that reads
beside the one that receives, that costs more than the call.
"""

from __future__ import annotations

import contextlib
import ssl
from typing import Final, Protocol

from veilleur_bridge.mqtt.incoming import IncomingPackets

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
    """Wraps one connected, non-blocking socket.

    What is sent leaves with `flush`, or when it has become much. What came is taken in by `fill`, and of `incoming`
    only what was released is given out by `recv`.
    """

    def __init__(self, wrapped: SocketLike) -> None:
        self.incoming = IncomingPackets()
        self._wrapped = wrapped
        self._is_over = False
        self._failure: OSError | None = None
        self._unsent = bytearray()

    @property
    def has_unsent(self) -> bool:
        """Whether something waits to leave."""
        return bool(self._unsent)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come; `recv` then tells why."""
        return self._is_over

    def fill(self) -> bool:
        """Take in what the system has now; False where that is nothing, for now or for ever."""
        try:
            data = b"" if self._is_over else self._wrapped.recv(RECEIVED_BYTES)
        except NOT_NOW:
            return False
        except OSError as error:
            self._is_over, self._failure = True, error
            return False
        self._is_over = not data
        self.incoming.add(data)
        return bool(data)

    def recv(self, size: int) -> bytes:
        """Return at most so many bytes of what was released, none at the end; raises OSError as a socket does."""
        served = self.incoming.serve(size)
        if not served and self._failure is not None:
            raise self._failure
        if not served and not self._is_over:
            raise BlockingIOError
        return served

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

    def holds_decrypted(self) -> bool:
        """Return whether bytes have come that the system no longer tells of."""
        pending = getattr(self._wrapped, "pending", None)
        return bool(pending and pending())

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
