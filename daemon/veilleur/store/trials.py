"""Trials of receivers, kept as deliveries: sent at once, once, with words that are kept nowhere."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec import Struct
from sqlalchemy import insert, update

from veilleur.model.delivery import Answer, AttemptOutcome, DeliveryId, DeliveryState, Notice
from veilleur.store.bulk import insert_rows
from veilleur.store.database import Database
from veilleur.store.deliveries import new_delivery_id
from veilleur.store.delivery_tables import deliveries, delivery_attempts
from veilleur.store.instants import to_ms

_ATTEMPT: Final = ("delivery_key", "number", "began_at", "is_repeat")


class Trial(Struct, frozen=True):
    """A trial that is written as begun."""

    key: int
    delivery_id: DeliveryId


def begin_trial(database: Database, notice: Notice, *, now: datetime) -> Trial:
    """Record a trial before it is made: given up, until it came."""
    now_ms, delivery_id = to_ms(now), new_delivery_id()
    values = {
        "delivery_id": delivery_id,
        "receiver_id": notice.receiver_id,
        "severity": notice.severity.value,
        "state": DeliveryState.GIVEN_UP.value,
        "queued_at": now_ms,
        "due_at": now_ms,
        "ended_at": now_ms,
    }
    with database.writing() as connection:
        key = connection.execute(insert(deliveries).values(values).returning(deliveries.c.id)).scalar_one()
        insert_rows(connection, delivery_attempts, _ATTEMPT, [(key, 1, now_ms, False)])
    return Trial(key, DeliveryId(delivery_id))


def end_trial(database: Database, trial: Trial, answer: Answer, *, now: datetime) -> None:
    """Record how a trial ended."""
    of_it = delivery_attempts.c.delivery_key == trial.key
    ended = {"ended_at": to_ms(now), "outcome": answer.outcome.value, "error": answer.detail}
    with database.writing() as connection:
        connection.execute(update(delivery_attempts).where(of_it).values(ended))
        if answer.outcome is AttemptOutcome.DELIVERED:
            sent = update(deliveries).where(deliveries.c.id == trial.key)
            connection.execute(sent.values(state=DeliveryState.SENT.value, ended_at=to_ms(now)))
