"""Reports (in French *revues de veille*): what a watch or a query held in a period, beside the period before."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

from msgspec import Struct

from veilleur.model.counts import Facet, FacetCounts, Timeline
from veilleur.model.coverage import Completeness
from veilleur.model.delivery import Severity
from veilleur.model.mention import Mention
from veilleur.model.qualification import Tone

PIN_TAG: Final = "report"
"""A mention with this tag is told first."""
LEAVE_OUT_TAG: Final = "no-report"
"""A mention with this tag is counted and not shown; neither is one that is off-topic."""
MOST_NOTABLE: Final = 12
LONGEST_TITLE: Final = 200
LONGEST_WORDS: Final = 20_000


class Period(Struct, frozen=True):
    """A time, its end excluded, and the one before it that it is compared with.

    `is_over` is False where the time asked for goes on: both are cut to as much of it as has passed.
    """

    since_at: datetime
    until_at: datetime
    before_since_at: datetime
    before_until_at: datetime
    is_over: bool = True


class NotableReason(StrEnum):
    """Why a mention is shown, in the order in which they are."""

    PINNED = "pinned"
    NEGATIVE_OPEN = "negative_open"
    NEGATIVE_TREATED = "negative_treated"
    QUALIFIED = "qualified"
    REACH = "reach"
    RELEVANCE = "relevance"


class NotableMention(Struct, frozen=True):
    """A mention worth reading, and why; `reach`: how many people its notification states, None where it states none."""

    mention: Mention
    reason: NotableReason
    reach: int | None


class ToneCount(Struct, frozen=True):
    """How many mentions people or rules gave a tone."""

    tone: Tone
    count: int


class Volume(Struct, frozen=True, kw_only=True):
    """How many mentions there were, and what became of them; `before`: in the period before.

    `is_before_whole` is False where something of the period before was not seen: then the two cannot be compared.
    `is_before_seen` is False where nothing of it can have been: the first device was not there yet.
    `to_read`: neither treated nor off-topic; `open_negative`: of these, those that were said to be negative.
    """

    count: int
    before: int
    is_before_whole: bool
    is_before_seen: bool
    treated: int
    off_topic: int
    open_negative: int
    to_read: int
    without_tone: int
    tones: tuple[ToneCount, ...]


class ReportedAlert(Struct, frozen=True, kw_only=True):
    """An alert that a rule on the watch opened in the period, of so many mentions."""

    rule: str
    severity: Severity
    opened_at: datetime
    match_count: int
    acknowledged_by: str | None


class ReportAdditions(Struct, frozen=True):
    """What people add to reports: words at the top, and a logo as a `data:` address."""

    words: str | None = None
    logo: str | None = None


class Report(Struct, frozen=True, kw_only=True):
    """What a query held in a period; `watch` None: a query that is kept under no name.

    `with_private`: what is private or of a group is counted and shown. `alerts`: the latest 50 that rules
    on the watch opened; None: of a query nobody is alerted.
    """

    title: str
    watch: str | None
    description: str | None
    query: str
    zone: str
    made_at: datetime
    period: Period
    with_private: bool
    volume: Volume
    timeline: Timeline
    facets: tuple[FacetCounts, ...]
    notable: tuple[NotableMention, ...]
    alerts: tuple[ReportedAlert, ...] | None
    completeness: Completeness

    def facet(self, facet: Facet) -> FacetCounts | None:
        """Return one facet's counts, None where it was not counted."""
        return next((one for one in self.facets if one.facet is facet), None)
