"""The redaction rules that ship with the contract, as typed records; the companion reads the same file."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

import msgspec
from msgspec import Struct

from veilleur_bridge.errors import ContractError

_RULES: Final = "contract/redaction/rules.json"


class Marks(Struct, frozen=True):
    """What stands where a number was."""

    otp: str
    card: str
    iban: str


class WordRules(Struct, frozen=True):
    """Which members of a notification hold words, beside the extras that hold white space."""

    heading: tuple[str, ...]
    texts: tuple[str, ...]
    lists: tuple[str, ...]
    messages: tuple[str, ...]


class SeparatorRules(Struct, frozen=True):
    """What may stand between groups of digits, as code points (`U+00A0`)."""

    spaces: tuple[str, ...]
    dashes: tuple[str, ...]
    at_most: int


class CardRules(Struct, frozen=True):
    """How long a card number is, and the groups it is written in inside longer rows of digits."""

    min_digits: int
    max_digits: int
    shapes: tuple[tuple[int, ...], ...]


class IbanRules(Struct, frozen=True):
    """How long each country's IBAN is."""

    lengths: dict[str, int]


class OtpRules(Struct, frozen=True):
    """How long a one-time code is, and the words that announce one; `*` stands for further letters."""

    min_digits: int
    max_digits: int
    max_group: int
    max_phone_digits: int
    code_words: dict[str, tuple[str, ...]]
    not_code_words: dict[str, tuple[str, ...]]


class RedactionRules(Struct, frozen=True):
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
        return msgspec.json.decode(source.read_bytes(), type=RedactionRules)
    except (OSError, msgspec.DecodeError) as error:
        raise ContractError(f"{_RULES} cannot be used ({error}): install the package again") from error
