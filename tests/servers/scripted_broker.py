"""A listener that plays a broker's bytes from a script: for what no real broker does on demand."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

CONNACK_V311 = bytes.fromhex("20020000")
# a SUBACK that grants QoS 1 to paho's first message id
SUBACK_V311 = bytes.fromhex("9003000101")
DISCONNECT_V311 = bytes.fromhex("e000")
PUBACK_OF_FIRST = bytes.fromhex("40020001")
CONNACK_V5 = bytes.fromhex("2003000000")
_SECONDS = 30.0


@dataclass(slots=True)
class ScriptedBroker:
    """Answers the hello of each connection with the next script, then only listens; `heard` is all it was told."""

    port: int
    scripts: list[bytes]
    keeps_line: bool = False
    connections: int = 0
    heard: bytearray = field(default_factory=bytearray)
    _open: list[socket.socket] = field(default_factory=list)
    _ended: threading.Event = field(default_factory=threading.Event)

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

    def say(self, words: bytes) -> None:
        """Send something more on every open line."""
        for connection in self._open:
            connection.sendall(words)

    def hang_up(self) -> None:
        """End every line."""
        self._ended.set()
        for connection in self._open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _play(self, connection: socket.socket, script: bytes) -> None:
        with connection, suppress(OSError):
            self.heard += connection.recv(4096)
            connection.sendall(script)
            while heard := connection.recv(4096):
                self.heard += heard
            if self.keeps_line:
                self._ended.wait(_SECONDS)


@contextmanager
def running_script(scripts: Sequence[bytes], *, port: int = 0, keeps_line: bool = False) -> Iterator[ScriptedBroker]:
    """Listen on a loopback port (free unless given) and play one script a connection.

    With `keeps_line` a line stays open when the other side has said its last word, until `hang_up`.
    """
    with socket.create_server(("127.0.0.1", port)) as listener:
        broker = ScriptedBroker(listener.getsockname()[1], list(scripts), keeps_line)
        thread = threading.Thread(target=broker.serve, args=(listener,), name="scripted-broker")
        thread.start()
        try:
            yield broker
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            broker.hang_up()
            thread.join(_SECONDS)
