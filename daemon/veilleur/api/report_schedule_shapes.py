"""The shapes of scheduled reports, as they are sent and answered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from veilleur.api.answer_parts import Answer
from veilleur.api.parameters import Language, known_zone
from veilleur.model.report_schedule import MINUTES_OF_A_DAY, MOST_RECEIVERS, USUAL_MINUTE, Every, ReportKind
from veilleur.model.watch import LONGEST_NAME, LONGEST_ZONE

_Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]


class ReportScheduleShape(BaseModel):
    """A schedule as it should be."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")

    watch: _Name
    kind: ReportKind = ReportKind.REPORT
    """`morning`: one line, and the few mentions to read first."""
    every: Every = Every.WEEK
    """A week's comes on Monday, a month's on the first."""
    at_minute: Annotated[int, Field(ge=0, lt=MINUTES_OF_A_DAY)] = USUAL_MINUTE
    """So many minutes after midnight in `zone`."""
    zone: Annotated[str, Field(max_length=LONGEST_ZONE), AfterValidator(known_zone)] = "UTC"
    language: Language = Language.ENGLISH
    with_private: bool = False
    receivers: Annotated[list[_Name], Field(min_length=1, max_length=MOST_RECEIVERS)]
    """The names of receivers."""


class ReportSchedule(Answer):
    """A report that is sent again and again."""

    id: int
    project: str
    watch: str
    kind: ReportKind
    every: Every
    at_minute: int
    zone: str
    language: str
    with_private: bool
    receivers: list[str]
    made_by: str
    created_at: datetime
    due_at: datetime
    """When it is sent next."""


class ReportScheduleList(Answer):
    """The project's schedules."""

    schedules: list[ReportSchedule]
