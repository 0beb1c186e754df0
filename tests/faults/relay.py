"""A TCP relay between MQTT clients and their broker, which cuts, delays, resets, swallows and drops on demand."""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import struct
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from tests.faults.packets import Packet, PacketReader

_LOOPBACK = "127.0.0.1"
_STEP_SECONDS = 30.0
_CHUNK_BYTES = 65_536
# SO_LINGER on, with no time to linger: closing sends RST instead of FIN.
_RESET = struct.pack("ii", 1, 0)
_Found = TypeVar("_Found")


class Way(StrEnum):
    """A direction of a relayed connection."""

    TO_BROKER = "to broker"
    TO_CLIENT = "to client"


@dataclass(slots=True)
class Weather:
    """What the relay does to all that passes: all calm by default.

    `delay_seconds` is the latency of each direction; of each packet, `reset_share` is the chance that its connection
    is reset there; while it `swallows`, connections are accepted and nothing said on them arrives; while it `refuses`,
    none is kept.
    """

    delay_seconds: float = 0.0
    reset_share: float = 0.0
    swallows: bool = False
    refuses: bool = False


@dataclass(slots=True, eq=False)
class Line:
    """One relayed connection, numbered from 1; a half-open one carries nothing more and stays open."""

    number: int
    writers: dict[Way, asyncio.StreamWriter]
    is_half_open: bool = False
    packets: dict[Way, PacketReader] = field(default_factory=lambda: {way: PacketReader() for way in Way})

    @property
    def is_mqtt_5(self) -> bool:
        return self.packets[Way.TO_BROKER].is_mqtt_5

    def end(self, *, by_reset: bool) -> None:
        for writer in self.writers.values():
            raw = writer.get_extra_info("socket")
            if by_reset and raw is not None:
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            writer.transport.abort()


Passes = Callable[[Line, Way, Packet], bool]


class Relay:
    """Relays each connection to one port of this machine, on a thread of its own."""

    def __init__(self, broker_port: int, *, passes: Passes, chance: random.Random) -> None:
        self.weather = Weather()
        self.connections = 0
        self._broker_port = broker_port
        self._passes = passes
        self._chance = chance
        self._lines: set[Line] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="relay")
        self._thread.start()
        self._server = self._do(asyncio.start_server(self._accept, _LOOPBACK, 0))
        self.port: int = self._server.sockets[0].getsockname()[1]

    @property
    def open_lines(self) -> int:
        """Return how many connections stand at this moment."""
        return len(self._lines)

    def cut(self, *, by_reset: bool = False) -> None:
        """End every connection."""

        async def end_all() -> None:
            for line in list(self._lines):
                line.end(by_reset=by_reset)

        self._do(end_all())

    def leave_half_open(self) -> None:
        """Let nothing more pass on the connections of this moment, and neither side know; new ones work."""
        for line in list(self._lines):
            line.is_half_open = True

    def close(self) -> None:
        """End every connection and the relay."""
        self._do(self._finish())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_STEP_SECONDS)
        self._loop.close()

    def _do(self, step: Coroutine[Any, Any, _Found]) -> _Found:
        return asyncio.run_coroutine_threadsafe(step, self._loop).result(_STEP_SECONDS)

    async def _finish(self) -> None:
        self._server.close()
        for line in list(self._lines):
            line.end(by_reset=False)
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = self._loop.create_task(self._relay(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _relay(self, from_client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        if self.weather.refuses:
            to_client.transport.abort()
            return
        try:
            from_broker, to_broker = await asyncio.open_connection(_LOOPBACK, self._broker_port)
        except OSError:
            to_client.transport.abort()
            return
        self.connections += 1
        line = Line(self.connections, {Way.TO_BROKER: to_broker, Way.TO_CLIENT: to_client})
        self._lines.add(line)
        try:
            await asyncio.gather(
                self._carry(line, Way.TO_BROKER, from_client), self._carry(line, Way.TO_CLIENT, from_broker)
            )
        finally:
            line.end(by_reset=False)
            self._lines.discard(line)

    async def _carry(self, line: Line, way: Way, reader: asyncio.StreamReader) -> None:
        """Carry one direction until its sender ends it; a half-open line's other side is not told."""
        waiting: asyncio.Queue[tuple[float, bytes] | None] = asyncio.Queue()
        late = asyncio.ensure_future(self._hand_over(line, way, waiting))
        with contextlib.suppress(OSError):
            while data := await reader.read(_CHUNK_BYTES):
                if self.weather.swallows:
                    line.is_half_open = True
                passing = b"".join(
                    packet.raw for packet in line.packets[way].feed(data) if self._lets(line, way, packet)
                )
                waiting.put_nowait((self._loop.time() + self.weather.delay_seconds, passing))
        waiting.put_nowait(None)
        await late

    def _lets(self, line: Line, way: Way, packet: Packet) -> bool:
        if line.is_half_open:
            return False
        if self.weather.reset_share and self._chance.random() < self.weather.reset_share:
            line.end(by_reset=True)
            return False
        return self._passes(line, way, packet)

    async def _hand_over(self, line: Line, way: Way, waiting: asyncio.Queue[tuple[float, bytes] | None]) -> None:
        writer = line.writers[way]
        with contextlib.suppress(OSError):
            while (item := await waiting.get()) is not None:
                due_at, data = item
                await self._until(due_at)
                if not line.is_half_open:
                    writer.write(data)
                    await writer.drain()
        if not line.is_half_open:
            writer.close()

    async def _until(self, due_at: float) -> None:
        if due_at > self._loop.time():
            due = asyncio.Event()
            self._loop.call_at(due_at, due.set)
            await due.wait()


@contextmanager
def relayed(
    broker_port: int, *, passes: Passes = lambda _line, _way, _packet: True, seed: int = 20261122
) -> Iterator[Relay]:
    """Relay to a port of this machine while the block runs; `passes` sees each packet first, and may drop it."""
    relay = Relay(broker_port, passes=passes, chance=random.Random(seed))
    try:
        yield relay
    finally:
        relay.close()
