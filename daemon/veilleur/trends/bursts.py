"""Tells a burst of one key from its ordinary ups and downs, at each mention as it comes. Pure.

An expectation-based scan (D. B. Neill, "Expectation-based scan statistics for monitoring spatial time series data",
International Journal of Forecasting 25, 2009) over windows that end now: what is expected is the key's own level in the
last weeks times how busy this hour of the week usually is. Counts of a key that is little known, or that comes in
clumps as people's messages do, vary more than Poisson's: the negative binomial allows for both. A burst must be
unlikely and clearly above the most that the key's past has shown. Within a single minute fewer give it away, if they
are of so many people: there the negative binomial's clumps have no end, and people's have.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import takewhile
from math import ceil
from typing import Final

from msgspec import Struct

from veilleur.model.trends import Burst, TrendKey, TrendKind
from veilleur.trends.rates import HOUR_MS, Profile, count_within, crowding, most_within, tail_chance

_MINUTE_MS: Final = 60_000
WINDOWS_MS: Final = tuple(minutes * _MINUTE_MS for minutes in (1, 2, 5, 10, 30, 60, 180))
"""Every length of time over which mentions are counted."""
PAST_MS: Final = 28 * 24 * 60 * _MINUTE_MS
"""How far back a key's past is looked at."""
LEAST_PAST_MS: Final = 3 * 24 * 60 * _MINUTE_MS
"""With less of a past than this nothing is known to be unusual."""

_TIMES_THE_MOST: Final = 1.5
_ABOVE_THE_MOST: Final = 3
# What is thought of a key that was never seen: half a mention in the past, and six hours of it more.
_PRIOR_COUNT: Final = 0.5
_PRIOR_HOURS: Final = 6.0
_CLUMP_WEIGHT: Final = 10.0
SAME_TURN_MS: Final = 5 * _MINUTE_MS
_SAME_EVENT_MS: Final = 10 * _MINUTE_MS


class _Bound(Struct, frozen=True):
    """What is told: at least so many, and less likely than this, of a key whose past shows `known` of them."""

    least: int
    chance: float
    known: int = 0


class _Habit(Struct, frozen=True):
    """How keys of a kind come, before one of them is known: in clumps of so many; and what is told at all.

    `bound`: at 2,000 mentions a day 30 days ask some 100,000 times about hashtags and a million times about words, in
    seven windows that overlap; by these one of them is wrong once in many months. `at_once` is for the shortest window
    where as many people speak as its `least` (of an actor it is the one): a conversation's clump is spread over
    minutes. Where four people take part in one, the most unlikely minute of six ordinary months came to 8e-6 by this
    formula; where ten do, to 2e-6.
    """

    clump: float
    bound: _Bound
    at_once: _Bound


# One person writes several messages in a row; one hashtag comes from many people.
_HABITS: Final = {
    TrendKind.HASHTAG: _Habit(clump=1.2, bound=_Bound(5, 1e-7), at_once=_Bound(4, 1e-7)),
    TrendKind.WORD: _Habit(clump=1.5, bound=_Bound(8, 1e-9), at_once=_Bound(5, 1e-8)),
    TrendKind.CONVERSATION: _Habit(clump=1.5, bound=_Bound(8, 1e-8), at_once=_Bound(5, 1e-6)),
    # Whoever discovers a page likes five of its posts in a minute: so an account must be known for so few.
    TrendKind.ACTOR: _Habit(clump=2.0, bound=_Bound(8, 1e-8), at_once=_Bound(5, 1e-6, known=10)),
}


class Past(Struct, frozen=True):
    """What is known of one key before the hours that are looked at: it holds good for hours, and is made once for them.

    `known` mentions in `hours` (busy ones count as more); of each window the most that one held, and how clumped.
    """

    since_ms: int
    known: int
    hours: float
    most: tuple[int, ...]
    clumps: tuple[float, ...]
    profile: Profile

    def usual(self, exposure: float) -> float:
        """Return how many mentions so many hours hold."""
        return (self.known + _PRIOR_COUNT) / (self.hours + _PRIOR_HOURS) * exposure

    def chance(self, count: int, exposure: float, window: int) -> float:
        """Return how likely so many are in the window of this index."""
        # The rate itself is known from so many hours alone: that adds exposure / hours to the variance.
        dispersion = self.clumps[window] + exposure / (self.hours + _PRIOR_HOURS)
        return tail_chance(count, self.usual(exposure), dispersion)


_LEAST: Final = min(habit.at_once.least for habit in _HABITS.values())


def fewest(kind: TrendKind, *, is_early: bool) -> int:
    """Return how few mentions in the longest window may be a burst: with fewer, a key's past need not be known.

    `is_early`: its shortest window holds enough that it matters who spoke (`is_at_once`).
    """
    habit = _HABITS[kind]
    return habit.at_once.least if is_early else habit.bound.least


