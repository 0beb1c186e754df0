"""What passes between the daemon or a replay and the process that reads for it: msgpack frames over two pipes."""

from __future__ import annotations

import struct
from functools import partial
from io import FileIO
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from veilleur.app.logs import LogFormat, LogLevel
from veilleur.ingest.batches import ReadBatch
from veilleur.model.arrival import Arrival
from veilleur_bridge.broker.running import find_running_broker
from veilleur_bridge.delivery import LogProblem
from veilleur_bridge.mqtt.link import LinkState
from veilleur_bridge.mqtt.options import MqttProtocol, Whereabouts
from veilleur_bridge.mqtt_url import MqttAddress
from veilleur_bridge.sources.log_format import LogFormat as NotificationLogFormat

_LENGTH: Final = struct.Struct(">I")


class LogChoice(Struct, frozen=True, tag=True):
    """Which log is read and how; `path` None is standard input, `device` names the tablet of formats that do not."""

    path: Path | None
    format: NotificationLogFormat | None
    device: str

    @property
    def name(self) -> str:
        """What a person calls it."""
        return str(self.path) if self.path else "-"


class BrokerChoice(Struct, frozen=True, tag=True):
    """Which broker's notifications are taken in, and as whom; the embedded one of a folder may move."""

    address: MqttAddress
    client_id: str
    protocol: MqttProtocol
    embedded_folder: Path | None = None

    @property
    def whereabouts(self) -> Whereabouts | None:
        """What tells where the embedded broker is now; None for one that stays where it is."""
        return None if self.embedded_folder is None else partial(find_running_broker, self.embedded_folder)


class ReadingTask(Struct, frozen=True, kw_only=True):
    """What a reading process is started for: the first frame that it gets."""

    source: LogChoice | BrokerChoice
    catalogues: Path | None
    log_level: LogLevel
    log_format: LogFormat


class LogBatch(Struct, frozen=True, tag=True):
    """Part of a log: what was read of it, what could not be, and how far in the file that is."""

    arrivals: list[Arrival]
    problems: list[LogProblem]
    bytes_read: int
    total_bytes: int | None


class LiveBatch(Struct, frozen=True, tag=True):
    """A batch of what a broker sent, to be answered with its number once it is stored."""

    batch: ReadBatch


class LinkTold(Struct, frozen=True, tag=True):
    """How the connection to the broker is; told at each change, and each second."""

    state: LinkState


class Failed(Struct, frozen=True, tag=True):
    """Why the reading process gave up; nothing follows."""

    message: str


Told = LogBatch | LiveBatch | LinkTold | Failed


def read_task(frame: bytearray) -> ReadingTask:
    """Return the task that a frame holds."""
    return msgspec.msgpack.decode(frame, type=ReadingTask, dec_hook=lambda kind, text: kind(text))


def packed(told: Told | ReadingTask | int) -> bytes:
    """Return one message as a frame; raises OverflowError for a number that msgpack cannot hold."""
    body = msgspec.msgpack.encode(told, enc_hook=str)
    return _LENGTH.pack(len(body)) + body


def write_frame(pipe: FileIO, frame: bytes) -> None:
    """Send one frame whole; raises BrokenPipeError when nobody reads any more."""
    rest = memoryview(frame)
    while rest:
        rest = rest[pipe.write(rest) :]


def read_frame(pipe: FileIO) -> bytearray | None:
    """Return what the next frame holds, None at the end; raises EOFError when it ends inside a frame."""
    head = _read_whole(pipe, _LENGTH.size)
    if not head:
        return None
    (length,) = _LENGTH.unpack(head)
    return _read_whole(pipe, length)


def _read_whole(pipe: FileIO, size: int) -> bytearray:
    """Return so many bytes, or none where the pipe ends before the first."""
    read = bytearray(size)
    rest = memoryview(read)
    while rest:
        count = pipe.readinto(rest)
        if not count:
            if len(rest) == size:
                return bytearray()
            raise EOFError
        rest = rest[count:]
    return read
