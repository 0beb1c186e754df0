"""The rows in which conversations without times are folded: what was shown of them, and the messages found in it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Row, delete, func, select

from veilleur.model.identity import MentionId
from veilleur.store.among import among
from veilleur.store.bulk import insert_rows
from veilleur.store.undated_tables import thread_snapshots, undated_messages
from veilleur.threads.windows import Step, Window

_SNAPSHOT_COLUMNS: Final = tuple(column.name for column in thread_snapshots.columns)
_MESSAGE_COLUMNS: Final = tuple(column.name for column in undated_messages.columns)
_ENCODER: Final = msgspec.msgpack.Encoder()
_WINDOWS: Final = msgspec.msgpack.Decoder(Window)
_STEPS: Final = msgspec.msgpack.Decoder(Step)
_BEYOND: Final = 2**63 - 1
_kept: Final = thread_snapshots.c
_found: Final = undated_messages.c


class SnapshotRow(Struct, frozen=True):
    """What one notification showed, and what the fold made of it."""

    chain: str
    at: int
    notification_id: int
    window: Window
    step: Step


class MessageRow(NamedTuple):
    """A message at the line that first showed it, in the order of the table's columns."""

    chain: str
    at: int
    line: int
    words_key: int
    ordinal: int
    mention_id: MentionId
    notification_id: int
    deleted_at: int | None
    is_withdrawn: bool


def newest_snapshot(connection: Connection, chain: str) -> SnapshotRow | None:
    """Return the last snapshot of a chain."""
    return snapshot_before(connection, chain, _BEYOND)


def snapshot_before(connection: Connection, chain: str, at: int) -> SnapshotRow | None:
    """Return the last snapshot of a chain before a place."""
    query = select(thread_snapshots).where((_kept.chain_id == chain) & (_kept.at < at)).order_by(_kept.at.desc())
    row = connection.execute(query.limit(1)).first()
    return None if row is None else _snapshot(row)


def snapshots_from(connection: Connection, chain: str, at: int, count: int) -> list[SnapshotRow]:
    """Return the first `count` snapshots of a chain from a place on, in their order."""
    query = select(thread_snapshots).where((_kept.chain_id == chain) & (_kept.at >= at)).order_by(_kept.at)
    return [_snapshot(row) for row in connection.execute(query.limit(count))]


def snapshots_of(connection: Connection, notification_ids: Collection[int]) -> dict[int, SnapshotRow]:
    """Return what is kept of these notifications, by their ids."""
    query = select(thread_snapshots).where(among(connection, _kept.notification_id, notification_ids))
    return {row.notification_id: _snapshot(row) for row in connection.execute(query)}


def write_snapshots(connection: Connection, rows: Sequence[SnapshotRow]) -> None:
    """Insert snapshots; a place that is taken stays as it is."""
    cells = [
        (row.chain, row.at, row.notification_id, _ENCODER.encode(row.window), _ENCODER.encode(row.step)) for row in rows
    ]
    insert_rows(connection, thread_snapshots, _SNAPSHOT_COLUMNS, cells, ignore=True)


def remove_snapshot(connection: Connection, chain: str, at: int) -> None:
    """Take one snapshot out."""
    connection.execute(delete(thread_snapshots).where((_kept.chain_id == chain) & (_kept.at == at)))


def messages_at(connection: Connection, chain: str, at: int) -> list[MessageRow]:
    """Return the messages that one snapshot was the first to show."""
    query = select(undated_messages).where((_found.chain_id == chain) & (_found.at == at))
    return [MessageRow(*row) for row in connection.execute(query)]


def messages_among(connection: Connection, chain: str, places: Collection[int]) -> list[MessageRow]:
    """Return the messages of a chain that the snapshots at these places were the first to show."""
    query = select(undated_messages).where((_found.chain_id == chain) & among(connection, _found.at, places))
    return [MessageRow(*row) for row in connection.execute(query)]


def messages_of(connection: Connection, mention_ids: Collection[MentionId]) -> list[MessageRow]:
    """Return the messages that these mentions tell, of whatever chain; those of withdrawn candidates as well."""
    query = select(undated_messages).where(among(connection, _found.mention_id, mention_ids))
    return [MessageRow(*row) for row in connection.execute(query)]


def messages_in(connection: Connection, notification_ids: Collection[int]) -> list[MessageRow]:
    """Return the messages that these notifications were the first to show, in the order of their lines."""
    query = select(undated_messages).where(among(connection, _found.notification_id, notification_ids))
    return [MessageRow(*row) for row in connection.execute(query.order_by(_found.notification_id, _found.line))]


def equal_messages(connection: Connection, chain: str, words_key: int) -> list[MessageRow]:
    """Return the messages of one sender, wording and day, in the order in which they were shown."""
    query = select(undated_messages).where((_found.chain_id == chain) & (_found.words_key == words_key))
    return [MessageRow(*row) for row in connection.execute(query.order_by(_found.at, _found.line))]


def last_ordinal(connection: Connection, chain: str, words_key: int) -> int | None:
    """Return the highest ordinal among equal messages, None where there are none."""
    # Alone, max() is one step in the index; under GROUP BY it walks through all of them.
    here = (_found.chain_id == chain) & (_found.words_key == words_key)
    return connection.execute(select(func.max(_found.ordinal)).where(here)).scalar()


def write_messages(connection: Connection, rows: Sequence[MessageRow]) -> None:
    """Insert messages."""
    insert_rows(connection, undated_messages, _MESSAGE_COLUMNS, rows)


def remove_messages(connection: Connection, rows: Sequence[MessageRow]) -> None:
    """Take messages out."""
    for row in rows:
        here = (_found.chain_id == row.chain) & (_found.at == row.at) & (_found.line == row.line)
        connection.execute(delete(undated_messages).where(here))


def _snapshot(row: Row[Any]) -> SnapshotRow:
    window, step = _WINDOWS.decode(row.window), _STEPS.decode(row.held)
    return SnapshotRow(row.chain_id, row.at, row.notification_id, window, step)
