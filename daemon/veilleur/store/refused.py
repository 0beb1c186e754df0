"""Checksums of payloads that nobody can answer for but their device: neither bytes nor head could be read.

They are of the bytes as received, so that the device finds them in its spool (docs/decisions/0007).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final, NamedTuple

from sqlalchemy import Connection, delete, select

from veilleur.store.among import among
from veilleur.store.bulk import insert_rows
from veilleur.store.tables import refused_payloads
from veilleur_bridge.wire.receipt import MAX_REFUSED

_COLUMNS: Final = tuple(column.name for column in refused_payloads.columns)
_OLDEST_FIRST: Final = (refused_payloads.c.received_at, refused_payloads.c.sha256)


class RefusedPayload(NamedTuple):
    """One payload of one device, by its checksum as received."""

    device_id: int
    sha256: bytes
    received_at_ms: int


def note_refused(connection: Connection, refused: Iterable[RefusedPayload]) -> None:
    """Remember these, each as the newest of its device, and forget all but each device's newest."""
    for one in refused:
        here = refused_payloads.c.device_id == one.device_id
        connection.execute(delete(refused_payloads).where(here & (refused_payloads.c.sha256 == one.sha256)))
        insert_rows(connection, refused_payloads, _COLUMNS, [tuple(one)])
        held = connection.execute(select(refused_payloads.c.sha256).where(here).order_by(*_OLDEST_FIRST))
        for older in held.scalars().all()[:-MAX_REFUSED]:
            connection.execute(delete(refused_payloads).where(here & (refused_payloads.c.sha256 == older)))


def forget_refused(connection: Connection, device_id: int) -> None:
    """Forget a device's checksums: its spool is empty, so none of them waits to be found in it."""
    connection.execute(delete(refused_payloads).where(refused_payloads.c.device_id == device_id))


def refused_checksums(connection: Connection, device_ids: Collection[int]) -> Mapping[int, tuple[str, ...]]:
    """Return the checksums of these devices that have any, in hexadecimal, newest last."""
    here = among(connection, refused_payloads.c.device_id, device_ids)
    found: dict[int, list[str]] = {}
    for row in connection.execute(select(refused_payloads).where(here).order_by(*_OLDEST_FIRST)):
        found.setdefault(row.device_id, []).append(bytes(row.sha256).hex())
    return {device_id: tuple(shas) for device_id, shas in found.items()}
