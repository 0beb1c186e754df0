"""Receivers of a project, their addresses sealed."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, func, select, update

from veilleur.model.delivery import DeliveryState, Receiver, ReceiverId, ReceiverKind
from veilleur.model.errors import ReceiverRefused, StoreConflict
from veilleur.model.scope import Scope
from veilleur.store.database import Database
from veilleur.store.delivery_tables import deliveries, receivers, subscriptions
from veilleur.store.instants import from_ms, to_ms
from veilleur.store.sealing import Seal
from veilleur.wording import refusals

MOST_RECEIVERS: Final = 200
_QUEUED: Final = DeliveryState.QUEUED.value
_IS_THERE: Final = receivers.c.removed_at.is_(None)


def add_receiver(  # noqa: PLR0913 - what is written, where, by whom and when
    database: Database,
    scope: Scope,
    seal: Seal,
    *,
    name: str,
    kind: ReceiverKind,
    address: str,
    masked: str,
    by: str,
    now: datetime,
) -> Receiver:
    """Keep a receiver; raises ReceiverRefused where its name is taken, or there are too many."""
    values = {
        "project_id": scope.project,
        "name": name,
        "kind": kind.value,
        "masked": masked,
        "made_by": by,
        "created_at": to_ms(now),
        "failure_count": 0,
    }
    try:
        with database.writing() as connection:
            known = connection.execute(_mine(scope)).all()
            if any(row.name == name for row in known):
                raise ReceiverRefused(refusals.RECEIVER_NAMED, name=name)
            if len(known) >= MOST_RECEIVERS:
                raise ReceiverRefused(refusals.MANY_RECEIVERS, most=MOST_RECEIVERS)
            key = connection.execute(receivers.insert().values(values).returning(receivers.c.id)).scalar_one()
            sealed = seal.close(address, _about(key))
            connection.execute(update(receivers).where(receivers.c.id == key).values(sealed=sealed))
            return _receiver(connection.execute(_mine(scope).where(receivers.c.id == key)).one())
    except StoreConflict as error:
        raise ReceiverRefused(refusals.RECEIVER_NAMED, name=name) from error


def list_receivers(database: Database, scope: Scope) -> tuple[Receiver, ...]:
    """Return the project's receivers by name."""
    with database.reading() as connection:
        return tuple(map(_receiver, connection.execute(_mine(scope).order_by(receivers.c.name))))


def find_receiver(database: Database, scope: Scope, name: str) -> Receiver | None:
    """Return the project's receiver of this name."""
    with database.reading() as connection:
        row = connection.execute(_mine(scope).where(receivers.c.name == name)).first()
    return None if row is None else _receiver(row)


def remove_receiver(database: Database, scope: Scope, name: str, *, by: str, now: datetime) -> bool:
    """Forget a receiver's address, end its subscriptions, and give up what waits for it; False where it is unknown."""
    with database.writing() as connection:
        row = connection.execute(_mine(scope).where(receivers.c.name == name)).first()
        if row is None:
            return False
        gone = {"sealed": None, "removed_by": by, "removed_at": to_ms(now)}
        connection.execute(update(receivers).where(receivers.c.id == row.id).values(gone))
        ended = (subscriptions.c.receiver_id == row.id) & subscriptions.c.removed_at.is_(None)
        connection.execute(update(subscriptions).where(ended).values(removed_at=to_ms(now)))
        _forget_messages(connection, row.id, to_ms(now))
    return True


def address_of(seal: Seal, receiver_id: int, sealed: bytes) -> str:
    """Return a receiver's whole address; raises ReceiverRefused where it was sealed under another key."""
    return seal.open(sealed, _about(receiver_id))


def sealed_address(database: Database, scope: Scope, name: str) -> tuple[ReceiverKind, int, bytes] | None:
    """Return what a trial of a receiver needs; None where it is not there, or has no address any more."""
    has_address = _IS_THERE & receivers.c.sealed.is_not(None)
    query = select(receivers).where(has_address, receivers.c.project_id == scope.project, receivers.c.name == name)
    with database.reading() as connection:
        row = connection.execute(query).first()
    return None if row is None else (ReceiverKind(row.kind), int(row.id), bytes(row.sealed))


def _forget_messages(connection: Connection, receiver_id: int, now_ms: int) -> None:
    waiting = (deliveries.c.receiver_id == receiver_id) & (deliveries.c.state == _QUEUED)
    over = {"state": DeliveryState.GIVEN_UP.value, "ended_at": now_ms}
    connection.execute(update(deliveries).where(waiting).values(over))
    connection.execute(update(deliveries).where(deliveries.c.receiver_id == receiver_id).values(message=None))


def _mine(scope: Scope) -> Select[Any]:
    waiting = (
        select(func.count())
        .where(deliveries.c.receiver_id == receivers.c.id, deliveries.c.state == _QUEUED)
        .scalar_subquery()
    )
    return select(receivers, waiting.label("waiting_count")).where(_IS_THERE, receivers.c.project_id == scope.project)


def _about(receiver_id: int) -> str:
    return f"receiver {receiver_id}"


def _receiver(row: Row[Any]) -> Receiver:
    return Receiver(
        id=ReceiverId(row.id),
        name=row.name,
        project=row.project_id,
        kind=ReceiverKind(row.kind),
        address=row.masked,
        made_by=row.made_by,
        created_at=from_ms(row.created_at),
        failure_count=row.failure_count,
        rests_until_at=from_ms(row.rests_until),
        waiting_count=row.waiting_count,
    )
