"""Subscriptions: which mentions a receiver is told of, by a watch or by a query of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Row, Select, select, update

from veilleur.model.delivery import ReceiverId, Subscription, SubscriptionDraft, SubscriptionId, ToldChange
from veilleur.model.errors import ReceiverRefused
from veilleur.model.identity import MentionId
from veilleur.model.kinds import ChangeKind
from veilleur.model.scope import Scope
from veilleur.store.database import Database
from veilleur.store.deliveries import queue_changes
from veilleur.store.delivery_tables import deliveries, receivers, subscriptions
from veilleur.store.instants import from_ms, to_ms
from veilleur.store.watch_tables import watch_versions, watches


class Subscribed(Struct, frozen=True, kw_only=True):
    """What a subscription asks now, of which mentions; its watch's query where it has one."""

    id: SubscriptionId
    receiver_id: ReceiverId
    query: str
    zone: str
    scope: Scope


class Untold(Struct, frozen=True):
    """A mention that may have been told, and is erased for every subscription but those that it is `kept` for."""

    mention_id: MentionId
    queued_at: datetime
    kept: frozenset[SubscriptionId] = frozenset()


class TellingBatch(Struct, frozen=True):
    """What a batch of changes makes to be told, in order; erasures to those who were told of the mention."""

    told: Sequence[ToldChange | Untold]


def subscribe(  # noqa: PLR0913 - what is kept, where, by whom and when
    database: Database, scope: Scope, receiver: str, draft: SubscriptionDraft, *, by: str, now: datetime
) -> Subscription:
    """Keep a subscription; raises ReceiverRefused where its receiver or its watch is not there."""
    with database.writing() as connection:
        key = _receiver_id(connection, scope, receiver)
        watch_id = None if draft.watch is None else _watch_id(connection, scope, draft.watch)
        values = {
            "receiver_id": key,
            "watch_id": watch_id,
            "query": draft.query,
            "zone": draft.zone,
            "with_private": draft.with_private,
            "made_by": by,
            "created_at": to_ms(now),
        }
        made = connection.execute(subscriptions.insert().values(values).returning(subscriptions.c.id)).scalar_one()
        return _subscription(connection.execute(_active(scope).where(subscriptions.c.id == made)).one())


def list_subscriptions(database: Database, scope: Scope) -> tuple[Subscription, ...]:
    """Return the project's subscriptions, the oldest first."""
    with database.reading() as connection:
        return tuple(map(_subscription, connection.execute(_active(scope).order_by(subscriptions.c.id))))


def end_subscription(database: Database, scope: Scope, key: SubscriptionId, *, now: datetime) -> bool:
    """End a subscription; False where it is not there. What waits already is still sent."""
    mine = select(receivers.c.id).where(receivers.c.project_id == scope.project)
    it = (subscriptions.c.id == key) & subscriptions.c.removed_at.is_(None) & subscriptions.c.receiver_id.in_(mine)
    with database.writing() as connection:
        return connection.execute(update(subscriptions).where(it).values(removed_at=to_ms(now))).rowcount == 1


def has_subscription(database: Database) -> bool:
    """Return whether anybody subscribed to anything."""
    with database.reading() as connection:
        return connection.execute(_active(None).limit(1)).first() is not None


def every_subscription(database: Database) -> tuple[Subscribed, ...]:
    """Return every project's subscriptions; one to an archived watch tells nothing."""
    with database.reading() as connection:
        rows = connection.execute(_active(None).where(watches.c.archived_at.is_(None)).order_by(subscriptions.c.id))
        return tuple(
            Subscribed(
                id=SubscriptionId(row.id),
                receiver_id=ReceiverId(row.receiver_id),
                query=row.query if row.watch_id is None else row.watch_query,
                zone=row.zone if row.watch_id is None else row.watch_zone,
                scope=Scope(row.project_id, may_read_private=bool(row.with_private)),
            )
            for row in rows
        )


def write_told(connection: Connection, batch: TellingBatch) -> None:
    """Queue what a batch of changes makes to be told."""
    for one in batch.told:
        queue_changes(connection, [one] if isinstance(one, ToldChange) else _untelling(connection, one))


def _untelling(connection: Connection, gone: Untold) -> list[ToldChange]:
    """Return the erasure for each subscription that was last told that the mention is there."""
    query = (
        select(deliveries.c.subscription_id, deliveries.c.receiver_id, deliveries.c.op)
        .join(subscriptions, subscriptions.c.id == deliveries.c.subscription_id)
        .where(deliveries.c.mention_id == gone.mention_id, subscriptions.c.removed_at.is_(None))
        .order_by(deliveries.c.id)
    )
    last = {(row.subscription_id, row.receiver_id): row.op for row in connection.execute(query)}
    return [
        ToldChange(
            receiver_id=ReceiverId(receiver_id),
            subscription_id=SubscriptionId(key),
            mention_id=gone.mention_id,
            op=ChangeKind.ERASED,
            queued_at=gone.queued_at,
        )
        for (key, receiver_id), op in last.items()
        if op != ChangeKind.ERASED.value and key not in gone.kept
    ]


def _receiver_id(connection: Connection, scope: Scope, name: str) -> int:
    query = select(receivers.c.id).where(
        receivers.c.project_id == scope.project, receivers.c.name == name, receivers.c.removed_at.is_(None)
    )
    key = connection.execute(query).scalar()
    if key is None:
        raise ReceiverRefused(f"there is no receiver {name}: `veilleur receiver list` names those there are")
    return int(key)


def _watch_id(connection: Connection, scope: Scope, name: str) -> int:
    query = select(watches.c.id).where(watches.c.project_id == scope.project, watches.c.name == name)
    key = connection.execute(query).scalar()
    if key is None:
        raise ReceiverRefused(f"there is no watch {name}: `veilleur watch list` names those there are")
    return int(key)


def _active(scope: Scope | None) -> Select[Any]:
    is_newest = (watch_versions.c.watch_id == watches.c.id) & (watch_versions.c.version == watches.c.version)
    query = (
        select(
            subscriptions,
            receivers.c.name.label("receiver"),
            receivers.c.project_id,
            watches.c.name.label("watch"),
            watch_versions.c.query.label("watch_query"),
            watch_versions.c.zone.label("watch_zone"),
        )
        .join(receivers, receivers.c.id == subscriptions.c.receiver_id)
        .outerjoin(watches, watches.c.id == subscriptions.c.watch_id)
        .outerjoin(watch_versions, is_newest)
        .where(subscriptions.c.removed_at.is_(None), receivers.c.removed_at.is_(None))
    )
    return query if scope is None else query.where(receivers.c.project_id == scope.project)


def _subscription(row: Row[Any]) -> Subscription:
    return Subscription(
        id=SubscriptionId(row.id),
        receiver=row.receiver,
        project=row.project_id,
        watch=row.watch,
        query=row.query,
        zone=row.zone,
        with_private=bool(row.with_private),
        made_by=row.made_by,
        created_at=from_ms(row.created_at),
    )
