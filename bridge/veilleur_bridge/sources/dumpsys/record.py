"""A raw record into named fields: the notification's own, its extras and its buttons, never its public version's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from veilleur_bridge.sources.dumpsys.record_lines import Entry, RawRecord
from veilleur_bridge.sources.dumpsys.values import Extras, ExtraValue, read_item, read_value

MESSAGES: Final = "android.messages"
_ACTION: Final = re.compile(r"\[\d+\] \"(.*)\" -> [^\"]*", re.DOTALL)
_ABRIDGED_EXTRA: Final = re.compile(r"androidx?\.[\w.]+=")


@dataclass(frozen=True, slots=True)
class RecordFields:
    """`extras` is None where the dump shows no extras at all; `actions` where it lists none."""

    fields: Mapping[str, str]
    extras: Extras | None
    actions: tuple[str, ...] | None


def read_fields(record: RawRecord) -> RecordFields:
    """Sort a record's entries; of a field that stands twice the first one holds."""
    fields: dict[str, str] = {}
    actions: list[str] = []
    extras = _ExtrasUnderWay()
    for entry in _own_entries(record):
        action = _ACTION.fullmatch(entry.text)
        if extras.take(entry.text):
            continue
        if action:
            actions.append(action[1])
            continue
        name, is_field, value = entry.text.partition("=")
        if is_field:
            fields.setdefault(name, value)
    return RecordFields(fields, extras.finished(), tuple(actions) or None)


def _own_entries(record: RawRecord) -> Iterator[Entry]:
    """Leave out the public version: its words are those of a locked screen."""
    public_indent: int | None = None
    for entry in record.entries:
        if public_indent is not None and entry.indent > public_indent:
            continue
        public_indent = entry.indent if entry.text.startswith("publicNotification=") else None
        if public_indent is None:
            yield entry


class _ExtrasUnderWay:
    """Takes the entries between `extras={` and `}`, and in abridged dumps those that are named as extras."""

    def __init__(self) -> None:
        self._printed: dict[str, str] = {}
        self._items: dict[str, list[str]] = {}
        self._name: str | None = None
        self._is_inside = False
        self._were_shown = False

    def take(self, text: str) -> bool:
        """Return whether the entry was an extra's."""
        if text.rstrip() == "extras={":
            self._is_inside = self._were_shown = True
            return True
        if text.rstrip() == "}":
            self._is_inside = False
            return True
        item = read_item(text)
        if item is not None and (self._is_inside or item.startswith("Bundle[{")):
            self._items.setdefault(self._array_name(), []).append(item)
            return True
        if self._is_inside or _ABRIDGED_EXTRA.match(text):
            self._name, _, printed = text.partition("=")
            self._printed.setdefault(self._name, printed)
            return True
        return False

    def finished(self) -> Extras | None:
        if not (self._were_shown or self._printed):
            return None
        values: dict[str, ExtraValue] = {}
        for name in {**self._printed, **self._items}:
            items = self._items.get(name, ())
            value = read_value(self._printed.get(name, f"Parcelable[] ({len(items)})"), items)
            if value:
                values[name] = value
        return Extras(values)

    def _array_name(self) -> str:
        """Return the array that an item belongs to: abridged dumps leave the line before the messages out."""
        if self._name and "[]" in self._printed[self._name]:
            return self._name
        return MESSAGES
