"""The members of a JSON object, read by type without ever raising: what arrives was written by anybody."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, NoReturn, TypeGuard, TypeVar

from veilleur_bridge.envelope import CONTRACT_VERSION, MAX_SEQ

MAX_MESSAGE_BYTES: Final = 256 * 1024
MAX_ID_LENGTH: Final = 64
MAX_PACKAGE_LENGTH: Final = 255
MAX_TEXT_LENGTH: Final = 4096

_Value = TypeVar("_Value")
_Choice = TypeVar("_Choice", bound=StrEnum)


class Members:
    """One object's members. What is absent, null or of another kind is None; the latter is also named in `wrong`."""

    def __init__(self, members: dict[str, Any], wrong: list[str]) -> None:
        self._members = members
        self.names = tuple(name for name in members if _is_text(name, MAX_TEXT_LENGTH))
        self.wrong = wrong

    def text(self, name: str, *, longest: int = MAX_TEXT_LENGTH) -> str | None:
        """Return a text that any database can hold, of at least one character."""
        value = self._members.get(name)
        return self._found(name, value if _is_text(value, longest) else None)

    def texts(self, name: str) -> tuple[str, ...] | None:
        """Return a list of texts; nulls among them are absent."""
        present = self._present(name)
        texts = [item for item in present or () if _is_text(item, MAX_TEXT_LENGTH)]
        return self._found(name, tuple(texts) if texts == present else None)

    def integer(self, name: str, *, least: int = 0, most: int = MAX_SEQ) -> int | None:
        """Return a whole number in a range, its ends included."""
        value = self._members.get(name)
        return self._found(name, value if _is_integer(value) and least <= value <= most else None)

    def number(self, name: str, *, least: float = -MAX_SEQ) -> float | None:
        """Return a number from `least` on, far from any limit."""
        value = self._members.get(name)
        number = value if isinstance(value, float) or _is_integer(value) else None
        return self._found(name, number if number is not None and least <= number <= MAX_SEQ else None)

    def flag(self, name: str) -> bool | None:
        """Return a truth value."""
        value = self._members.get(name)
        return self._found(name, value if isinstance(value, bool) else None)

    def instant(self, name: str) -> datetime | None:
        """Return an RFC 3339 time as aware UTC."""
        value = self._members.get(name)
        return self._found(name, _instant(value) if isinstance(value, str) else None)

    def choice(self, name: str, kind: type[_Choice]) -> _Choice | None:
        """Return a member of an enumeration."""
        value = self._members.get(name)
        return self._found(name, next((member for member in kind if member == value), None))

    def inner(self, name: str) -> Members | None:
        """Return the members of an object inside this one."""
        value = self._members.get(name)
        return self._found(name, Members(value, self.wrong) if isinstance(value, dict) else None)

    def each(self, name: str) -> tuple[Members, ...] | None:
        """Return the members of each object of a list."""
        present = self._present(name)
        objects = [Members(item, self.wrong) for item in present or () if isinstance(item, dict)]
        return self._found(name, tuple(objects) if present is not None and len(objects) == len(present) else None)

    def require(self, *names: str) -> None:
        """Count as wrong those of the named members that are absent."""
        self.wrong += [name for name in names if self._members.get(name) is None]

    def _present(self, name: str) -> list[Any] | None:
        value = self._members.get(name)
        return [item for item in value if item is not None] if isinstance(value, list) else None

    def _found(self, name: str, found: _Value | None) -> _Value | None:
        if found is None and self._members.get(name) is not None:
            self.wrong.append(name)
        return found


def counts_of(members: Members | None) -> dict[str, int] | None:
    """Return an object's counts by name; what is no count is left out."""
    return None if members is None else _present({name: members.integer(name) for name in members.names})


def choices_of(members: Members | None, kind: type[_Choice]) -> dict[str, _Choice] | None:
    """Return an object's choices by name; what is none is left out."""
    return None if members is None else _present({name: members.choice(name, kind) for name in members.names})


def read_members(payload: bytes) -> Members | None:
    """Return the members of a message of contract version 1; None for any other bytes."""
    if len(payload) > MAX_MESSAGE_BYTES:
        return None
    try:
        read = json.loads(payload.decode(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return None
    if not isinstance(read, dict) or not _is_integer(version := read.get("v")) or version != CONTRACT_VERSION:
        return None
    return Members(read, [])


def _present(members: dict[str, _Value | None]) -> dict[str, _Value]:
    return {name: value for name, value in members.items() if value is not None}


def _refuse_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _is_integer(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_text(value: object, longest: int) -> TypeGuard[str]:
    if not isinstance(value, str) or not 0 < len(value) <= longest or "\0" in value:
        return False
    return value.isascii() or not any("\ud800" <= character <= "\udfff" for character in value)


def _instant(text: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text.upper())
        return None if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
