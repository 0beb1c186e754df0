"""Finds card numbers, IBANs and code-like numbers in one text; every scan is linear in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import ascii_letters
from typing import Final

from veilleur_bridge.digit_runs import Blocks, DigitRuns, Span, digits_of
from veilleur_bridge.redaction_rules import RedactionRules

_LINK_BEFORE: Final = re.compile(r"(?:://|\.[a-z]{2,24}/)\S*\Z", re.IGNORECASE)
_LINK_REACH: Final = 300
_VALUES: Final = bytes.maketrans(b"0123456789", bytes(range(10)))
_DOUBLED: Final = bytes.maketrans(b"0123456789", bytes((0, 2, 4, 6, 8, 1, 3, 5, 7, 9)))
_JOINS_A_NUMBER: Final = frozenset(".,:/")
_JOINS_A_WORD: Final = frozenset(ascii_letters + "_")


class CardFinder:
    """Card numbers: 13 to 19 digits that pass Luhn (ISO/IEC 7812-1), outside links."""

    def __init__(self, rules: RedactionRules, runs: DigitRuns) -> None:
        self._sizes = range(rules.card.min_digits, rules.card.max_digits + 1)
        self._runs = runs
        self._shapes: dict[tuple[int, ...], list[tuple[int, ...]]] = {}
        for shape in sorted(rules.card.shapes, key=sum, reverse=True):
            self._shapes.setdefault(shape[:2], []).append(shape)

    def find(self, text: str) -> Iterator[Span]:
        """Yield the span of each card number."""
        for blocks in self._runs.of(text, self._sizes.start):
            for start, end in self._in_run(text, blocks):
                if _LINK_BEFORE.search(text, max(0, start - _LINK_REACH), start) is None:
                    yield start, end

    def _in_run(self, text: str, blocks: Blocks) -> Iterator[Span]:
        sizes = tuple(end - start for start, end in blocks)
        if sum(sizes) in self._sizes and _is_card(text, blocks):
            yield blocks[0][0], blocks[-1][1]
            return
        index = 0
        while index < len(blocks):
            count = self._count_at(text, blocks, sizes, index)
            if count:
                yield blocks[index][0], blocks[index + count - 1][1]
            index += count or 1

    def _count_at(self, text: str, blocks: Blocks, sizes: tuple[int, ...], index: int) -> int:
        """Return how many blocks from `index` on are a card number, or 0."""
        if sizes[index] in self._sizes:
            return int(_is_card(text, blocks[index : index + 1]))
        for shape in self._shapes.get(sizes[index : index + 2], ()):
            count = len(shape)
            if sizes[index : index + count] == shape and _is_card(text, blocks[index : index + count]):
                return count
        return 0


class IbanFinder:
    """IBANs: a country's own length, and mod 97 (ISO 13616, ISO/IEC 7064)."""

    def __init__(self, rules: RedactionRules, runs: DigitRuns) -> None:
        self._lengths = rules.iban.lengths
        self._start = re.compile(rf"(?<![A-Za-z0-9])[A-Za-z]{{2}}{runs.gap}[0-9]{{2}}")
        numbers = {letter: str(int(letter, 36)) for letter in ascii_letters}
        self._numbers = str.maketrans(numbers | dict.fromkeys(runs.separators, ""))
        self._whole = {
            length: re.compile(rf"(?:[A-Za-z0-9]{runs.gap}){{{length - 1}}}[A-Za-z0-9](?![A-Za-z0-9])")
            for length in set(self._lengths.values())
        }

    def find(self, text: str) -> Iterator[Span]:
        """Yield the span of each IBAN."""
        at = 0
        while (found := self._start.search(text, at)) is not None:
            at = found.end()
            length = self._lengths.get(found[0][:2].upper())
            whole = self._whole[length].match(text, found.start()) if length else None
            if whole is not None and self._passes_mod_97(found[0], whole[0]):
                at = whole.end()
                yield whole.span()

    def _passes_mod_97(self, start: str, whole: str) -> bool:
        return int(f"{whole[len(start) :]}{start}".translate(self._numbers)) % 97 == 1


class CodeFinder:
    """Numbers shaped like one-time codes: 4 to 8 digits in one block, or in equal groups (`123-456`)."""

    def __init__(self, rules: RedactionRules, runs: DigitRuns) -> None:
        self._sizes = range(rules.otp.min_digits, rules.otp.max_digits + 1)
        self._max_group = rules.otp.max_group
        self._runs = runs

    def find(self, text: str) -> Iterator[Span]:
        """Yield the span of each such number that is no part of an amount, a date, a time, a phone number or a word."""
        for blocks in self._runs.of(text, self._sizes.start):
            index = 0
            while index < len(blocks):
                count = self._group_size(text, blocks, index)
                start, end = blocks[index][0], blocks[index + count - 1][1]
                if self._is_code(text, blocks, index, count) and not _is_joined(text, start, end):
                    yield start, end
                index += count

    def _group_size(self, text: str, blocks: Blocks, index: int) -> int:
        """Return how many blocks of one size, with one separator, start at `index`; 1 where no group does."""
        size = blocks[index][1] - blocks[index][0]
        if size > self._max_group or not self._may_start_group(text, blocks, index):
            return 1
        count = 1
        separator = _gap(text, blocks, index + 1)
        while (
            separator is not None
            and _gap(text, blocks, index + count) == separator
            and blocks[index + count][1] - blocks[index + count][0] == size
        ):
            count += 1
        return count

    def _may_start_group(self, text: str, blocks: Blocks, index: int) -> bool:
        """Tell whether a group may start here: `1 482 913` goes on, `10:30 482 913` begins anew."""
        return (
            index == 0
            or _gap(text, blocks, index) != _gap(text, blocks, index + 1)
            or _is_joined_before(text, blocks[index - 1][0])
        )

    def _is_code(self, text: str, blocks: Blocks, index: int, count: int) -> bool:
        digits = sum(end - start for start, end in blocks[index : index + count])
        if digits not in self._sizes:
            return False
        return count > 1 or (self._is_apart(text, blocks, index) and self._is_apart(text, blocks, index + 1))

    def _is_apart(self, text: str, blocks: Blocks, index: int) -> bool:
        """Tell whether only spaces, or nothing of this row, stand before the block at `index`."""
        gap = _gap(text, blocks, index)
        return gap is None or self._runs.spaces.issuperset(gap)


def _gap(text: str, blocks: Blocks, index: int) -> str | None:
    return text[blocks[index - 1][1] : blocks[index][0]] if 0 < index < len(blocks) else None


def _is_joined(text: str, start: int, end: int) -> bool:
    after = text[end : end + 1]
    is_joined_after = after in _JOINS_A_WORD or (after in _JOINS_A_NUMBER and text[end + 1 : end + 2].isdecimal())
    return is_joined_after or _is_joined_before(text, start)


def _is_joined_before(text: str, start: int) -> bool:
    before = text[max(0, start - 1) : start]
    return before in _JOINS_A_WORD or (before in _JOINS_A_NUMBER and text[max(0, start - 2) : start - 1].isdecimal())


def _is_card(text: str, blocks: Blocks) -> bool:
    digits = digits_of(text[blocks[0][0] : blocks[-1][1]]).encode()
    return (sum(digits[-1::-2].translate(_VALUES)) + sum(digits[-2::-2].translate(_DOUBLED))) % 10 == 0
