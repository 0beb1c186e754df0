"""Scheduled reports: kept, listed, removed; what one sends is queued with the time of its next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec.structs import replace
from sqlalchemy import ColumnElement, Connection, select, update

from veilleur.model.delivery import Notice, ReceiverId
from veilleur.model.report_schedule import ReportSchedule, ReportScheduleDraft, ReportScheduleId
from veilleur.model.scope import Scope
from veilleur.store.database import Database
from veilleur.store.deliveries import queue
from veilleur.store.delivery_tables import receivers
from veilleur.store.instants import from_ms, to_ms
from veilleur.store.report_tables import report_schedule_receivers, report_schedules
from veilleur.store.watch_tables import watches

_DRAFTS: Final = msgspec.json.Decoder(ReportScheduleDraft)


def add_schedule(  # noqa: PLR0913 - what is sent, whose it is, from when on, and who has it sent
    database: Database, scope: Scope, draft: ReportScheduleDraft, *, due_at: datetime, by: str, now: datetime
) -> ReportScheduleId | None:
    """Keep a schedule; None, and nothing is written, where its watch rests or one of its receivers is not there."""
    with database.writing() as connection:
        watch_id = connection.execute(_watch_id(scope, draft.watch)).scalar_one_or_none()
        named = _receivers(connection, scope, draft.receivers)
        if watch_id is None or len(named) < len(set(draft.receivers)):
            return None
        values = {
            "project_id": scope.project,
            "watch_id": watch_id,
            "draft": msgspec.json.encode(replace(draft, watch="", receivers=())).decode(),
            "made_by": by,
            "created_at": to_ms(now),
            "due_at": to_ms(due_at),
        }
        made = connection.execute(report_schedules.insert().values(values).returning(report_schedules.c.id))
        schedule_id = int(made.scalar_one())
        rows = [{"schedule_id": schedule_id, "receiver_id": one} for one in named]
        connection.execute(report_schedule_receivers.insert(), rows)
    return ReportScheduleId(schedule_id)


def list_schedules(database: Database, scope: Scope) -> tuple[ReportSchedule, ...]:
    """Return the project's schedules, the first made first; those of private mentions to who may read them alone."""
    found = _read(database, report_schedules.c.project_id == scope.project)
    return tuple(one for one in found if scope.may_read_private or not one.draft.with_private)


def due_schedules(database: Database, *, now: datetime) -> tuple[ReportSchedule, ...]:
    """Return the schedules of every project that are due, of watches that do not rest."""
    return _read(database, (report_schedules.c.due_at <= to_ms(now)) & watches.c.archived_at.is_(None))


def remove_schedule(
    database: Database, scope: Scope, schedule_id: ReportScheduleId, *, by: str, now: datetime
) -> ReportSchedule | None:
    """End a schedule and return it; None where there is none that this reader sees."""
    found = next((one for one in list_schedules(database, scope) if one.id == schedule_id), None)
    if found is None:
        return None
    is_it = (report_schedules.c.id == schedule_id) & report_schedules.c.removed_at.is_(None)
    with database.writing() as connection:
        connection.execute(update(report_schedules).where(is_it).values(removed_by=by, removed_at=to_ms(now)))
    return found


def queue_report(database: Database, schedule: ReportSchedule, notices: Iterable[Notice], *, next_at: datetime) -> bool:
    """Queue what a schedule sends and when it is due next, in one transaction; False where somebody else just did."""
    rows = report_schedules.c
    is_it = (rows.id == schedule.id) & (rows.due_at == to_ms(schedule.due_at)) & rows.removed_at.is_(None)
    with database.writing() as connection:
        taken = connection.execute(update(report_schedules).where(is_it).values(due_at=to_ms(next_at)))
        if taken.rowcount != 1:
            return False
        queue(connection, notices)
    return True


def _read(database: Database, where: ColumnElement[bool]) -> tuple[ReportSchedule, ...]:
    query = (
        select(*report_schedules.columns, watches.c.name.label("watch_name"))
        .join(watches, watches.c.id == report_schedules.c.watch_id)
        .where(report_schedules.c.removed_at.is_(None), where)
        .order_by(report_schedules.c.id)
    )
    with database.reading() as connection:
        rows = connection.execute(query).all()
        told = _told(connection, [row.id for row in rows])
    return tuple(_schedule(row, told[row.id]) for row in rows)


def _told(connection: Connection, ids: list[int]) -> dict[int, list[tuple[int, str]]]:
    """Return the receivers of schedules, removed ones left out."""
    told, found = report_schedule_receivers.c, defaultdict[int, list[tuple[int, str]]](list)
    query = (
        select(told.schedule_id, receivers.c.id, receivers.c.name)
        .join(receivers, receivers.c.id == told.receiver_id)
        .where(told.schedule_id.in_(ids), receivers.c.removed_at.is_(None))
        .order_by(receivers.c.name)
    )
    for schedule_id, receiver_id, name in connection.execute(query):
        found[schedule_id].append((receiver_id, name))
    return found


def _schedule(row: Any, told: list[tuple[int, str]]) -> ReportSchedule:  # noqa: ANN401 - a row with its watch's name
    draft = _DRAFTS.decode(row.draft)
    return ReportSchedule(
        id=ReportScheduleId(row.id),
        project=row.project_id,
        draft=replace(draft, watch=row.watch_name, receivers=tuple(name for _, name in told)),
        made_by=row.made_by,
        created_at=from_ms(row.created_at),
        due_at=from_ms(row.due_at),
        receiver_ids=tuple(ReceiverId(one) for one, _ in told),
    )


def _watch_id(scope: Scope, name: str) -> Any:  # noqa: ANN401 - a SELECT of one column
    is_it = (watches.c.project_id == scope.project) & (watches.c.name == name) & watches.c.archived_at.is_(None)
    return select(watches.c.id).where(is_it)


def _receivers(connection: Connection, scope: Scope, names: Iterable[str]) -> list[int]:
    named = receivers.c.name.in_(list(names)) & (receivers.c.project_id == scope.project)
    return list(connection.execute(select(receivers.c.id).where(named, receivers.c.removed_at.is_(None))).scalars())
