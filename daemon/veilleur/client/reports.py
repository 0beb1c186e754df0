"""Reports of a server's watches and queries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo

from msgspec import Struct

from veilleur.client.transport import Transport, segment
from veilleur.client.zones import zone_name
from veilleur.model.report import Report, ReportAdditions
from veilleur.model.report_schedule import ReportSchedule, ReportScheduleDraft, ReportScheduleId


class _Schedule(ReportScheduleDraft, frozen=True, kw_only=True):
    """A schedule as the server tells it: what it sends beside who made it."""

    id: ReportScheduleId
    project: str
    made_by: str
    created_at: datetime
    due_at: datetime

    @property
    def schedule(self) -> ReportSchedule:
        """Return it as everybody else knows it."""
        names = ReportScheduleDraft.__struct_fields__
        draft = ReportScheduleDraft(**{name: getattr(self, name) for name in names})
        return ReportSchedule(
            id=self.id,
            project=self.project,
            draft=draft,
            made_by=self.made_by,
            created_at=self.created_at,
            due_at=self.due_at,
        )


class _Schedules(Struct, frozen=True):
    schedules: tuple[_Schedule, ...]


class Reports:
    """Operations that answer with a report; `period` as `7d`, `2026-W46`, `2026-11`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def of_watch(
        self, name: str, period: str = "7d", *, zone: str | None = None, with_private: bool = False
    ) -> Report | None:
        """Return what a watch held in a period; None where there is no watch of this name."""
        return self._transport.find(
            f"/watches/{segment(name)}/report", Report, period=period, report_zone=zone, with_private=with_private
        )

    def of_query(
        self,
        query: str,
        period: str = "7d",
        *,
        title: str | None = None,
        zone: tzinfo = UTC,
        with_private: bool = False,
    ) -> Report:
        """Return what a query held in a period."""
        return self._transport.read(
            "/report", Report, q=query, period=period, title=title, zone=zone_name(zone), with_private=with_private
        )

    def additions(self, watch: str | None = None) -> ReportAdditions:
        """Return the logo that is kept for the project, and the words kept for a watch."""
        return self._transport.read("/report-additions", ReportAdditions, watch=watch)

    def schedules(self) -> Sequence[ReportSchedule]:
        """Return the project's scheduled reports."""
        return [one.schedule for one in self._transport.read("/report-schedules", _Schedules).schedules]

    def schedule(self, draft: ReportScheduleDraft) -> ReportSchedule | None:
        """Have a report sent from now on; None where its watch or a receiver is not there."""
        changed = self._transport.change("POST", "/report-schedules", _Schedule, draft)
        return None if changed is None else changed.schedule

    def remove_schedule(self, schedule_id: ReportScheduleId) -> bool:
        """End a schedule; False where there is none."""
        return self._transport.change("DELETE", f"/report-schedules/{schedule_id}", _Schedule) is not None

    def page_of_watch(
        self, name: str, period: str = "7d", *, language: str = "en", with_private: bool = False, bare: bool = False
    ) -> str:
        """Return the report of a watch as one page; `bare`: without the words and the logo that are kept."""
        asked = {"period": period, "lang": language}
        path = f"/watches/{segment(name)}/report.html"
        return self._transport.read_bytes(path, with_private=with_private, bare=bare, **asked).decode()

    def page_of_query(  # noqa: PLR0913 - what is asked of the server
        self,
        query: str,
        period: str = "7d",
        *,
        zone: tzinfo = UTC,
        language: str = "en",
        with_private: bool = False,
        bare: bool = False,
    ) -> str:
        """Return the report of a query as one page; `bare`: without the logo that is kept."""
        asked = {"q": query, "period": period, "zone": zone_name(zone), "lang": language}
        return self._transport.read_bytes("/report.html", with_private=with_private, bare=bare, **asked).decode()
