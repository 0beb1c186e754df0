"""Coverage: what was not seen, of which device, from when to when, and why (in French *complétude*, *angles morts*)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

from msgspec import Struct

WHOLE_DEVICE: Final = "device"
"""The subject of what concerns all that a device sees."""


class CoverageCause(StrEnum):
    """Why something was not seen."""

    OFFLINE = "offline"
    LISTENER_DEAD = "listener_dead"
    SATURATED = "saturated"
    REDACTED = "redacted"
    COLLAPSED = "collapsed"
    GAP = "gap"
    QUARANTINED = "quarantined"
    DROPPED = "dropped"


class GapKind(StrEnum):
    """What is known of a gap, beside the reasons that a device gives for what it lost (`LostReason`)."""

    MISSING = "missing"
    """The device may still send it."""
    TAIL = "tail"
    """The epoch ended: what came after its last seq, and how much, is not known."""
    ENDED = "ended"
    """Missing when its epoch ended."""
    LOST = "lost"
    """Given up, by an operator or for a reason that is no longer stored."""


class CoverageInterval(Struct, frozen=True, kw_only=True):
    """One entry of the coverage ledger; `until_at` None: still so; `count`: of notifications, None where unknown.

    `subject` is an app's package, a span of seqs `EPOCH:FROM-THROUGH`, `EPOCH:REASON` of what the device dropped,
    or `device`.
    """

    device: str
    cause: CoverageCause
    subject: str
    since_at: datetime
    until_at: datetime | None
    count: int | None
    detail: str | None


class CoverageFilter(Struct, frozen=True, kw_only=True):
    """What of the ledger is asked for: what overlaps a time (its end excluded), of one device, for one cause."""

    since_at: datetime | None = None
    until_at: datetime | None = None
    device: str | None = None
    cause: CoverageCause | None = None


class Shortfall(Struct, frozen=True):
    """How much came in a time and was not read whole; of what is not listed there was none.

    `quarantined`: notifications and bytes that nobody could read; `redacted`: notifications whose words were hidden or
    in part taken out; `collapsed`: people and messages that were told as a number alone. With `is_more` there were at
    least so many; `count` None: this reader may not know whether there were any.
    """

    cause: CoverageCause
    count: int | None
    is_more: bool = False


class Completeness(Struct, frozen=True):
    """What an answer could not see: the latest intervals, and how many older ones are `omitted`.

    `known` is False while no device has ever told its state: then no interval proves nothing. `shortfalls` are counted
    all the same.
    """

    known: bool = False
    intervals: tuple[CoverageInterval, ...] = ()
    omitted: int = 0
    shortfalls: tuple[Shortfall, ...] = ()


class CoveragePage(Completeness, frozen=True):
    """One page of the ledger: `omitted` are those behind it, `next_cursor` leads to them."""

    next_cursor: str | None = None


class OpenInterval(Struct, frozen=True):
    """A state of a device that holds still: a row of the ledger without an end."""

    row_id: int
    device_id: int
    cause: CoverageCause
    subject: str
    since_at: datetime
    detail: str | None


class MissingSpan(Struct, frozen=True, order=True):
    """Seqs of a device's epoch that have not come, though later ones have."""

    device_id: int
    epoch: str
    from_seq: int
    through_seq: int

    @property
    def subject(self) -> str:
        """What the ledger calls it."""
        return span_subject(self.epoch, self.from_seq, self.through_seq)


class LostTally(Struct, frozen=True):
    """How many notifications of one device were found to be lost, and for what reasons."""

    device_id: int
    count: int
    reasons: tuple[str, ...]


def span_subject(epoch: str, from_seq: int, through_seq: int | None) -> str:
    """Return the subject of a span of seqs; without an end it is a tail of unknown length."""
    return f"{epoch}:{from_seq}-{'' if through_seq is None else through_seq}"
