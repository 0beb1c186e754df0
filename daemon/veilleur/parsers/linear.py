"""Regular expressions whose time grows with the text only, whatever the text (google-re2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import re2  # type: ignore[import-untyped]  # google-re2 ships no stubs

Span = tuple[int, int]

# The default, 8 MB, is shared by program and states; a set that runs out of it matches nothing.
_SET_MEMORY_BYTES: Final = 64 * 1024 * 1024


def escape(text: str) -> str:
    """Return the expression that matches exactly this text."""
    return str(re2.escape(text))


class Expression:
    """One pattern, matched against the whole of a UTF-8 text."""

    __slots__ = ("_groups", "_regex")

    def __init__(self, pattern: str) -> None:
        self._regex = re2.compile(pattern.encode())
        self._groups: int = self._regex.groups

    def spans(self, data: bytes) -> tuple[Span, ...] | None:
        """Return the byte span of each group (-1, -1 for one without a part), None where the whole does not match."""
        match = self._regex.fullmatch(data)
        return tuple(match.span(group) for group in range(1, self._groups + 1)) if match else None


class ExpressionSet:
    """Many patterns matched against the whole of a text in one pass."""

    __slots__ = ("_set",)

    def __init__(self, patterns: Sequence[str]) -> None:
        self._set = None
        if patterns:
            options = re2.Options()
            options.log_errors = False
            options.max_mem = _SET_MEMORY_BYTES
            self._set = re2.Set.FullMatchSet(options)
            for pattern in patterns:
                self._set.Add(pattern)
            self._set.Compile()

    def matching(self, data: bytes) -> Sequence[int]:
        """Return the indexes of the patterns that match the whole text."""
        if self._set is None:
            return ()
        return self._set.Match(data) or ()
