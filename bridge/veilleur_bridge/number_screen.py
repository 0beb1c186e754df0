"""Puts marks in the place of private numbers, in all the texts of one notification together."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from veilleur_bridge.code_words import CodeWords
from veilleur_bridge.digit_runs import DigitRuns, Span, digits_of
from veilleur_bridge.private_numbers import CardFinder, CodeFinder, IbanFinder
from veilleur_bridge.redaction_rules import RedactionKind, RedactionRules

# No card number, IBAN or code has fewer than four digits.
_FOUR_DIGITS: Final = re.compile(r"(?:\D*+\d){4}")


@dataclass(frozen=True, slots=True)
class Screened:
    """A text with its marks, and the kinds of mark that were put in (`iban`, `card`, `otp`)."""

    text: str
    kinds: tuple[RedactionKind, ...] = ()


class NumberScreen:
    """Finds private numbers of the wanted kinds by the rules of the contract: texts in, marked texts out."""

    def __init__(self, rules: RedactionRules, kinds: Container[RedactionKind] = frozenset(RedactionKind)) -> None:
        runs = DigitRuns(rules)
        accounts = (
            (RedactionKind.IBAN, rules.marks.iban, IbanFinder(rules, runs)),
            (RedactionKind.CARD, rules.marks.card, CardFinder(rules, runs)),
        )
        self._accounts = tuple(account for account in accounts if account[0] in kinds)
        self._seeks_codes = RedactionKind.OTP in kinds
        self._otp_mark = rules.marks.otp
        self._codes = CodeFinder(rules, runs)
        self._code_words = CodeWords(rules.otp)

    def screen(self, texts: Sequence[str], headings: Sequence[str]) -> list[Screened]:
        """Screen texts that belong together: a code that one of them gives away is taken out of all.

        A code is given away by a code word in its own text or in a heading.
        """
        marked = [self._without_accounts(text) for text in texts]
        candidates = [self._codes_in(screened.text) for screened in marked]
        is_announced = any(candidates) and any(map(self._code_words.stand_in, headings))
        codes = {
            code
            for screened, found in zip(marked, candidates, strict=True)
            if found and (is_announced or self._code_words.stand_in(screened.text))
            for code in found.values()
        }
        return [self._without_codes(*pair, codes) for pair in zip(marked, candidates, strict=True)] if codes else marked

    def _without_accounts(self, text: str) -> Screened:
        kinds: tuple[RedactionKind, ...] = ()
        if may_hold_numbers(text):
            for kind, mark, finder in self._accounts:
                spans = list(finder.find(text))
                if spans:
                    text, kinds = with_mark(text, spans, mark), (*kinds, kind)
        return Screened(text, kinds)

    def _codes_in(self, text: str) -> dict[Span, str]:
        if not (self._seeks_codes and may_hold_numbers(text)):
            return {}
        return {(start, end): digits_of(text[start:end]) for start, end in self._codes.find(text)}

    def _without_codes(self, screened: Screened, found: dict[Span, str], codes: set[str]) -> Screened:
        spans = [span for span, code in found.items() if code in codes]
        if not spans:
            return screened
        return Screened(with_mark(screened.text, spans, self._otp_mark), (*screened.kinds, RedactionKind.OTP))


def may_hold_numbers(words: str) -> bool:
    """Tell quickly whether a closer look is due."""
    return _FOUR_DIGITS.match(words) is not None


def with_mark(text: str, spans: Iterable[Span], mark: str) -> str:
    """Return the text with a mark in the place of each span; spans are in order and apart."""
    pieces, last = [], 0
    for start, end in spans:
        pieces += [text[last:start], mark]
        last = end
    return "".join([*pieces, text[last:]])
