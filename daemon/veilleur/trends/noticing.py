"""Bursts noticed as mentions come: a consumer of changes, which keeps in memory when each key came in four weeks.

What it remembers is read from the store when it begins, and anew each day; so nothing is lost with the process. A burst
is kept once, by when it began.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, insort
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Final

from msgspec import Struct

from veilleur.model.changes import Change
from veilleur.model.identity import MentionId
from veilleur.model.kinds import ChangeKind, Visibility
from veilleur.model.scope import Scope
from veilleur.model.trends import Burst, FoundBurst, TrendKey
from veilleur.store.consumers import Consumer
from veilleur.store.database import Database
from veilleur.store.hours import hourly_counts
from veilleur.store.instants import to_ms
from veilleur.store.trend_bursts import keep_bursts, page_bursts
from veilleur.store.trend_rows import TrendRow, trend_rows
from veilleur.trends.bursts import (
    PAST_MS,
    WINDOWS_MS,
    Past,
    Told,
    Turns,
    fewest,
    find_burst,
    is_at_once,
    past_of,
    untold,
)
from veilleur.trends.keys import keys_of, row_of
from veilleur.trends.once import Once
from veilleur.trends.rates import Profile, profile_of

CONSUMER: Final = "bursts"
_DAY_MS: Final = 24 * 3_600_000
_PAST_LASTS_MS: Final = _DAY_MS // 2
_MOST_REMEMBERED: Final = 500_000
_EVIDENCE: Final = 20
_TAKEN: Final = 5_000
_TOLD_AGAIN: Final = 200
# Fewer keys than this are not worth looking which of them came of late.
_LEAST_SWEPT: Final = 4_096

Clock = Callable[[], datetime]
_Said = tuple[MentionId, str | None]
"""A mention and who spoke."""


class _Place(Struct, frozen=True):
    """Private and public mentions of a project are counted apart."""

    project: str
    is_private: bool


def burst_consumer(database: Database, clock: Clock) -> Consumer[tuple[FoundBurst, ...]]:
    """Return what notices bursts of hashtags, actors, conversations and words; a replayed log makes none."""
    noticing = Noticing(database, clock)
    return Consumer(CONSUMER, noticing.judge, keep_bursts)


class Noticing:
    """Looks at each mention as it comes; asked again for a batch it answers as before."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._memories: dict[_Place, _Memory] = {}
        self._remembered_day = -1
        self._taken: dict[MentionId, None] = {}
        self._found: deque[FoundBurst] = deque(maxlen=_TOLD_AGAIN)

    def judge(self, changes: Sequence[Change]) -> tuple[FoundBurst, ...]:
        """Return the bursts found of late; those that are kept already are kept once."""
        fresh = [row for change in changes if (row := _fresh(change)) is not None]
        if not fresh:
            return ()
        self._remember(fresh)
        for row in fresh:
            if row.mention_id not in self._taken:
                self._taken[row.mention_id] = None
                self._found += self._memory(row).take(row)
        for oldest in list(islice(self._taken, max(len(self._taken) - _TAKEN, 0))):
            del self._taken[oldest]
        return tuple(self._found)

    def _memory(self, row: TrendRow) -> _Memory:
        place = _Place(row.project, row.is_private)
        if place not in self._memories:
            known = self._profile(row.project)
            self._memories[place] = _Memory(row.project, known, to_ms(self._clock()), self._told(place))
        return self._memories[place]

    def _told(self, place: _Place) -> dict[TrendKey, Told]:
        """Return the bursts that may last still: whoever begins in the midst of one does not tell it again."""
        since_at = self._clock() - timedelta(milliseconds=WINDOWS_MS[-1])
        everything = Scope(place.project, may_read_private=True)
        kept = page_bursts(self._database, everything, limit=_TOLD_AGAIN, since_at=since_at).bursts
        return {one.burst.key: Told(one.burst) for one in reversed(kept) if one.is_private == place.is_private}

    def _remember(self, fresh: Sequence[TrendRow]) -> None:
        """Read four weeks from the store, once a day, without what is about to be looked at."""
        day = to_ms(self._clock()) // _DAY_MS
        if day == self._remembered_day:
            return
        self._remembered_day = day
        self._memories = {}
        until_ms = min(row.at_ms for row in fresh)
        until_at = datetime.fromtimestamp(until_ms / 1_000, UTC)
        since_at = until_at - timedelta(milliseconds=PAST_MS)
        rows = trend_rows(self._database, None, since_at=since_at, until_at=until_at, most=_MOST_REMEMBERED)
        for row in reversed(list(rows)):
            self._memory(row).add(row)

    def _profile(self, project: str) -> tuple[Profile, int | None]:
        now_ms = to_ms(self._clock())
        today_at = datetime.fromtimestamp((now_ms - now_ms % _DAY_MS) / 1_000, UTC)
        since_at = today_at - timedelta(milliseconds=PAST_MS)
        hours = hourly_counts(self._database, project, since_at=since_at, until_at=today_at)
        return profile_of(hours), (hours[0][0] if hours else None)


