"""What a simulated tablet shows, one event after the other, and when it is due."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from veilleur_bridge.captured import Captured

Show = Callable[[datetime], Captured]


@dataclass(frozen=True, slots=True)
class Moment:
    """One event: `after_s` seconds after the first one of its story, `show` makes it with the device's clock."""

    after_s: float
    show: Show


def at_rate(show_number: Callable[[int], Show], rate_per_s: float | None, first: int) -> Iterator[Moment]:
    """Yield events from number `first` on, so many a second; without a rate each is due at once."""
    for number in count(first):
        after_s = 0.0 if rate_per_s is None else (number - first) / rate_per_s
        yield Moment(after_s, show_number(number))
