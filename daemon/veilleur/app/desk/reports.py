"""Reports from the database here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from veilleur.app.clock import utc_now
from veilleur.model.report import Report, ReportAdditions
from veilleur.model.report_schedule import ReportSchedule, ReportScheduleDraft, ReportScheduleId
from veilleur.model.scope import Scope
from veilleur.query.periods import read_period
from veilleur.reports.due import due_after
from veilleur.reports.making import Subject, make_report, subject_of
from veilleur.store import report_schedules as stored
from veilleur.store.database import Database
from veilleur.store.report_additions import kept_additions
from veilleur.store.watches import get_watch

_READER: Final = "cli"


class LocalReports:
    """Answers `ReportDesk`."""

    def __init__(self, database: Database, scope: Scope) -> None:
        self._database = database
        self._scope = scope

    def of_watch(self, name: str, period: str, *, zone: str | None = None, with_private: bool = False) -> Report | None:
        watch = get_watch(self._database, self._scope, name)
        return None if watch is None else self._made(subject_of(watch, zone=zone), period, with_private=with_private)

    def of_query(
        self, query: str, period: str, *, title: str | None, zone: tzinfo, with_private: bool = False
    ) -> Report:
        key = getattr(zone, "key", None) or "UTC"
        return self._made(Subject(title=title or query, query=query, zone=key), period, with_private=with_private)

    def additions(self, watch: str | None = None) -> ReportAdditions:
        return kept_additions(self._database, self._scope, watch)

    def schedules(self) -> Sequence[ReportSchedule]:
        return stored.list_schedules(self._database, self._scope)

    def schedule(self, draft: ReportScheduleDraft) -> ReportSchedule | None:
        now = utc_now()
        due_at = due_after(draft, now)
        made = stored.add_schedule(self._database, self._scope, draft, due_at=due_at, by=_READER, now=now)
        return next((one for one in self.schedules() if one.id == made), None)

    def remove_schedule(self, schedule_id: ReportScheduleId) -> bool:
        now = utc_now()
        return stored.remove_schedule(self._database, self._scope, schedule_id, by=_READER, now=now) is not None

    def _made(self, subject: Subject, period: str, *, with_private: bool) -> Report:
        now = utc_now()
        scope = Scope(self._scope.project, may_read_private=with_private and self._scope.may_read_private)
        asked = read_period(period, now=now, zone=ZoneInfo(subject.zone))
        return make_report(self._database, scope, subject, asked, now=now)
