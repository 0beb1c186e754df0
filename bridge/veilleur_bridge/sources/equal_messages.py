"""Counts equal messages of one moment, so that each has an identity of its own."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Final

_REMEMBERED: Final = 10_000


class EqualMessages:
    """Numbers equal messages in their order, among the latest ten thousand."""

    def __init__(self) -> None:
        self._seen: OrderedDict[Hashable, int] = OrderedDict()

    def ordinal(self, message: Hashable) -> int:
        """Return how many equal ones stood before, from 0."""
        ordinal = self._seen.pop(message, -1) + 1
        self._seen[message] = ordinal
        if len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
        return ordinal
