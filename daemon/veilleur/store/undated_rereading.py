"""What a reparse does with messages without times: snapshots that are read otherwise are folded anew."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Table

from veilleur.store.chains import Snapshot
from veilleur.store.tables import FOLDED
from veilleur.store.thread_rows import SnapshotRow, snapshots_of


def differing_snapshots(
    connection: Connection, reread: Sequence[Snapshot], notification_ids: Sequence[int]
) -> tuple[list[Snapshot], list[SnapshotRow]]:
    """Return the snapshots of these notifications that are new or read otherwise now, and those that are none any more.

    `reread` are those that are read now.
    """
    stored = snapshots_of(connection, notification_ids)
    changed: list[Snapshot] = []
    for one in reread:
        row = stored.get(one.notification_id)
        if row is None or (row.chain, row.at, row.window) != (one.shown.chain, one.shown.at, one.window):
            changed.append(one)
    places = {one.notification_id: (one.shown.chain, one.shown.at) for one in reread}
    gone = [row for number, row in stored.items() if places.get(number) != (row.chain, row.at)]
    return changed, gone


def fold_apart(connection: Connection) -> None:
    """Let this connection fold in copies of its own: temporary tables of the same names, which are found first."""
    for table in FOLDED:
        connection.exec_driver_sql(f"CREATE TEMPORARY TABLE {table.name} AS SELECT * FROM {table.name}")  # noqa: S608 - names of our own
        for kind, name, columns in _indexes(table):
            connection.exec_driver_sql(f"CREATE {kind} copied_{name} ON {table.name} ({', '.join(columns)})")


def _indexes(table: Table) -> list[tuple[str, str, list[str]]]:
    keys = [("UNIQUE INDEX", table.name, [column.name for column in table.primary_key])]
    return keys + [
        ("INDEX", str(index.name), [str(column.name) for column in index.columns]) for index in table.indexes
    ]
