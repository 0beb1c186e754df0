"""An MQTT 5 broker that takes what is published with QoS 1, gives it to nobody, and fails as told."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from io import BufferedReader, BytesIO
from typing import IO

from tests.servers.hook import Fault

_CONNECT, _PUBLISH, _DISCONNECT = 1, 3, 14
_CONNACK = bytes.fromhex("2003000000")
_USER_PROPERTY = 0x26
_QUOTA_EXCEEDED = 0x97
_WAITS_S = 60.0


@dataclass(frozen=True)
class Published:
    """One message as it came, with its user properties; `fault` is what was done with it."""

    topic: str
    payload: bytes
    marks: dict[str, str]
    fault: Fault | None


@dataclass
class TakingBroker:
    """What came, and what is done with all that comes: refused (`503`), left without an answer, or answered late."""

    port: int
    came: list[Published] = field(default_factory=list)
    always: Fault | None = None
    may_answer: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)

    def serve(self, line: socket.socket) -> None:
        """Talk with one client until it leaves."""
        with line, line.makefile("rb") as stream, suppress(OSError):
            while (packet := _read_packet(stream)) is not None:
                kind, body = packet
                if kind == _CONNECT:
                    line.sendall(_CONNACK)
                elif kind == _PUBLISH:
                    self._take(line, body)
                elif kind == _DISCONNECT:
                    return

    def _take(self, line: socket.socket, body: bytes) -> None:
        stream = BytesIO(body)
        topic = _read_text(stream)
        message_id = stream.read(2)
        fault = self.always
        self.came.append(Published(topic, *_read_rest(stream), fault))
        if fault is Fault.HANG:
            self.over.wait(_WAITS_S)
            return
        if fault is Fault.LATE:
            self.may_answer.wait(_WAITS_S)
        refusal = bytes([_QUOTA_EXCEEDED]) if fault is Fault.AWAY else b""
        line.sendall(bytes([0x40, 2 + len(refusal)]) + message_id + refusal)


def _read_packet(stream: BufferedReader) -> tuple[int, bytes] | None:
    """Return the next packet's kind and body (MQTT 5 §2.1), None at the end."""
    head = stream.read(1)
    if not head:
        return None
    length = _read_number(stream)
    body = stream.read(length)
    return (head[0] >> 4, body) if len(body) == length else None


def _read_rest(stream: BytesIO) -> tuple[bytes, dict[str, str]]:
    """Return the words and the user properties of a PUBLISH, which has no others here."""
    length = _read_number(stream)
    properties, marks = BytesIO(stream.read(length)), dict[str, str]()
    while kind := properties.read(1):
        assert kind[0] == _USER_PROPERTY
        name = _read_text(properties)
        marks[name] = _read_text(properties)
    return stream.read(), marks


def _read_number(stream: IO[bytes]) -> int:
    """Return a variable byte integer (MQTT 5 §1.5.5)."""
    number = shift = 0
    while byte := stream.read(1):
        number |= (byte[0] & 0x7F) << shift
        shift += 7
        if byte[0] < 0x80:
            break
    return number


def _read_text(stream: IO[bytes]) -> str:
    return stream.read(int.from_bytes(stream.read(2), "big")).decode()


@contextmanager
def running_taking_broker(port: int = 0) -> Iterator[TakingBroker]:
    """Serve while the block runs; a port may be given to come back where one was before."""
    threads: list[threading.Thread] = []
    with socket.create_server(("127.0.0.1", port)) as listening:
        broker = TakingBroker(listening.getsockname()[1])

        def accept() -> None:
            with suppress(OSError):
                while True:
                    line, _ = listening.accept()
                    threads.append(threading.Thread(target=broker.serve, args=(line,), daemon=True))
                    threads[-1].start()

        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield broker
        finally:
            broker.over.set()
            broker.may_answer.set()
            listening.shutdown(socket.SHUT_RDWR)
            accepting.join(20)
            for thread in threads:
                thread.join(20)
