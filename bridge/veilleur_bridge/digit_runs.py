"""Rows of digits in a text, as people write long numbers: blocks with a space or a dash between them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from veilleur_bridge.redaction_rules import RedactionRules

Span = tuple[int, int]
Blocks = Sequence[Span]

_BLOCK: Final = re.compile(r"\d+")


class DigitRuns:
    """Finds rows of digit blocks; what separates the blocks comes from the rules."""

    def __init__(self, rules: RedactionRules) -> None:
        separators = rules.separators
        self.spaces = frozenset(_characters(separators.spaces))
        self.separators = self.spaces.union(_characters(separators.dashes))
        either = re.escape("".join(sorted(self.separators)))
        self.gap = rf"[{either}]{{0,{separators.at_most}}}+"
        self._run = re.compile(rf"\d++(?:[{either}]{{1,{separators.at_most}}}+\d++)*+")
        self._max_phone_digits = rules.otp.max_phone_digits

    def of(self, text: str, min_digits: int) -> Iterator[Blocks]:
        """Yield the blocks of each row that may hold so many digits, without a phone number that a `+` announces."""
        for run in self._run.finditer(text):
            start, end = run.span()
            if end - start < min_digits:
                continue
            blocks = [block.span() for block in _BLOCK.finditer(text, start, end)]
            is_phone = text[start - 1 : start] == "+"
            yield self._after_phone(blocks) if is_phone else blocks

    def _after_phone(self, blocks: Blocks) -> Blocks:
        digits = 0
        for index, (start, end) in enumerate(blocks):
            digits += end - start
            if digits > self._max_phone_digits:
                return blocks[index:]
        return []


def digits_of(written: str) -> str:
    """Return the digits of a number without what separates them, in whatever script they were written, as 0 to 9."""
    digits = "".join(_BLOCK.findall(written))
    return digits if digits.isascii() else "".join(str(int(digit)) for digit in digits)


def _characters(code_points: Iterable[str]) -> str:
    return "".join(chr(int(point.removeprefix("U+"), 16)) for point in code_points)
