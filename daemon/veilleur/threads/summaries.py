"""What only a group's summary showed: some builds put the first message there alone (DESIGN §4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_COLONS: Final = (": ", "：")
_MOST_COLONS: Final = 8


def words_in_line(line: str) -> Iterator[str]:
    """Yield what a child may have said where a summary shows this line: all of it, and what follows each colon.

    Names may hold colons, and words may. A child with any of these words withdraws the line, whenever it comes.
    """
    yield line
    for colon in _COLONS:
        rest = line
        for _ in range(_MOST_COLONS):
            _, found, rest = rest.partition(colon)
            if not found:
                break
            yield rest
