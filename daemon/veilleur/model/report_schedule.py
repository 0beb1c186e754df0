"""When reports and morning messages are sent, and to whom."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final, NewType

from msgspec import Struct

from veilleur.model.delivery import ReceiverId

MOST_RECEIVERS: Final = 20
MINUTES_OF_A_DAY: Final = 24 * 60
USUAL_MINUTE: Final = 8 * 60

ReportScheduleId = NewType("ReportScheduleId", int)


class ReportKind(StrEnum):
    """What is sent: the whole report, or one line and the few mentions to read first."""

    REPORT = "report"
    MORNING = "morning"


class Every(StrEnum):
    """How often; a week's report comes on Monday, a month's on the first."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class ReportScheduleDraft(Struct, frozen=True, kw_only=True):
    """A schedule as a person writes it; `at_minute` counts from the zone's midnight, `receivers` are names."""

    watch: str
    kind: ReportKind = ReportKind.REPORT
    every: Every = Every.WEEK
    at_minute: int = USUAL_MINUTE
    zone: str = "UTC"
    language: str = "en"
    with_private: bool = False
    receivers: tuple[str, ...]


class ReportSchedule(Struct, frozen=True, kw_only=True):
    """A schedule that stands; `due_at` is when it is sent next."""

    id: ReportScheduleId
    project: str
    draft: ReportScheduleDraft
    made_by: str
    created_at: datetime
    due_at: datetime
    receiver_ids: tuple[ReceiverId, ...] = ()
