"""What the operations on reports answer once the sample log is played."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from veilleur.model.counts import Bucket, Count, Facet, FacetCounts, Grain, Timeline
from veilleur.model.coverage import Completeness
from veilleur.model.mention import Mention
from veilleur.model.report import NotableMention, NotableReason, Period, Report, Volume
from veilleur.model.report_schedule import ReportSchedule, ReportScheduleDraft, ReportScheduleId
from veilleur.model.scope import DEFAULT_PROJECT
from veilleur.model.wire import report_fields, report_schedule_fields

_MONDAY: Final = datetime(2026, 11, 9, tzinfo=UTC)
_SUNDAY_OVER: Final = datetime(2026, 11, 16, tzinfo=UTC)
_MADE_AT: Final = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)
_PAGE: Final = "<!doctype html>…"


def report_examples(mention: Mention) -> dict[str, Any]:
    """Return the answer of each operation, by operation id; `mention` is one of the sample's."""
    told = report_fields(_report(mention))
    return {
        "report_watch": told,
        "report_watch_page": _PAGE,
        "report_query": told | {"watch": None},
        "report_query_page": _PAGE,
        "read_report_additions": {"words": "A quiet week.", "logo": None},
        "list_report_schedules": {"schedules": [report_schedule_fields(_schedule())]},
        "schedule_report": report_schedule_fields(_schedule()),
        "remove_report_schedule": report_schedule_fields(_schedule()),
    }


def report_bodies() -> dict[str, Any]:
    """Return the body of each operation that takes one, by operation id."""
    draft = _schedule().draft
    return {
        "schedule_report": {
            "watch": draft.watch,
            "every": draft.every,
            "zone": draft.zone,
            "language": draft.language,
            "receivers": list(draft.receivers),
        }
    }


def _schedule() -> ReportSchedule:
    return ReportSchedule(
        id=ReportScheduleId(1),
        project=DEFAULT_PROJECT,
        draft=ReportScheduleDraft(watch="plastique", zone="Europe/Paris", language="fr", receivers=("direction",)),
        made_by="lea",
        created_at=_MADE_AT,
        due_at=datetime(2026, 11, 23, 7, 0, tzinfo=UTC),
    )


def _report(mention: Mention) -> Report:
    return Report(
        title="plastique",
        watch="plastique",
        description=None,
        query="plastique OR #pouletrose",
        zone="UTC",
        made_at=_MADE_AT,
        period=Period(_MONDAY, _SUNDAY_OVER, datetime(2026, 11, 2, tzinfo=UTC), _MONDAY),
        with_private=False,
        volume=Volume(
            count=40,
            before=0,
            is_before_whole=False,
            is_before_seen=False,
            treated=0,
            off_topic=0,
            open_negative=0,
            to_read=40,
            without_tone=40,
            tones=(),
        ),
        timeline=Timeline(Grain.WEEK, (Bucket(_MONDAY, _SUNDAY_OVER, 40),), total=40),
        facets=(FacetCounts(Facet.KIND, (Count("comment", 31), Count("mention", 9)), total=40, without=0),),
        notable=(NotableMention(mention, NotableReason.RELEVANCE, None),),
        alerts=None,
        completeness=Completeness(),
    )
