"""A month of what a busy agency captures, by the hour of the day and the day of the week, in clumps as people write."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from veilleur.model.trends import Burst, TrendKey, TrendKind
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
from veilleur.trends.rates import HOUR_MS, Profile, profile_of

DAY_MS: Final = 24 * HOUR_MS
START_MS: Final = 20_454 * DAY_MS  # a Thursday
_BY_HOUR: Final = (1, 1, 1, 1, 1, 2, 6, 10, 14, 15, 14, 15, 18, 15, 13, 13, 14, 16, 19, 21, 20, 16, 10, 4)
_BY_DAY: Final = (1.05, 1.2, 0.8, 0.7, 1.0, 1.0, 1.0)
_PAST_LASTS_MS: Final = 12 * HOUR_MS


@dataclass(frozen=True, order=True)
class Said:
    at_ms: int
    actor: str
    conversation: str | None
    hashtags: tuple[str, ...]
    words: tuple[str, ...]


def month(seed: int, *, days: int = 30, a_day: int = 2_000, present: int = 4, drawn: int = 4) -> list[Said]:
    """Return what was said; in a room up to `present` people speak in turn, of those whom `drawn` draws bring."""
    dice = random.Random(seed)
    tags, words = _Zipf("tag", 300, 1), _Zipf("word", 3_000, 2)
    people, rooms = _Zipf("person", 800, 5), _Zipf("room", 40, 1)
    said: list[Said] = []
    for day in range(days):
        wanted = len(said) + int(dice.gauss(a_day * _BY_DAY[day % 7], 60))
        while len(said) < wanted:
            hour = dice.choices(range(24), _BY_HOUR)[0]
            at_ms = START_MS + day * DAY_MS + hour * HOUR_MS + dice.randrange(HOUR_MS)
            if dice.random() < 0.5:
                chosen = tags.draw(dice, dice.choice([0, 1, 1, 2, 3]))
                (person,) = people.draw(dice, 1)
                said.append(Said(at_ms, person, None, chosen, words.draw(dice, 6)))
                continue
            (room,), talking = rooms.draw(dice, 1), people.draw(dice, drawn)[: dice.randint(1, present)]
            for _ in range(min(12, 1 + int(dice.expovariate(0.4)))):
                said.append(Said(at_ms, dice.choice(talking), room, (), words.draw(dice, 5)))
                at_ms += int(dice.expovariate(1 / 25_000))
    return sorted(said)


class _Zipf:
    def __init__(self, name: str, size: int, offset: int) -> None:
        self._names = [f"{name}{number}" for number in range(size)]
        self._weights = [1 / (number + offset) for number in range(size)]

    def draw(self, dice: random.Random, most: int) -> tuple[str, ...]:
        return tuple(dict.fromkeys(dice.choices(self._names, self._weights, k=most)))


@dataclass
class Looking:
    """Looks at each mention as it comes, as a daemon would: pasts are made anew twice a day, profiles every day."""

    since_ms: int = START_MS
    turns: Turns = field(default_factory=Turns)
    times: dict[TrendKey, list[int]] = field(default_factory=lambda: defaultdict(list))
    actors: dict[TrendKey, list[str]] = field(default_factory=lambda: defaultdict(list))
    hours: Counter[int] = field(default_factory=Counter)
    pasts: dict[TrendKey, tuple[int, Past]] = field(default_factory=dict)
    told: dict[TrendKey, Told] = field(default_factory=dict)
    profile: Profile = field(default_factory=Profile)
    profile_until_ms: int = 0

    def bursts(self, said: Iterable[Said]) -> Iterator[Burst]:
        for one in said:
            self._follow_hours(one.at_ms)
            for key in self._keys(one):
                self.times[key].append(one.at_ms)
                self.actors[key].append(one.actor)
                if (burst := self._look(key, one.at_ms)) is not None:
                    self.told[key] = Told(burst)
                    yield burst

    def _keys(self, one: Said) -> Iterator[TrendKey]:
        yield from (TrendKey(TrendKind.HASHTAG, tag) for tag in one.hashtags)
        if self.turns.begins(one.at_ms, one.actor, one.conversation):
            yield TrendKey(TrendKind.ACTOR, one.actor)
            yield from (TrendKey(TrendKind.WORD, word) for word in one.words)
            if one.conversation is not None:
                yield TrendKey(TrendKind.CONVERSATION, one.conversation)

    def _look(self, key: TrendKey, now_ms: int) -> Burst | None:
        times = self.times[key]
        recent: Sequence[int] = times[bisect_left(times, now_ms - WINDOWS_MS[-1]) :]
        if key in self.told:
            self.told[key], recent = untold(self.told[key], recent)
        is_early = is_at_once(recent)
        if len(recent) < fewest(key.kind, is_early=is_early):
            return None
        actors = self.actors[key][-20:] if is_early else ()
        return find_burst(key, recent, self._past(key, now_ms), actors)

    def _past(self, key: TrendKey, now_ms: int) -> Past:
        made_ms = now_ms - now_ms % _PAST_LASTS_MS
        if self.pasts.get(key, (0,))[0] != made_ms:
            times, since_ms = self.times[key], max(self.since_ms, now_ms - PAST_MS)
            until_ms = max(since_ms, made_ms - WINDOWS_MS[-1])
            before = times[bisect_left(times, since_ms) : bisect_left(times, until_ms)]
            past = past_of(key.kind, before, self.profile, since_ms=since_ms, until_ms=until_ms)
            self.pasts[key] = (made_ms, past)
        return self.pasts[key][1]

    def _follow_hours(self, now_ms: int) -> None:
        if now_ms >= self.profile_until_ms:
            today_ms = now_ms - now_ms % DAY_MS
            self.profile = profile_of((hour, count) for hour, count in sorted(self.hours.items()) if hour < today_ms)
            self.profile_until_ms = today_ms + DAY_MS
        self.hours[now_ms - now_ms % HOUR_MS] += 1
