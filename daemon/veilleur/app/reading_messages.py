"""What passes between the daemon or a replay and the process that reads for it: msgpack frames over two pipes."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from veilleur.app.frames import LENGTH
from veilleur.app.logs import LogFormat, LogLevel
from veilleur.app.parser_choice import ParserChoice
from veilleur.ingest.batches import ReadBatch
from veilleur.model.arrival import Arrival, DeadArrival
from veilleur_bridge.broker.running import find_running_broker
from veilleur_bridge.delivery import LogNote, LogProblem
from veilleur_bridge.mqtt.link import LinkState
from veilleur_bridge.mqtt.options import MqttProtocol, Whereabouts
from veilleur_bridge.mqtt_url import MqttAddress
from veilleur_bridge.sources.log_format import NO_HINTS, ExportHints
from veilleur_bridge.sources.log_format import LogFormat as NotificationLogFormat


class LogChoice(Struct, frozen=True, tag=True):
    """Which log is read and how; `path` None is standard input, `device` names the tablet of formats that do not.

    `zone` names that of times written without one (None: this machine's).
    """

    path: Path | None
    format: NotificationLogFormat | None
    device: str
    zone: str | None = None
    hints: ExportHints = NO_HINTS

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
    parsers: ParserChoice
    log_level: LogLevel
    log_format: LogFormat


class LogBatch(Struct, frozen=True, tag=True):
    """Part of a log: what was read of it, what could not be, and how far in the file that is; `notes` for people."""

    arrivals: list[Arrival | DeadArrival]
    problems: list[LogProblem]
    bytes_read: int
    total_bytes: int | None
    notes: list[LogNote] = []


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
_ENCODER: Final = msgspec.msgpack.Encoder(enc_hook=str)


def read_task(frame: bytearray) -> ReadingTask:
    """Return the task that a frame holds."""
    return msgspec.msgpack.decode(frame, type=ReadingTask, dec_hook=lambda kind, text: kind(text))


def packed(told: Told | ReadingTask | int) -> bytearray:
    """Return one message as a frame; raises OverflowError for a number that msgpack cannot hold."""
    # A batch is more than a megabyte: it is encoded behind its length, and not copied there.
    frame = bytearray(LENGTH.size)
    _ENCODER.encode_into(told, frame, LENGTH.size)
    LENGTH.pack_into(frame, 0, len(frame) - LENGTH.size)
    return frame
