"""The raw rows that patterns are proposed from: words that none reads, and what was read beside them."""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, select

from veilleur.model.kinds import OutcomeKind
from veilleur.model.outcome import UNKNOWN_WORDING
from veilleur.model.scope import Scope
from veilleur.store.database import Database
from veilleur.store.instants import from_ms
from veilleur.store.rereading import StoredNotification
from veilleur.store.tables import devices, notifications, outcomes
from veilleur_bridge.envelope import EventKind

_WORDED: Final = (EventKind.POSTED.value, EventKind.UPDATED.value, EventKind.ACTIVE.value)


def newest_unknown(database: Database, scope: Scope, *, limit: int) -> list[StoredNotification]:
    """Return the project's newest rows of unknown wording and as many of the newest that were read, oldest first.

    They hold words that nobody understood, and so perhaps private ones: a reader without those is told none.
    """
    if not scope.may_read_private:
        return []
    own = notifications.c.project_id == scope.project
    unknown = own & (outcomes.c.reason == UNKNOWN_WORDING)
    read = own & (outcomes.c.outcome == OutcomeKind.PARSED.value) & outcomes.c.reason.is_(None)
    rows = [*_newest(database, unknown, limit), *_newest(database, read, limit)]
    return sorted(rows, key=lambda row: row.id)


def newest_of_package(database: Database, package: str, *, limit: int) -> list[StoredNotification]:
    """Return the newest rows of an app that hold words, whatever was read in them, oldest first."""
    which = (notifications.c.package == package) & notifications.c.event.in_(_WORDED)
    return _newest(database, which, limit)[::-1]


def _newest(database: Database, which: ColumnElement[bool], limit: int) -> list[StoredNotification]:
    log = notifications.c
    joined = outcomes.join(notifications, log.id == outcomes.c.notification_id).join(
        devices, devices.c.id == log.device_id
    )
    columns = (log.id, devices.c.name, log.project_id, log.received_at, log.payload)
    query = select(*columns).select_from(joined).where(which).order_by(outcomes.c.notification_id.desc()).limit(limit)
    with database.reading() as connection:
        rows = connection.execute(query).all()
    return [StoredNotification(row[0], row[1], row[2], from_ms(row[3]), bytes(row[4])) for row in rows]
