"""When mentions of a watch tell somebody: pure rules over the times of matches, one step at a time.

A back-test gives a past month in one step, a live rule gives each mention as it comes and keeps the state between;
both are this code, so that what was tried is what happens.
"""

from __future__ import annotations

from bisect import insort
from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec import Struct

from veilleur.model.condition import MOST_IN_WINDOW, Condition, ConditionKind, Telling
from veilleur.model.identity import MentionId


class Match(Struct, frozen=True, order=True):
    """A mention that a watch asked for, and when it happened."""

    at: datetime
    mention_id: MentionId


class Progress(Struct, frozen=True, kw_only=True):
    """How far a condition has come since it began: all that the next step needs. `through_at` never goes back."""

    begun_at: datetime
    through_at: datetime
    matches: tuple[Match, ...] = ()
    untold_count: int = 0
    untold_first_id: MentionId | None = None
    last: Match | None = None
    told_at: datetime | None = None
    is_reached: bool = False


def begun(at: datetime) -> Progress:
    """Return how a condition stands that is waited for from now on."""
    return Progress(begun_at=at, through_at=at)


def step(
    condition: Condition, progress: Progress, matches: Iterable[Match], *, until: datetime | None = None
) -> tuple[Progress, list[Telling]]:
    """Return how a condition stands after these matches and the time up to `until`, and what it tells on the way.

    Each match is given once. The order within a step does not matter. One from before an earlier step's end counts at
    that end: what comes late can still complete a count, and is told when it could be known.
    """
    stepping = _Stepping(condition, progress)
    for match in sorted(matches):
        stepping.take(match)
    if until is not None:
        stepping.pass_time(until)
    return stepping.progress(), stepping.told


class _Stepping:
    """One step under way."""

    def __init__(self, condition: Condition, progress: Progress) -> None:
        self._condition = condition
        self._window_length = timedelta(minutes=condition.window_minutes)
        self._cool_down = timedelta(minutes=condition.cool_down_minutes)
        self._begun_at = progress.begun_at
        self._window = deque(progress.matches)
        self._through_at = progress.through_at
        self._untold_count = progress.untold_count
        self._untold_first_id = progress.untold_first_id
        self._last = progress.last
        self._told_at = progress.told_at
        self._is_reached = progress.is_reached
        self.told: list[Telling] = []

    def progress(self) -> Progress:
        return Progress(
            begun_at=self._begun_at,
            through_at=self._through_at,
            matches=tuple(self._window),
            untold_count=self._untold_count,
            untold_first_id=self._untold_first_id,
            last=self._last,
            told_at=self._told_at,
            is_reached=self._is_reached,
        )

    def take(self, match: Match) -> None:
        self.pass_time(match.at)
        match self._condition.kind:
            case ConditionKind.EVERY:
                self._every(match)
            case ConditionKind.COUNT:
                self._count(match)
            case ConditionKind.SILENCE if match.at > self._silent_from:
                self._is_reached = False
        self._last = match if self._last is None else max(self._last, match)

    def pass_time(self, until: datetime) -> None:
        if self._condition.kind is ConditionKind.SILENCE:
            self._tell_silence(until)
        self._through_at = max(self._through_at, until)

    def _every(self, match: Match) -> None:
        self._untold_count += 1
        self._untold_first_id = self._untold_first_id or match.mention_id
        if self._has_cooled():
            self._tell(self._through_at, self._untold_count, self._untold_first_id, match.mention_id)
            self._untold_count, self._untold_first_id = 0, None

    def _count(self, match: Match) -> None:
        self._leave_window()
        if len(self._window) < self._condition.at_least:
            self._is_reached = False
        if match.at <= self._through_at - self._window_length:
            return
        if self._window and match < self._window[-1]:
            # A deque inserts in the middle as slowly as a list; what comes late is rare.
            kept = list(self._window)
            insort(kept, match)
            self._window = deque(kept)
        else:
            self._window.append(match)
        if len(self._window) > MOST_IN_WINDOW:
            self._window.popleft()
        if len(self._window) >= self._condition.at_least and self._may_tell_count():
            first, last = self._window[0], self._window[-1]
            self._tell(self._through_at, len(self._window), first.mention_id, last.mention_id)
            self._is_reached = True

    def _may_tell_count(self) -> bool:
        return self._has_cooled() and (not self._is_reached or bool(self._cool_down))

    def _leave_window(self) -> None:
        begin = self._through_at - self._window_length
        while self._window and self._window[0].at <= begin:
            self._window.popleft()

    def _tell_silence(self, until: datetime) -> None:
        silent_at = self._silent_from + self._window_length
        if self._is_reached or silent_at > until:
            return
        self._is_reached = True
        at = max(silent_at, self._through_at)
        if self._told_at is None or at - self._told_at >= self._cool_down:
            self._tell(at, 0, None, None if self._last is None else self._last.mention_id)

    @property
    def _silent_from(self) -> datetime:
        return self._begun_at if self._last is None else max(self._last.at, self._begun_at)

    def _has_cooled(self) -> bool:
        return self._told_at is None or self._through_at - self._told_at >= self._cool_down

    def _tell(self, at: datetime, evidence_count: int, first_id: MentionId | None, last_id: MentionId | None) -> None:
        self._told_at = at
        self.told.append(
            Telling(at=at, evidence_count=evidence_count, first_mention_id=first_id, last_mention_id=last_id)
        )
