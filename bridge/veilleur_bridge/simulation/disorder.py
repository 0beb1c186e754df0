"""What a simulated tablet does wrong on demand: a clock that errs, records sent twice or out of order."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from veilleur_bridge.spool.contents import SpoolItem

UNIX_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def utc_now() -> datetime:
    """Return the true time."""
    return datetime.now(UTC)


@dataclass(slots=True)
class ErringClock:
    """A clock that is ahead by `ahead`, which may change while it runs."""

    now: Callable[[], datetime] = utc_now
    ahead: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        """Return the device's time."""
        return self.now() + self.ahead


@dataclass(slots=True)
class Disorder:
    """Repeats a share of the records, and shuffles the later half of those that are sent at once.

    The drainer sends again from the first record left out of its turn, so the earlier half must keep its order.
    """

    duplicates: float = 0.0
    reorders: bool = False
    chance: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311 - a story, no secret

    def applied(self, items: Sequence[SpoolItem]) -> list[SpoolItem]:
        """Return the records as they are to be sent."""
        sent = [item for item in items for _ in range(2 if self.chance.random() < self.duplicates else 1)]
        if not self.reorders:
            return sent
        later = sent[(len(sent) + 1) // 2 :]
        self.chance.shuffle(later)
        return sent[: -len(later)] + later if later else sent
