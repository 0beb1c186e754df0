"""A listener that plays a broker's bytes from a script: for what no real broker does on demand."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

CONNACK_V311 = bytes.fromhex("20020000")
CONNACK_V5 = bytes.fromhex("2003000000")
_SECONDS = 10.0


@dataclass(slots=True)
class ScriptedBroker:
    """Answers the hello of each connection with the next script, then only listens; `heard` is all it was told."""

    port: int
    scripts: list[bytes]
    connections: int = 0
    heard: bytearray = field(default_factory=bytearray)
    _open: list[socket.socket] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"mqtt://127.0.0.1:{self.port}"

    def serve(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                self._open.append(connection)
                script = self.scripts[self.connections] if self.connections < len(self.scripts) else b""
                self.connections += 1
                threading.Thread(target=self._play, args=(connection, script), daemon=True).start()

    def hang_up(self) -> None:
        for connection in self._open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _play(self, connection: socket.socket, script: bytes) -> None:
        with connection, suppress(OSError):
            self.heard += connection.recv(4096)
            connection.sendall(script)
            while heard := connection.recv(4096):
                self.heard += heard


@contextmanager
def running_script(scripts: Sequence[bytes], *, port: int = 0) -> Iterator[ScriptedBroker]:
    """Listen on a loopback port (free unless given) and play one script a connection."""
    with socket.create_server(("127.0.0.1", port)) as listener:
        broker = ScriptedBroker(listener.getsockname()[1], list(scripts))
        thread = threading.Thread(target=broker.serve, args=(listener,), name="scripted-broker")
        thread.start()
        try:
            yield broker
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            broker.hang_up()
            thread.join(_SECONDS)
