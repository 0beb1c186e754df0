"""Stands between a daemon and its broker, and looks into the database at every PUBACK before it passes (I4)."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.packets import Packet, PacketKind, read_publication
from tests.faults.relay import Line, Way
from veilleur_bridge.head import Head, read_head

_IS_STORED = """
    SELECT 1 FROM devices JOIN {table} AS held ON held.device_id = devices.id
    WHERE devices.name = ? AND held.epoch = ? AND held.seq = ?
"""
_TABLES = ("notifications", "dead_letters")


@dataclass(slots=True)
class AckWitness:
    """`unstored` is what was acknowledged before it was in the SQLite file; unreadable heads are not watched.

    `stale` counts what was acknowledged on a connection more often than it had delivered it: a broker's repetition may
    cross an acknowledgement, and is then acknowledged as well.
    """

    database: Path
    acks: int = 0
    stale: int = 0
    unstored: list[Head] = field(default_factory=list)
    _sent: dict[tuple[int, int], list[Head | None]] = field(default_factory=dict)
    _looking: sqlite3.Connection | None = None

    def passes(self, line: Line, way: Way, packet: Packet) -> bool:
        """Note what is delivered and check what is acknowledged; everything passes."""
        if way is Way.TO_CLIENT and packet.kind == PacketKind.PUBLISH:
            publication = read_publication(packet, is_mqtt_5=line.is_mqtt_5)
            if publication.message_id is not None:
                delivered = self._sent.setdefault((line.number, publication.message_id), [])
                delivered.append(read_head(publication.payload))
        elif way is Way.TO_BROKER and packet.kind == PacketKind.PUBACK:
            self._see_ack((line.number, packet.message_id))
        return True

    def saw_only_stored(self) -> None:
        """I4: at every PUBACK that was seen on the wire the row was already committed."""
        assert self.acks > 0, "no PUBACK came by"
        assert [(head.device, head.epoch, head.seq) for head in self.unstored] == []
        assert self.stale == 0, "acknowledged on a connection that had not delivered it"

    def _see_ack(self, message: tuple[int, int]) -> None:
        if not self._sent.get(message):
            self.stale += 1
            return
        head = self._sent[message].pop(0)
        if head is not None:
            self.acks += 1
            if not self._is_stored(head):
                self.unstored.append(head)

    def _is_stored(self, head: Head) -> bool:
        if self._looking is None:
            self._looking = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, check_same_thread=False)
        place = (head.device, head.epoch, head.seq)
        return any(self._looking.execute(_IS_STORED.format(table=table), place).fetchone() for table in _TABLES)

    def close(self) -> None:
        """Let go of the file; the next acknowledgement opens it again."""
        if self._looking is not None:
            self._looking.close()
            self._looking = None