def past_of(kind: TrendKind, times_ms: Sequence[int], profile: Profile, *, since_ms: int, until_ms: int) -> Past:
    """Return what the times (ascending, all that there are from `since_ms` to `until_ms`) tell of a key's past."""
    known, hours, habit = len(times_ms), profile.exposure(since_ms, until_ms), _HABITS[kind]
    usual_an_hour = (known + _PRIOR_COUNT) / (hours + _PRIOR_HOURS)
    clumps = []
    for window_ms in WINDOWS_MS:
        by_chance = usual_an_hour * window_ms / HOUR_MS * profile.unevenness
        seen = max(1.0, crowding(times_ms, window_ms) - by_chance)
        clumps.append((seen * known + habit.clump * _CLUMP_WEIGHT) / (known + _CLUMP_WEIGHT))
    most = tuple(most_within(times_ms, window_ms) for window_ms in WINDOWS_MS)
    return Past(since_ms, known, hours, most, tuple(clumps), profile)


def find_burst(key: TrendKey, times_ms: Sequence[int], past: Past, actors: Sequence[str | None] = ()) -> Burst | None:
    """Return the burst that the last of a key's recent times (ascending) gives away; None for ordinary ups and downs.

    `times_ms` hold at least the longest window of `WINDOWS_MS`, but for what was told (`untold`); `actors` are who
    spoke at the last of them, the newest last, where that is known. Of several windows the least likely one tells.
    """
    if times_ms[-1] - past.since_ms < LEAST_PAST_MS:
        return None
    least = fewest(key.kind, is_early=bool(actors))
    windows = (_in_window(key, times_ms, past, window, actors) for window in range(len(WINDOWS_MS) - 1, -1, -1))
    # A shorter window holds no more than a longer one: below the least, the shorter ones need no look.
    told = takewhile(lambda found: found[0] >= least, windows)
    return min((burst for _, burst in told if burst is not None), key=lambda burst: burst.chance, default=None)


def is_at_once(times_ms: Sequence[int]) -> bool:
    """Say whether the shortest window holds enough of the times (ascending) that it matters who spoke."""
    return len(times_ms) >= _LEAST and times_ms[-_LEAST] > times_ms[-1] - WINDOWS_MS[0]


def _in_window(
    key: TrendKey, times_ms: Sequence[int], past: Past, window: int, actors: Sequence[str | None]
) -> tuple[int, Burst | None]:
    now_ms, window_ms, most_before = times_ms[-1], WINDOWS_MS[window], past.most[window]
    count = count_within(times_ms, now_ms, window_ms)
    if count < max(_LEAST, most_before + _ABOVE_THE_MOST, ceil(most_before * _TIMES_THE_MOST)):
        return count, None
    bound = _bound(key.kind, past, actors[-count:] if window == 0 else ())
    if count < bound.least:
        return count, None
    exposure = past.profile.exposure(now_ms - window_ms, now_ms)
    chance = past.chance(count, exposure, window)
    if chance > bound.chance:
        return count, None
    return count, Burst(
        key=key,
        window_s=window_ms // 1_000,
        count=count,
        usual=past.usual(exposure),
        most_before=most_before,
        chance=chance,
        began_at=_instant(times_ms[-count]),
        seen_at=_instant(now_ms),
    )


def _bound(kind: TrendKind, past: Past, at_once: Sequence[str | None]) -> _Bound:
    habit = _HABITS[kind]
    people = len(at_once if kind is TrendKind.ACTOR else set(at_once))
    is_early = past.known >= habit.at_once.known and people >= habit.at_once.least
    return habit.at_once if is_early else habit.bound


class Turns:
    """Counts what one person writes in one conversation within five minutes once: it is one thing said, in pieces."""

    def __init__(self) -> None:
        self._last: dict[tuple[str | None, str | None], int] = {}

    def begins(self, at_ms: int, actor: str | None, conversation: str | None) -> bool:
        """Say whether a mention (asked in ascending order of time) begins a turn; outside conversations each does."""
        if conversation is None:
            return True
        last = self._last.get((actor, conversation))
        if last is not None and at_ms - last < SAME_TURN_MS:
            return False
        self._last[actor, conversation] = at_ms
        return True


class Told(Struct, frozen=True):
    """What was told of a key: the burst that lasts, and the last mention of one that has died away."""

    lasting: Burst | None = None
    through_ms: int | None = None


def untold(told: Told, times_ms: Sequence[int]) -> tuple[Told, Sequence[int]]:
    """Return how it stands at the last of a key's recent times (ascending), and those of them that may tell a burst.

    None may while one lasts, which is ten minutes at least. What belonged to one that has died away (its window holds
    less than half of what gave it away) counts in no longer window: one event is told once, and the next by its own
    mentions.
    """
    if told.lasting is not None:
        if not _is_over(told.lasting, times_ms):
            return told, ()
        told = Told(through_ms=times_ms[-2] if len(times_ms) > 1 else None)
    return told, times_ms if told.through_ms is None else times_ms[bisect_right(times_ms, told.through_ms) :]


def _is_over(burst: Burst, times_ms: Sequence[int]) -> bool:
    if times_ms[-1] < burst.seen_at.timestamp() * 1_000 + _SAME_EVENT_MS:
        return False
    return count_within(times_ms, times_ms[-1], burst.window_s * 1_000) * 2 < burst.count


def _instant(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1_000, UTC)
