"""The turn of scheduled reports: those that are due are made, and queued with the time of their next."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from veilleur.model.delivery import LONGEST_SUBJECT, LONGEST_TEXT, Notice, Severity
from veilleur.model.errors import QueryError
from veilleur.model.report import Report
from veilleur.model.report_schedule import ReportKind, ReportSchedule
from veilleur.model.scope import Scope
from veilleur.reports.due import due_after, due_before, told_period
from veilleur.reports.making import make_report, subject_of
from veilleur.reports.rendering import (
    Presentation,
    morning_subject,
    morning_text,
    report_mail,
    report_subject,
    report_text,
)
from veilleur.store.database import Database
from veilleur.store.report_additions import kept_additions
from veilleur.store.report_schedules import due_schedules, queue_report
from veilleur.store.watches import get_watch
from veilleur.wording.languages import Language

_LATE_AFTER: Final = timedelta(minutes=15)


def send_due(database: Database, *, now: datetime) -> int:
    """Queue the reports that are due, and return how many; of what was missed the latest is sent, and said to be late.

    What a schedule sends and when it is due next are written together: a restart sends nothing twice.
    """
    sent = 0
    for schedule in due_schedules(database, now=now):
        notices = _notices(database, schedule, now)
        sent += queue_report(database, schedule, notices, next_at=due_after(schedule.draft, now))
    return sent


def _notices(database: Database, schedule: ReportSchedule, now: datetime) -> list[Notice]:
    draft = schedule.draft
    due_at = max(due_before(draft, now), schedule.due_at)
    scope = Scope(schedule.project, may_read_private=draft.with_private)
    # Whoever made the schedule could see the watch; what it tells is another matter.
    maker = Scope(schedule.project, may_read_private=True)
    watch = get_watch(database, maker, draft.watch)
    if watch is None:
        return []
    try:
        report = make_report(database, scope, subject_of(watch, zone=draft.zone), told_period(draft, due_at), now=now)
    except QueryError as error:
        subject, text, html = watch.name, f"{watch.name}: {error}: `veilleur watch edit`", None
    else:
        kept = kept_additions(database, maker, watch.name)
        shown = Presentation(
            language=Language(draft.language),
            words=kept.words,
            logo=kept.logo,
            late_since_at=due_at if now - due_at > _LATE_AFTER else None,
        )
        subject, text, html = _written(draft.kind, report, shown)
    return [
        Notice(
            receiver_id=receiver,
            subject=subject[:LONGEST_SUBJECT],
            text=text[:LONGEST_TEXT],
            html=html,
            severity=Severity.INFO,
            queued_at=now,
            dedup=f"report:{schedule.id}:{due_at.timestamp():.0f}",
            language=draft.language,
        )
        for receiver in schedule.receiver_ids
    ]


def _written(kind: ReportKind, report: Report, shown: Presentation) -> tuple[str, str, str | None]:
    match kind:
        case ReportKind.MORNING:
            return morning_subject(report, shown), morning_text(report, shown), None
        case ReportKind.REPORT:
            return report_subject(report, shown), report_text(report, shown), report_mail(report, shown)
