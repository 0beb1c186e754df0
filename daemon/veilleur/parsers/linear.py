"""Regular expressions whose time grows with the text only, whatever the text (google-re2)."""

from __future__ import annotations

import re2  # type: ignore[import-untyped]  # google-re2 ships no stubs

Span = tuple[int, int]


def escape(text: str) -> str:
    """Return the expression that matches exactly this text."""
    return str(re2.escape(text))


def is_expression(pattern: str) -> bool:
    """Whether a pattern is one that matches in linear time."""
    quiet = re2.Options()
    quiet.log_errors = False
    try:
        re2.compile(pattern.encode(), quiet)
    except re2.error:
        return False
    return True


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
