"""The values of a dump's extras: `Type (value)`, or a form that withholds the value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from veilleur_bridge.envelope import MAX_SEQ

_SHAPE: Final = re.compile(
    r"(?P<type>[\w$]*(?P<array>\[\])*)(?: (?:\((?P<value>.*)\)|\[length=(?P<length>\d+)\]))?", re.DOTALL
)
_ITEM: Final = re.compile(r"\[\d+\] (.*)", re.DOTALL)
_WHOLE: Final = re.compile(r"-?\d{1,19}")
_FRACTION: Final = re.compile(r"-?\d{1,19}\.\d{1,19}")
_FRACTION_TYPES: Final = frozenset({"Float", "Double"})
_WHOLE_TYPES: Final = frozenset({"Integer", "Long", "Short", "Byte"})
_TEXT_TYPES: Final = frozenset({"String", "SpannableString", "SpannedString", "SpannableStringBuilder"})

Scalar = str | int | float | bool


@dataclass(frozen=True, slots=True)
class ExtraValue:
    """One extra: `text` as printed between the parentheses, `items` those of an array.

    `is_withheld` where the dump shows that there is a value, and not which.
    """

    type: str
    text: str | None = None
    items: tuple[str, ...] = ()
    is_withheld: bool = False


def read_value(printed: str, items: Iterable[str] = ()) -> ExtraValue | None:
    """Return the value behind `key=`, None for `null` and for what is no value at all.

    Withheld are `String [length=9]`, a bare `String` (up to Android 8), and an array of which only the count is shown.
    """
    shape = _SHAPE.fullmatch(printed.rstrip())
    if not shape or shape["type"] == "null":
        return None
    if shape["array"]:
        shown = tuple(items)
        return ExtraValue(shape["type"], items=shown, is_withheld=len(shown) < _count(shape["value"]))
    if shape["length"]:
        return ExtraValue(shape["type"], is_withheld=int(shape["length"]) > 0)
    return ExtraValue(shape["type"], shape["value"], is_withheld=shape["value"] is None)


class Extras:
    """The extras of one notification, each read as what the caller expects it to be."""

    def __init__(self, values: Mapping[str, ExtraValue]) -> None:
        self._values = values

    def names(self) -> Iterable[str]:
        return self._values.keys()

    def withholds(self, name: str) -> bool:
        return name in self._values and self._values[name].is_withheld

    def parts(self, name: str) -> tuple[str, ...]:
        """Return the items of an array."""
        return self._values[name].items if name in self._values else ()

    def text(self, name: str) -> str | None:
        """Return words whatever class carries them; an empty text says nothing."""
        return (self._values[name].text or None) if name in self._values else None

    def truth(self, name: str) -> bool | None:
        scalar = self.scalar(name)
        return scalar if isinstance(scalar, bool) else None

    def whole(self, name: str) -> int | None:
        scalar = self.scalar(name)
        return scalar if isinstance(scalar, int) and not isinstance(scalar, bool) else None

    def scalar(self, name: str) -> Scalar | None:
        """Return a value of a plain type, None for any other (icons, bundles, pending intents)."""
        value = self._values.get(name)
        return _scalar(value.type, value.text) if value and value.text else None


def _scalar(type_name: str, text: str) -> Scalar | None:
    if type_name in _TEXT_TYPES:
        return text
    if type_name == "Boolean":
        return {"true": True, "false": False}.get(text)
    if type_name in _FRACTION_TYPES and _FRACTION.fullmatch(text):
        return float(text)
    if type_name in _WHOLE_TYPES and _WHOLE.fullmatch(text):
        number = int(text)
        # JSON numbers are exact to 2^53 only; ids of 19 digits are not to be rounded by anyone who reads them.
        return number if abs(number) <= MAX_SEQ else text
    return None


def read_item(printed: str) -> str | None:
    """Return what stands behind `[0] `, None where that does not stand there."""
    item = _ITEM.fullmatch(printed)
    return item[1] if item else None


def _count(printed: str | None) -> int:
    return int(printed) if printed and printed.isdecimal() else 0
