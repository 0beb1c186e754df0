"""When keys came that came once, as nearly all words do: 20 bytes each, where a dictionary of them takes 226."""

from __future__ import annotations

from array import array
from typing import Final

from veilleur.model.trends import TrendKey

_SHELVES: Final = 256
_MARK_BYTES: Final = 8


class Once:
    """Knows a key by 64 bits of its hash alone: two of a million share them once in 37 million times.

    A key is kept once; who finds that it comes again keeps it elsewhere from then on.
    """

    def __init__(self) -> None:
        self._marks = [bytearray() for _ in range(_SHELVES)]
        self._times = [array("q") for _ in range(_SHELVES)]

    def keep(self, key: TrendKey, at_ms: int) -> None:
        """Remember when a key came that is not here."""
        shelf, mark = _place_of(key)
        self._marks[shelf] += mark
        self._times[shelf].append(at_ms)

    def time_of(self, key: TrendKey) -> int | None:
        """Return when a key came, None where it did not."""
        shelf, mark = _place_of(key)
        marks, at = self._marks[shelf], -1
        # A mark may be found across two others as well.
        while (at := marks.find(mark, at + 1)) >= 0:
            if at % _MARK_BYTES == 0:
                return self._times[shelf][at // _MARK_BYTES]
        return None


def _place_of(key: TrendKey) -> tuple[int, bytes]:
    number = hash((key.kind, key.value))
    return number % _SHELVES, number.to_bytes(_MARK_BYTES, "little", signed=True)
