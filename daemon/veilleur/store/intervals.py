"""Which seqs of one epoch were received: everything up to the watermark, and spans above it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable


class Received:
    """The seqs received of one (device, epoch); `watermark` is the highest contiguous one, 0 for none.

    Kept as spans, so that retention of the rows neither moves the watermark nor lets a replay in.
    """

    def __init__(self, watermark: int = 0, spans: Iterable[tuple[int, int]] = ()) -> None:
        self.watermark = watermark
        self._starts: list[int] = []
        self._ends: list[int] = []
        self.was_watermark = watermark
        for first, last in sorted(spans):
            self.add(first, last)
        self.were_spans = frozenset(self.spans)

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """The spans above the watermark, in order, neither touching nor overlapping."""
        return tuple(zip(self._starts, self._ends, strict=True))

    @property
    def highest(self) -> int:
        """The highest seq received, 0 for none."""
        return self._ends[-1] if self._ends else self.watermark

    def missing(self, first: int, last: int) -> tuple[tuple[int, int], ...]:
        """Return the spans of `first` to `last`, both included, that were not received."""
        gaps: list[tuple[int, int]] = []
        at = max(first, self.watermark + 1)
        for start, end in (*self.spans, (last + 1, last + 1)):
            if at < start and at <= last:
                gaps.append((at, min(start - 1, last)))
            at = max(at, end + 1)
        return tuple(gaps)

    def __contains__(self, seq: int) -> bool:
        """Return whether this seq was received."""
        if seq <= self.watermark:
            return True
        at = bisect_right(self._starts, seq) - 1
        return at >= 0 and seq <= self._ends[at]

    def add(self, first: int, last: int) -> None:
        """Take in the seqs `first` to `last`, both included."""
        if first <= self.watermark + 1 and not self._starts:
            self.watermark = max(self.watermark, last)
            return
        low = bisect_left(self._ends, first - 1)
        high = bisect_right(self._starts, last + 1)
        if low < high:
            first, last = min(first, self._starts[low]), max(last, self._ends[high - 1])
        self._starts[low:high], self._ends[low:high] = [first], [last]
        if self._starts[0] <= self.watermark + 1:
            self.watermark = max(self.watermark, self._ends.pop(0))
            self._starts.pop(0)
