"""What waits to be sent: queued within others' transactions, listed, and put in the queue again."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select, update

from veilleur.model.delivery import (
    Attempt,
    AttemptOutcome,
    Delivery,
    DeliveryId,
    DeliveryPage,
    DeliveryState,
    Notice,
    Severity,
    ToldChange,
)
from veilleur.model.identity import MentionId
from veilleur.model.scope import Scope
from veilleur.store.bulk import insert_rows
from veilleur.store.database import Database
from veilleur.store.delivery_tables import deliveries, delivery_attempts, receivers
from veilleur.store.instants import from_ms, to_ms
from veilleur.store.sealed_cursors import Feed, SealedCursors

_ID_BYTES: Final = 16
_QUEUED: Final = DeliveryState.QUEUED.value
_NOTICE: Final = (
    "delivery_id",
    "receiver_id",
    "alert_id",
    "severity",
    "dedup",
    "message",
    "state",
    "queued_at",
    "due_at",
)
_CHANGE: Final = (
    "delivery_id",
    "receiver_id",
    "subscription_id",
    "mention_id",
    "op",
    "severity",
    "state",
    "queued_at",
    "due_at",
)


def queue(connection: Connection, notices: Iterable[Notice]) -> None:
    """Queue notices with the caller's transaction, in order; one whose `dedup` its receiver had is passed over."""
    rows = []
    for notice in notices:
        at, words = to_ms(notice.queued_at), msgspec.json.encode(notice).decode()
        about = (notice.alert_id, notice.severity.value, notice.dedup, words)
        rows.append((new_delivery_id(), notice.receiver_id, *about, _QUEUED, at, at))
    if rows:
        insert_rows(connection, deliveries, _NOTICE, rows, ignore=True)


def queue_changes(connection: Connection, told: Iterable[ToldChange]) -> None:
    """Queue what happened to mentions with the caller's transaction, in order."""
    rows = []
    for one in told:
        at = to_ms(one.queued_at)
        about = (one.subscription_id, one.mention_id, one.op.value, Severity.INFO.value)
        rows.append((new_delivery_id(), one.receiver_id, *about, _QUEUED, at, at))
    if rows:
        insert_rows(connection, deliveries, _CHANGE, rows)


def page_deliveries(  # noqa: PLR0913 - a page is asked for by these
    database: Database,
    scope: Scope,
    *,
    limit: int,
    cursor: str | None = None,
    state: DeliveryState | None = None,
    receiver: str | None = None,
) -> DeliveryPage:
    """Return the project's deliveries, the newest first; raises StaleCursor for a cursor of another store."""
    cursors = SealedCursors(database, Feed.DELIVERIES)
    query = (
        select(deliveries, receivers.c.name.label("receiver"))
        .join(receivers, receivers.c.id == deliveries.c.receiver_id)
        .where(receivers.c.project_id == scope.project)
        .order_by(deliveries.c.id.desc())
        .limit(limit + 1)
    )
    if cursor is not None:
        query = query.where(deliveries.c.id < cursors.open(cursor))
    if state is not None:
        query = query.where(deliveries.c.state == state.value)
    if receiver is not None:
        query = query.where(receivers.c.name == receiver, receivers.c.removed_at.is_(None))
    with database.reading() as connection:
        rows = connection.execute(query).all()
        attempts = _attempts(connection, [row.id for row in rows[:limit]])
    found = tuple(_delivery(row, attempts.get(row.id, ())) for row in rows[:limit])
    return DeliveryPage(found, cursors.seal(rows[limit - 1].id) if len(rows) > limit else None)


def retry_deliveries(database: Database, scope: Scope, delivery_id: DeliveryId | None, *, now: datetime) -> int:
    """Queue one delivery that was given up or waits anew, or all that were given up; return how many.

    Its life begins anew. What a removed receiver was to be told is not there any more.
    """
    mine = select(receivers.c.id).where(receivers.c.project_id == scope.project, receivers.c.removed_at.is_(None))
    is_unsent: ColumnElement[bool] = (deliveries.c.state == DeliveryState.GIVEN_UP.value) & can_be_told()
    if delivery_id is not None:
        waits = deliveries.c.state == _QUEUED
        is_unsent = and_(or_(is_unsent, waits), deliveries.c.delivery_id == delivery_id)
    anew = {"state": _QUEUED, "queued_at": to_ms(now), "due_at": to_ms(now), "ended_at": None}
    with database.writing() as connection:
        whose = deliveries.c.receiver_id.in_(mine) & is_unsent
        waiting = connection.execute(select(deliveries.c.receiver_id).where(whose).distinct()).scalars().all()
        connection.execute(update(receivers).where(receivers.c.id.in_(waiting)).values(rests_until=None))
        return connection.execute(update(deliveries).where(whose).values(anew)).rowcount


def can_be_told() -> ColumnElement[bool]:
    """Return what holds for deliveries that are no trials: their words are kept, or they tell a change."""
    return deliveries.c.message.is_not(None) | deliveries.c.subscription_id.is_not(None)


def _attempts(connection: Connection, keys: list[int]) -> dict[int, tuple[Attempt, ...]]:
    table = delivery_attempts.c
    query = select(delivery_attempts).where(table.delivery_key.in_(keys)).order_by(table.delivery_key, table.number)
    found: dict[int, tuple[Attempt, ...]] = {}
    for row in connection.execute(query):
        attempt = Attempt(
            number=row.number,
            began_at=from_ms(row.began_at),
            ended_at=from_ms(row.ended_at),
            outcome=None if row.outcome is None else AttemptOutcome(row.outcome),
            error=row.error,
            is_repeat=bool(row.is_repeat),
        )
        found[row.delivery_key] = (*found.get(row.delivery_key, ()), attempt)
    return found


def _delivery(row: Row[Any], attempts: tuple[Attempt, ...]) -> Delivery:
    return Delivery(
        id=DeliveryId(row.delivery_id),
        receiver=row.receiver,
        state=DeliveryState(row.state),
        severity=Severity(row.severity),
        alert_id=row.alert_id,
        mention_id=None if row.mention_id is None else MentionId(row.mention_id),
        queued_at=from_ms(row.queued_at),
        due_at=from_ms(row.due_at),
        ended_at=from_ms(row.ended_at),
        attempts=attempts,
    )


def new_delivery_id() -> str:
    """Return an id that no delivery has had: 128 bits."""
    return secrets.token_hex(_ID_BYTES)
