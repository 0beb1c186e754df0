"""The shape of reports, as they are answered."""

from __future__ import annotations

from datetime import datetime

from veilleur.api.answer_parts import Answer
from veilleur.api.answers import Completeness, Mention
from veilleur.api.count_shapes import Bucket, FacetCounts
from veilleur.model.counts import Grain
from veilleur.model.delivery import Severity
from veilleur.model.qualification import Tone
from veilleur.model.report import NotableReason


class Period(Answer):
    """The time of a report, its end excluded, and the one that it is compared with."""

    since_at: datetime
    until_at: datetime
    before_since_at: datetime
    before_until_at: datetime
    is_over: bool
    """False while the time asked for goes on: both are cut to as much of it as has passed."""


class ToneCount(Answer):
    """How many mentions people or rules gave a tone."""

    tone: Tone
    count: int


class Volume(Answer):
    """How many mentions there were, and what became of them."""

    count: int
    before: int
    """In the period before."""
    is_before_whole: bool
    """False where something of the period before was not seen."""
    is_before_seen: bool
    """False where no device was there yet in the period before."""
    treated: int
    off_topic: int
    open_negative: int
    """Said to be negative, and neither treated nor off-topic."""
    to_read: int
    """Neither treated nor off-topic."""
    without_tone: int
    """Of so many nobody and no rule said a tone."""
    tones: list[ToneCount]


class ReportTimeline(Answer):
    """Buckets with no hole between them, the oldest first."""

    grain: Grain
    buckets: list[Bucket]
    total: int
    counted_since_at: datetime | None


class NotableMention(Answer):
    """A mention worth reading."""

    mention: Mention
    reason: NotableReason
    """Why it is shown; they are ordered by it."""
    reach: int | None
    """How many people the notification says were at it."""


class ReportedAlert(Answer):
    """An alert of the period."""

    rule: str
    severity: Severity
    opened_at: datetime
    match_count: int
    acknowledged_by: str | None


class Report(Answer):
    """What a watch or a query held in a period."""

    title: str
    watch: str | None
    description: str | None
    query: str
    zone: str
    made_at: datetime
    period: Period
    with_private: bool
    volume: Volume
    timeline: ReportTimeline
    facets: list[FacetCounts]
    notable: list[NotableMention]
    alerts: list[ReportedAlert] | None
    """The latest 50 that rules on the watch opened; null: of a query nobody is alerted."""
    completeness: Completeness


class Additions(Answer):
    """What stands in reports that are given nothing else."""

    words: str | None
    """At the top of a watch's reports; an empty line parts paragraphs."""
    logo: str | None
    """A picture, as a `data:` address."""
