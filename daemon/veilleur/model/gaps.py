"""A gap: seqs of a device's epoch that never came."""

from __future__ import annotations

from msgspec import Struct

Span = tuple[int, int]


class SeqGap(Struct, frozen=True, kw_only=True):
    """What is missing of a span of seqs; `spans` hold their both ends, in order, and are never empty.

    `held_from` is the oldest seq that the device says it still holds, None where it says nothing of this epoch.
    """

    device: str
    epoch: str
    spans: tuple[Span, ...]
    held_from: int | None

    @property
    def count(self) -> int:
        """How many seqs are missing."""
        return sum(last - first + 1 for first, last in self.spans)

    @property
    def may_still_come(self) -> bool:
        """Whether the device says that it still holds some of them."""
        return self.held_from is not None and self.held_from <= self.spans[-1][1]
