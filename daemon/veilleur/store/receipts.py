"""Receipts as the database has them: what is stored of each device's current epoch, under this store and round."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import Select, and_, func, select, update

from veilleur.model.unpaired import UnpairedDevices
from veilleur.store.bulk import insert_rows
from veilleur.store.counters import Counter, take
from veilleur.store.database import Database
from veilleur.store.devices import IS_PAIRED
from veilleur.store.refused import refused_checksums
from veilleur.store.tables import counters, device_statuses, devices, epochs, facts
from veilleur_bridge.registry import Receipt
from veilleur_bridge.topics import is_device_name

STORE: Final = "store_id"
FORMER_STORE: Final = "former_store."
"""The facts that hold this database's id, and those that it had before."""

_STORE_BYTES: Final = 8


class StoredReceipts:
    """The bridge's ReceiptLedger over this database; nothing is due before the first round was raised.

    A device's current epoch is the one that its status names, else the open one first seen last. Where unpaired
    devices are refused they are due no receipt: what they send is not stored as theirs.
    """

    def __init__(self, database: Database, unpaired: UnpairedDevices = UnpairedDevices.ACCEPT) -> None:
        self._database = database
        due = _due_receipts()
        self._due = due.where(IS_PAIRED) if unpaired is UnpairedDevices.REFUSE else due

    def raise_round(self) -> int:
        """Ask every device, by its next receipt, to send again what is not receipted; return the new round."""
        with self._database.writing() as connection:
            insert_rows(connection, facts, ("name", "value"), [(STORE, new_store())], ignore=True)
            insert_rows(connection, counters, ("name", "value"), [(Counter.ROUNDS.value, 0)], ignore=True)
            return take(connection, Counter.ROUNDS, 1)[0]

    def store(self) -> str | None:
        """Return the id of this database, None before the first round."""
        with self._database.reading() as connection:
            return connection.execute(select(facts.c.value).where(facts.c.name == STORE)).scalar()

    def begin_new_store(self, former: str) -> None:
        """Let this database be another one from now on, unless it is no longer `former` (another daemon was first)."""
        is_former = (facts.c.name == STORE) & (facts.c.value == former)
        with self._database.writing() as connection:
            renamed = connection.execute(update(facts).where(is_former).values(value=new_store()))
            if renamed.rowcount:
                insert_rows(connection, facts, ("name", "value"), [(FORMER_STORE + former, former)], ignore=True)

    def receipts_for(self, devices_due: Collection[str]) -> Mapping[str, Receipt]:
        """Return the receipt of each of these devices that has an epoch, as committed now."""
        return self._read(self._due.where(devices.c.name.in_(sorted(devices_due)))) if devices_due else {}

    def every_receipt(self) -> Mapping[str, Receipt]:
        """Return the receipt of every device that has an epoch, as committed now."""
        return self._read(self._due)

    def _read(self, due: Select[Any]) -> dict[str, Receipt]:
        with self._database.reading() as connection:
            rows = connection.execute(due).all()
            refused = refused_checksums(connection, [row.id for row in rows])
        return {
            row.name: Receipt(row.store, row.round, row.epoch, row.watermark, refused.get(row.id, ()))
            for row in rows
            if is_device_name(row.name)
        }


def new_store() -> str:
    """Return an id for a database that has none yet."""
    return secrets.token_hex(_STORE_BYTES)


def _due_receipts() -> Select[Any]:
    first_seen_last = (
        select(epochs.c.epoch)
        .where((epochs.c.device_id == devices.c.id) & epochs.c.closed_at.is_(None))
        .order_by(epochs.c.first_seen_at.desc(), epochs.c.epoch.desc())
        .limit(1)
        .correlate(devices)
        .scalar_subquery()
    )
    current = func.coalesce(device_statuses.c.epoch, first_seen_last)
    return (
        select(
            devices.c.id,
            devices.c.name,
            facts.c.value.label("store"),
            counters.c.value.label("round"),
            current.label("epoch"),
            func.coalesce(epochs.c.watermark, 0).label("watermark"),
        )
        .select_from(devices)
        .join(facts, facts.c.name == STORE)
        .join(counters, counters.c.name == Counter.ROUNDS.value)
        .outerjoin(device_statuses, device_statuses.c.device_id == devices.c.id)
        .outerjoin(epochs, and_(epochs.c.device_id == devices.c.id, epochs.c.epoch == current))
        .where(current.is_not(None), devices.c.revoked_at.is_(None))
        .order_by(devices.c.name)
    )
