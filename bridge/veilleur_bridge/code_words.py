"""Tells whether a text speaks of a code, in the words of many languages."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from veilleur_bridge.redaction_rules import OtpRules

_GAP: Final = re.compile(r"[\s\-\u2010-\u2015]+")
_ANY_LETTERS: Final = "*"


@dataclass(frozen=True, slots=True)
class CodeWord:
    """One word or phrase of the rules; open ends may go on into further letters."""

    text: str
    is_open_before: bool
    is_open_after: bool

    def stands_in(self, folded: str) -> bool:
        """Tell whether the word stands in a folded text, apart from other letters where its ends are closed."""
        at = folded.find(self.text)
        while at >= 0:
            end = at + len(self.text)
            opens = self.is_open_before or not _is_letter(folded[max(0, at - 1) : at])
            if opens and (self.is_open_after or not _is_letter(folded[end : end + 1])):
                return True
            at = folded.find(self.text, at + 1)
        return False


class CodeWords:
    """The code words of the rules, and the phrases that hold one but mean something else (`code postal`)."""

    def __init__(self, rules: OtpRules) -> None:
        words = {word for group in rules.code_words.values() for word in group}
        others = {_fold(phrase) for group in rules.not_code_words.values() for phrase in group}
        self._words = tuple(_code_word(word) for word in sorted(words))
        self._others = sorted(others, key=len, reverse=True)

    def stand_in(self, text: str) -> bool:
        """Tell whether the text speaks of a code."""
        folded = _fold(text)
        found = [word for word in self._words if word.stands_in(folded)]
        if not found:
            return False
        for phrase in self._others:
            folded = folded.replace(phrase, " ")
        return any(word.stands_in(folded) for word in found)


def _code_word(word: str) -> CodeWord:
    return CodeWord(_fold(word.strip(_ANY_LETTERS)), word.startswith(_ANY_LETTERS), word.endswith(_ANY_LETTERS))


def _fold(text: str) -> str:
    return _GAP.sub(" ", unicodedata.normalize("NFC", text).lower())


def _is_letter(character: str) -> bool:
    return character.isalnum() or (character != "" and unicodedata.category(character).startswith("M"))