class _Memory:
    """When each key came, in one place."""

    def __init__(
        self, project: str, known: tuple[Profile, int | None], now_ms: int, told: dict[TrendKey, Told]
    ) -> None:
        self._project = project
        self._profile, first_ms = known
        self._since_ms = now_ms if first_ms is None else first_ms
        self._turns = Turns()
        # Most keys come once: an entry for each of these would be most of the memory.
        self._once = Once()
        self._times: dict[TrendKey, array[int]] = {}
        self._evidence: dict[TrendKey, tuple[_Said, ...]] = {}
        self._most_evidence = _LEAST_SWEPT
        self._pasts: dict[TrendKey, tuple[int, Past]] = {}
        self._told = told

    def add(self, row: TrendRow) -> list[TrendKey]:
        """Remember when the keys of a mention came, and return them."""
        keys = list(keys_of(row, begins_turn=self._turns.begins(row.at_ms, row.actor, row.conversation)))
        for key in keys:
            held = self._times.get(key)
            if held is not None:
                insort(held, row.at_ms)
            elif (first_ms := self._once.time_of(key)) is None:
                self._once.keep(key, row.at_ms)
            else:
                self._times[key] = array("q", sorted((first_ms, row.at_ms)))
        return keys

    def take(self, row: TrendRow) -> list[FoundBurst]:
        """Remember a mention, and return the bursts that it gives away."""
        found, said = [], (row.mention_id, row.actor)
        if len(self._evidence) >= self._most_evidence:
            self._forget_evidence(row.at_ms - WINDOWS_MS[-1])
        for key in self.add(row):
            self._evidence[key] = (*self._evidence.get(key, ()), said)[-_EVIDENCE:]
            burst = self._look(key)
            if burst is not None:
                self._told[key] = Told(burst)
                ids = tuple(mention_id for mention_id, _ in self._evidence[key][-burst.count :])
                found.append(FoundBurst(project=self._project, is_private=row.is_private, burst=burst, mention_ids=ids))
        return found

    def _forget_evidence(self, since_ms: int) -> None:
        """Forget the mentions of keys that came before the longest window alone: no burst names them any more."""
        self._evidence = {key: ids for key, ids in self._evidence.items() if self._times_of(key)[-1] >= since_ms}
        self._most_evidence = max(2 * len(self._evidence), _LEAST_SWEPT)

    def _times_of(self, key: TrendKey) -> Sequence[int]:
        held = self._times.get(key)
        if held is not None:
            return held
        only_ms = self._once.time_of(key)
        return () if only_ms is None else (only_ms,)

    def _look(self, key: TrendKey) -> Burst | None:
        times = self._times_of(key)
        now_ms = times[-1]
        recent: Sequence[int] = times[bisect_left(times, now_ms - WINDOWS_MS[-1]) :]
        if key in self._told:
            self._told[key], recent = untold(self._told[key], recent)
        is_early = is_at_once(recent)
        if len(recent) < fewest(key.kind, is_early=is_early):
            return None
        actors = [actor for _, actor in self._evidence[key]] if is_early else ()
        return find_burst(key, recent, self._past(key, now_ms), actors)

    def _past(self, key: TrendKey, now_ms: int) -> Past:
        made_ms = now_ms - now_ms % _PAST_LASTS_MS
        if self._pasts.get(key, (0,))[0] != made_ms:
            times, since_ms = self._times_of(key), max(self._since_ms, now_ms - PAST_MS)
            until_ms = max(since_ms, made_ms - WINDOWS_MS[-1])
            before = times[bisect_left(times, since_ms) : bisect_left(times, until_ms)]
            past = past_of(key.kind, before, self._profile, since_ms=since_ms, until_ms=until_ms)
            self._pasts[key] = (made_ms, past)
        return self._pasts[key][1]


def _fresh(change: Change) -> TrendRow | None:
    mention = change.mention
    if mention is None or change.op is not ChangeKind.CREATED or change.is_said:
        return None
    is_private = mention.visibility is not Visibility.PUBLIC
    return row_of(mention, to_ms(mention.happened_at), is_private=is_private)
