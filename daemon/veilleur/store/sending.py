"""What sends takes from here: a receiver under a lease, its next delivery, and how the attempt ended.

An attempt is written before it is made. One that has no end was cut off by its process: it may have come.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Row, Select, delete, exists, func, or_, select, update

from veilleur.model.alarms import AlarmCode, AlarmKey
from veilleur.model.delivery import (
    AttemptOutcome,
    DeliveryId,
    DeliveryState,
    Notice,
    ReceiverId,
    ReceiverKind,
    SubscriptionId,
)
from veilleur.model.identity import MentionId
from veilleur.model.kinds import ChangeKind
from veilleur.model.scope import Scope
from veilleur.store.alarms import receiver_subject
from veilleur.store.bulk import insert_rows
from veilleur.store.database import Database
from veilleur.store.deliveries import can_be_told
from veilleur.store.delivery_tables import deliveries, delivery_attempts, receivers, subscriptions
from veilleur.store.instants import to_ms
from veilleur.store.sealing import Seal

_NOTICES: Final = msgspec.json.Decoder(Notice)

MANY_FAILURES: Final = 3
"""After so many in a row a receiver rests between attempts, which is an alarm."""
_QUEUED: Final = DeliveryState.QUEUED.value
_UNKNOWN: Final = AttemptOutcome.UNKNOWN.value
_CUT_OFF: Final = "the process ended before the answer was recorded"
_COLUMNS: Final = ("delivery_key", "number", "began_at", "is_repeat")
_FORGOTTEN_AT_ONCE: Final = 500
_TOLD_FOR: Final = timedelta(days=7)
_FAILING: Final = "it failed several times in a row and rests between attempts: `veilleur delivery list` says why"
# What a `message` begins with whose words are sealed; in the clear it is JSON.
_SEALED: Final = "sealed:"
_GIVEN_UP_AT_ONCE: Final = 500
_IS_OPEN: Final = delivery_attempts.c.outcome.is_(None)


class SealedNotice(Struct, frozen=True):
    """A notice that was given up once: its words as they were sealed then, about its delivery."""

    sealed: bytes
    about: str


class QueuedChange(Struct, frozen=True):
    """A change to be told as the mention stands now, to whoever may see so much."""

    subscription_id: SubscriptionId
    mention_id: MentionId
    op: ChangeKind
    scope: Scope


class Taken(Struct, frozen=True, kw_only=True):
    """An attempt that is written as begun, with what is to be sent."""

    key: int
    number: int
    receiver_id: ReceiverId
    kind: ReceiverKind
    sealed: bytes
    delivery_id: DeliveryId
    is_repeat: bool
    told: Notice | SealedNotice | QueuedChange


class Failed(Struct, frozen=True, kw_only=True):
    """When what failed is tried again: the delivery, and, where it had failed too often, anything for its receiver."""

    due_at: datetime
    rests_until_at: datetime | None


class Lease(Struct, frozen=True):
    """Who sends to a receiver, and until when nobody else does."""

    receiver_id: ReceiverId
    owner: str


def receivers_due(database: Database, now: datetime, *, limit: int) -> tuple[ReceiverId, ...]:
    """Return receivers that something is due for and nobody sends to, the longest waiting first."""
    now_ms = to_ms(now)
    first = func.min(deliveries.c.due_at)
    query = (
        select(receivers.c.id)
        .join(deliveries, deliveries.c.receiver_id == receivers.c.id)
        .where(_is_free(now_ms), deliveries.c.state == _QUEUED, deliveries.c.due_at <= now_ms)
        .group_by(receivers.c.id)
        .order_by(first)
        .limit(limit)
    )
    with database.reading() as connection:
        return tuple(ReceiverId(key) for key in connection.execute(query).scalars())


def take_lease(database: Database, lease: Lease, now: datetime, until: datetime) -> bool:
    """Lease a receiver; False where another process was faster."""
    free = (receivers.c.id == lease.receiver_id) & _is_free(to_ms(now))
    taking = update(receivers).where(free).values(leased_by=lease.owner, leased_until=to_ms(until))
    with database.writing() as connection:
        return connection.execute(taking).rowcount == 1


def end_lease(database: Database, lease: Lease) -> None:
    """Let others send to a receiver."""
    with database.writing() as connection:
        connection.execute(update(receivers).where(_is_held(lease)).values(leased_by=None, leased_until=None))


def begin_attempt(database: Database, lease: Lease, now: datetime, until: datetime) -> Taken | None:
    """Write the next attempt as begun and prolong the lease; None where nothing is due, or the lease is lost."""
    now_ms = to_ms(now)
    with database.writing() as connection:
        mine = _is_held(lease) & (receivers.c.leased_until > now_ms) & receivers.c.removed_at.is_(None)
        if connection.execute(update(receivers).where(mine).values(leased_until=to_ms(until))).rowcount != 1:
            return None
        due = (deliveries.c.receiver_id == lease.receiver_id) & (deliveries.c.state == _QUEUED)
        row = connection.execute(_next(due & (deliveries.c.due_at <= now_ms))).first()
        if row is None:
            return None
        number, is_repeat = _earlier(connection, row.id, now_ms)
        insert_rows(connection, delivery_attempts, _COLUMNS, [(row.id, number, now_ms, is_repeat)])
        return _taken(row, number, is_repeat)


def record_delivered(database: Database, taken: Taken, now: datetime) -> None:
    """Record that an attempt delivered; what waited for a receiver that rested is due at once."""
    now_ms, whose = to_ms(now), receivers.c.id == taken.receiver_id
    with database.writing() as connection:
        _end(connection, taken, AttemptOutcome.DELIVERED, None, now_ms)
        sent = {"state": DeliveryState.SENT.value, "ended_at": now_ms, "message": None}
        connection.execute(update(deliveries).where(deliveries.c.id == taken.key).values(sent))
        had_rested = connection.execute(select(receivers.c.rests_until).where(whose)).scalar() is not None
        well = {"failure_count": 0, "rests_until": None}
        connection.execute(update(receivers).where(whose, receivers.c.failure_count > 0).values(well))
        if had_rested:
            waiting = (deliveries.c.receiver_id == taken.receiver_id) & (deliveries.c.state == _QUEUED)
            connection.execute(update(deliveries).where(waiting, deliveries.c.due_at > now_ms).values(due_at=now_ms))


def record_failed(
    database: Database,
    taken: Taken,
    ended: tuple[AttemptOutcome, str | None],
    now: datetime,
    plan: Callable[[int, int], Failed],
) -> None:
    """Record that an attempt failed; `plan` is asked with how often the delivery, and its receiver in a row, did."""
    whose = receivers.c.id == taken.receiver_id
    with database.writing() as connection:
        _end(connection, taken, *ended, to_ms(now))
        failing = update(receivers).where(whose).values(failure_count=receivers.c.failure_count + 1)
        failures = connection.execute(failing.returning(receivers.c.failure_count)).scalar_one()
        again = plan(taken.number, failures)
        rests = None if again.rests_until_at is None else to_ms(again.rests_until_at)
        connection.execute(update(receivers).where(whose).values(rests_until=rests))
        waiting = (deliveries.c.id == taken.key) & (deliveries.c.state == _QUEUED)
        connection.execute(update(deliveries).where(waiting).values(due_at=to_ms(again.due_at)))


def give_up_old(database: Database, seal: Seal, now: datetime, life: timedelta) -> int:
    """Give up what has waited longer than its life, and return how many; nothing that was never tried for no fault.

    Their words are sealed: they may be sent again by hand for months.
    """
    tried = exists().where(delivery_attempts.c.delivery_key == deliveries.c.id)
    failing = select(receivers.c.id).where(receivers.c.failure_count > 0)
    is_old = (deliveries.c.state == _QUEUED) & (deliveries.c.queued_at <= to_ms(now - life))
    old = is_old & or_(tried, deliveries.c.receiver_id.in_(failing))
    # One under way may be delivered yet.
    leased = select(receivers.c.id).where(receivers.c.leased_until > to_ms(now))
    old &= deliveries.c.receiver_id.not_in(leased)
    query = select(deliveries.c.id, deliveries.c.delivery_id, deliveries.c.message).where(old)
    with database.reading() as connection:
        rows = connection.execute(query.limit(_GIVEN_UP_AT_ONCE)).all()
    if not rows:
        return 0
    over = {"state": DeliveryState.GIVEN_UP.value, "ended_at": to_ms(now)}
    with database.writing() as connection:
        given_up = 0
        for row in rows:
            it = update(deliveries).where(old, deliveries.c.id == row.id)
            given_up += connection.execute(it.values(over | _sealed(seal, row.delivery_id, row.message))).rowcount
        return given_up


def forget_old(database: Database, now: datetime, kept: timedelta) -> None:
    """Delete what ended so long ago, with its attempts."""
    old = (deliveries.c.state != _QUEUED) & (deliveries.c.ended_at <= to_ms(now - kept))
    with database.reading() as connection:
        keys = connection.execute(select(deliveries.c.id).where(old).limit(_FORGOTTEN_AT_ONCE)).scalars().all()
    if keys:
        with database.writing() as connection:
            connection.execute(delete(delivery_attempts).where(delivery_attempts.c.delivery_key.in_(keys)))
            connection.execute(delete(deliveries).where(deliveries.c.id.in_(keys)))


def delivery_alarms(database: Database, now: datetime) -> dict[AlarmKey, str]:
    """Return what is wrong with receivers: those that rest, and those for which messages were given up of late."""
    since = to_ms(now - _TOLD_FOR)
    lost = (deliveries.c.state == DeliveryState.GIVEN_UP.value) & (deliveries.c.ended_at > since) & can_be_told()
    counted = (
        select(deliveries.c.receiver_id, func.count().label("count"))
        .join(receivers, receivers.c.id == deliveries.c.receiver_id)
        .where(lost, receivers.c.removed_at.is_(None))
        .group_by(deliveries.c.receiver_id)
    )
    # One that rests because it asked for a pause is well.
    is_failing = receivers.c.rests_until.is_not(None) & (receivers.c.failure_count >= MANY_FAILURES)
    resting = select(receivers.c.id).where(receivers.c.removed_at.is_(None), is_failing)
    with database.reading() as connection:
        told = {
            AlarmKey(AlarmCode.DELIVERY_GIVEN_UP, receiver_subject(row.receiver_id)): (
                f"{row.count} messages were given up: `veilleur delivery list --state given_up` names them, "
                "`veilleur delivery retry` sends them again"
            )
            for row in connection.execute(counted)
        }
        for key in connection.execute(resting).scalars():
            told[AlarmKey(AlarmCode.RECEIVER_FAILING, receiver_subject(key))] = _FAILING
    return told


def _end(connection: Connection, taken: Taken, outcome: AttemptOutcome, detail: str | None, now_ms: int) -> None:
    it = (delivery_attempts.c.delivery_key == taken.key) & (delivery_attempts.c.number == taken.number)
    values = {"ended_at": now_ms, "outcome": outcome.value, "error": detail}
    connection.execute(update(delivery_attempts).where(it).values(values))


def _earlier(connection: Connection, key: int, now_ms: int) -> tuple[int, bool]:
    """Return the number of the next attempt, and whether one of those before it may have come."""
    mine = delivery_attempts.c.delivery_key == key
    cut_off = {"outcome": _UNKNOWN, "ended_at": now_ms, "error": _CUT_OFF}
    connection.execute(update(delivery_attempts).where(mine & _IS_OPEN).values(cut_off))
    outcomes = connection.execute(select(delivery_attempts.c.outcome).where(mine)).scalars().all()
    return len(outcomes) + 1, _UNKNOWN in outcomes


def _next(due: ColumnElement[bool]) -> Select[Any]:
    return (
        select(
            deliveries,
            receivers.c.kind,
            receivers.c.sealed,
            receivers.c.project_id,
            subscriptions.c.with_private,
        )
        .join(receivers, receivers.c.id == deliveries.c.receiver_id)
        .outerjoin(subscriptions, subscriptions.c.id == deliveries.c.subscription_id)
        .where(due)
        .order_by(deliveries.c.id)
        .limit(1)
    )


def _taken(row: Row[Any], number: int, is_repeat: bool) -> Taken:
    told: Notice | SealedNotice | QueuedChange
    if row.message is not None and row.message.startswith(_SEALED):
        told = SealedNotice(b64decode(row.message.removeprefix(_SEALED)), _about(row.delivery_id))
    elif row.message is not None:
        told = _NOTICES.decode(row.message)
    else:
        scope = Scope(row.project_id, may_read_private=bool(row.with_private))
        told = QueuedChange(SubscriptionId(row.subscription_id), MentionId(row.mention_id), ChangeKind(row.op), scope)
    return Taken(
        key=row.id,
        number=number,
        receiver_id=ReceiverId(row.receiver_id),
        kind=ReceiverKind(row.kind),
        sealed=bytes(row.sealed),
        delivery_id=DeliveryId(row.delivery_id),
        is_repeat=is_repeat,
        told=told,
    )


def _sealed(seal: Seal, delivery_id: str, words: str | None) -> dict[str, str]:
    if words is None or words.startswith(_SEALED):
        return {}
    return {"message": _SEALED + b64encode(seal.close(words, _about(delivery_id))).decode()}


def _about(delivery_id: str) -> str:
    return f"delivery {delivery_id}"


def _is_free(now_ms: int) -> ColumnElement[bool]:
    is_unleased = or_(receivers.c.leased_until.is_(None), receivers.c.leased_until <= now_ms)
    has_rested = or_(receivers.c.rests_until.is_(None), receivers.c.rests_until <= now_ms)
    return receivers.c.removed_at.is_(None) & is_unleased & has_rested


def _is_held(lease: Lease) -> ColumnElement[bool]:
    return (receivers.c.id == lease.receiver_id) & (receivers.c.leased_by == lease.owner)
