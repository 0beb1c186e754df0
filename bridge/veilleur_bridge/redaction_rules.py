"""The redaction rules that ship with the contract, as typed records; the companion reads the same file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from importlib.resources import files
from typing import Any, Final, TypeVar

from veilleur_bridge.errors import ContractError

_RULES: Final = "contract/redaction/rules.json"
_FROM_CONFIG: Final = "config"

_Record = TypeVar("_Record", "Marks", "WordRules", "SeparatorRules", "CardRules", "IbanRules", "OtpRules")


class RedactionKind(StrEnum):
    """What is taken out of words, as `redacted` names it."""

    OTP = "otp"
    CARD = "card"
    IBAN = "iban"


@dataclass(frozen=True, slots=True)
class Marks:
    """What stands where a number was."""

    otp: str
    card: str
    iban: str


@dataclass(frozen=True, slots=True)
class WordRules:
    """Which members of a notification hold words, beside the extras that hold white space."""

    heading: tuple[str, ...]
    texts: tuple[str, ...]
    lists: tuple[str, ...]
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeparatorRules:
    """What may stand between groups of digits, as code points (`U+00A0`)."""

    spaces: tuple[str, ...]
    dashes: tuple[str, ...]
    at_most: int


@dataclass(frozen=True, slots=True)
class CardRules:
    """How long a card number is, and the groups it is written in inside longer rows of digits."""

    min_digits: int
    max_digits: int
    shapes: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class IbanRules:
    """How long each country's IBAN is."""

    lengths: dict[str, int]


@dataclass(frozen=True, slots=True)
class OtpRules:
    """How long a one-time code is, and the words that announce one; `*` stands for further letters."""

    min_digits: int
    max_digits: int
    max_group: int
    max_phone_digits: int
    code_words: dict[str, tuple[str, ...]]
    not_code_words: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class RedactionRules:
    """`bridge/contract/redaction/rules.json`."""

    revision: int
    marks: Marks
    words: WordRules
    separators: SeparatorRules
    card: CardRules
    iban: IbanRules
    otp: OtpRules


def load_rules() -> RedactionRules:
    """Read the rules that ship with this package; raises ContractError when they are broken."""
    source = files("veilleur_bridge") / _RULES
    try:
        return _rules_of(json.loads(source.read_bytes()))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ContractError(f"{_RULES} cannot be used ({error}): install the package again") from error


def with_further_words(
    rules: RedactionRules, code_words: Sequence[str], not_code_words: Sequence[str]
) -> RedactionRules:
    """Return rules that know more words that announce a code, and more phrases that do not."""
    otp = replace(
        rules.otp,
        code_words=rules.otp.code_words | {_FROM_CONFIG: tuple(code_words)},
        not_code_words=rules.otp.not_code_words | {_FROM_CONFIG: tuple(not_code_words)},
    )
    return replace(rules, otp=otp)


def _rules_of(tree: dict[str, Any]) -> RedactionRules:
    return RedactionRules(
        revision=tree["revision"],
        marks=_record(Marks, tree["marks"]),
        words=_record(WordRules, tree["words"]),
        separators=_record(SeparatorRules, tree["separators"]),
        card=_record(CardRules, tree["card"]),
        iban=_record(IbanRules, tree["iban"]),
        otp=_record(OtpRules, tree["otp"]),
    )


def _record(kind: type[_Record], members: dict[str, Any]) -> _Record:
    return kind(**{field.name: _frozen(members[field.name]) for field in fields(kind)})


def _frozen(value: Any) -> Any:  # noqa: ANN401 - any value of the rules' tree
    if isinstance(value, list):
        return tuple(map(_frozen, value))
    return {name: _frozen(item) for name, item in value.items()} if isinstance(value, dict) else value
