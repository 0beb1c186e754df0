"""Reads the text of a query into an expression; an error names its column and what was expected."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from msgspec import Struct

from veilleur.model.errors import QueryError
from veilleur.model.kinds import MentionKind
from veilleur.query.expression import (
    ActorField,
    FromActor,
    KindIn,
    LanguageIn,
    PlatformIn,
    Query,
    RegionIn,
    Since,
    Term,
    Until,
    Words,
)
from veilleur.query.tokens import fold, tokens

MAX_QUERY_LENGTH: Final = 4_000
_ITEM: Final = re.compile(r'(?:(?P<field>[A-Za-z_]+):)?(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s"]*))')
# No stored text holds them, and no database takes them: U+0000 and halves of surrogate pairs.
_UNWRITABLE: Final = re.compile("[\0\ud800-\udfff]")
_RELATIVE: Final = re.compile(r"(\d{1,6})([mhdw])")
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_PHONE: Final = re.compile(r"\+(?:[ .-]*[0-9]){4,}[ .-]*")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
_REGION: Final = re.compile(r"[a-z]{2}")
_LATER: Final = {"AND", "OR", "NOT"}
_TIME_HELP: Final = "a time such as 7d, 24h, 2026-11-20 or 2026-11-20T18:00"


class _Item(Struct, frozen=True):
    """One word, phrase or field of the text; `column` counts from 1, `value_column` is where its value begins."""

    column: int
    value_column: int
    field: str | None
    value: str
    is_quoted: bool


def read_query(text: str, *, now: datetime, zone: tzinfo = UTC) -> Query:
    """Return the expression that `text` asks for; relative times count back from `now`, dates are of `zone`.

    Raises QueryError with the column (from 1) of the first thing that cannot be read.
    """
    if len(text) > MAX_QUERY_LENGTH:
        raise QueryError(MAX_QUERY_LENGTH, f"a query of at most {MAX_QUERY_LENGTH:,} characters")
    if (unwritable := _UNWRITABLE.search(text)) is not None:
        raise QueryError(unwritable.start() + 1, "a character that a text can hold")
    reader = _Reader(now, zone)
    return Query(tuple(reader.term(item) for item in _items(text)))


def _items(text: str) -> Iterator[_Item]:
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        match = _ITEM.match(text, at)
        end = at if match is None else match.end()
        group = "bare" if match is None or match["quoted"] is None else "quoted"
        if match is None or (not match[group] and text[end : end + 1] == '"'):
            raise QueryError(end + 1, 'a closing " for the quotation that begins here')
        yield _Item(at + 1, match.start(group) + 1, match["field"], match[group], group == "quoted")
        at = match.end()


class _Reader:
    """Turns items into terms at one instant and in one zone."""

    def __init__(self, now: datetime, zone: tzinfo) -> None:
        self._now = now
        self._zone = zone
        self._fields: dict[str, Callable[[_Item], Term]] = {
            "platform": lambda item: PlatformIn(tuple(_list(item, "a platform such as tiktok").values())),
            "kind": _kinds,
            "lang": _languages,
            "region": _regions,
            "from": _actor,
            "since": lambda item: Since(self._time(item, end_of_day=False)),
            "until": lambda item: Until(self._time(item, end_of_day=True)),
        }

    def term(self, item: _Item) -> Term:
        """Return the term that one item stands for."""
        if item.field is None:
            return _words(item)
        if item.field.lower() not in self._fields:
            if "//" in item.value[:2]:
                return _words(item)
            raise QueryError(item.column, f"one of the fields {', '.join(f'{name}:' for name in self._fields)}")
        if not item.value:
            raise QueryError(item.value_column, f"a value after {item.field}:")
        return self._fields[item.field.lower()](item)

    def _time(self, item: _Item, *, end_of_day: bool) -> datetime:
        relative = _RELATIVE.fullmatch(item.value)
        try:
            if relative:
                return self._now - timedelta(**{_UNITS[relative[2]]: int(relative[1])})
            at = datetime.fromisoformat(item.value)
            zoned = at if at.tzinfo else at.replace(tzinfo=self._zone)
            is_date = len(item.value) <= len("2026-11-20")
            return (zoned + timedelta(days=1) if end_of_day and is_date else zoned).astimezone(UTC)
        except (ValueError, OverflowError):
            raise QueryError(item.value_column, _TIME_HELP) from None


def _words(item: _Item) -> Words:
    if not item.is_quoted:
        if item.value in _LATER:
            raise QueryError(item.column, f'a word or a field (put "{item.value}" in quotes to look for the word)')
        if item.value[0] in "()-":
            raise QueryError(item.column, "a word, a #tag or a field")
    found = tuple(tokens(item.value))
    if not found:
        raise QueryError(item.value_column, "a word with at least one letter or digit")
    return Words(found)


def _kinds(item: _Item) -> KindIn:
    names = _list(item, "a kind such as comment")
    for column, name in names.items():
        if name not in set(MentionKind):
            raise QueryError(column, f"one of the kinds {', '.join(MentionKind)}")
    return KindIn(tuple(MentionKind(name) for name in names.values()))


def _languages(item: _Item) -> LanguageIn:
    return LanguageIn(_codes(item, _LANGUAGE, "a language such as fr, ar or zh"))


def _regions(item: _Item) -> RegionIn:
    return RegionIn(tuple(code.upper() for code in _codes(item, _REGION, "a country such as FR or MA")))


def _codes(item: _Item, form: re.Pattern[str], expected: str) -> tuple[str, ...]:
    names = _list(item, expected)
    for column, name in names.items():
        if form.fullmatch(name) is None:
            raise QueryError(column, expected)
    return tuple(names.values())


def _list(item: _Item, expected: str) -> dict[int, str]:
    """Return the values between commas by their columns."""
    names: dict[int, str] = {}
    column = item.value_column
    for part in item.value.split(","):
        name = part.strip()
        if not name:
            raise QueryError(column, expected)
        names[column + part.index(name)] = name.lower()
        column += len(part) + 1
    return names


def _actor(item: _Item) -> FromActor:
    found = tokens(item.value)
    if item.value.startswith("@") and found:
        return FromActor(ActorField.HANDLE, fold(item.value[1:]))
    if _PHONE.fullmatch(item.value):
        return FromActor(ActorField.PHONE, "+" + re.sub(r"\D", "", item.value))
    if not found:
        raise QueryError(item.value_column, "a name, an @handle or a phone number")
    return FromActor(ActorField.NAME, " ".join(found))
