"""What may stand after a field's colon: each value becomes a term, or an error at its own column."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from math import inf, nextafter
from typing import Final

from msgspec import Struct

from veilleur.model.errors import QueryError
from veilleur.model.kinds import MentionKind, Visibility
from veilleur.model.qualification import Tone
from veilleur.query.expression import (
    Between,
    Expression,
    Has,
    Is,
    NumberField,
    OneOf,
    Part,
    Since,
    State,
    TextColumn,
    Until,
    ValueField,
    Words,
    all_of,
    any_of,
)
from veilleur.query.spellings import spellings
from veilleur.query.tokens import fold, handle_token, phone_token, sought, tokens

_RELATIVE: Final = re.compile(r"(\d{1,6})([mhdw])")
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_DAYS_BACK: Final = {"today": 0, "yesterday": 1}
_PHONE: Final = re.compile(r"\+(?:[ .-]*[0-9]){4,}[ .-]*")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
_REGION: Final = re.compile(r"[a-z]{2}")
_DEVICE: Final = re.compile(r"[a-z0-9-]{1,64}")
_PACKAGE: Final = re.compile(r"[a-zA-Z0-9_.]{1,255}")
_PLATFORM: Final = re.compile(r"[a-z0-9_-]{1,64}")
_NUMBER: Final = re.compile(r"(?P<sign><=|>=|<|>|)(?P<number>\d{1,12}(?:\.\d{1,6})?)")
_RANGE: Final = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)\.\.(\d{1,12}(?:\.\d{1,6})?)")
_DATE_LENGTH: Final = len("2026-11-20")
_TIME_HELP: Final = "a time such as 7d, 24h, today, 2026-11-20 or 2026-11-20T18:00"
_DAY_HELP: Final = "a day such as today, yesterday or 2026-11-20"
_NUMBER_HELP: Final = "a number such as 100, >100, <=5 or 100..500"
_TAG_HELP: Final = "a tag such as delivery"
_NAME_HELP: Final = "a name, an @handle or a phone number"


class Value(Struct, frozen=True):
    """What stands after a colon: `text` without its quotes begins at `column`, counted from 1."""

    column: int
    text: str
    is_quoted: bool
    is_prefix: bool = False


class Clock(Struct, frozen=True):
    """The instant that relative times count back from, and the zone whose days are meant."""

    now: datetime
    zone: tzinfo = UTC


ReadValue = Callable[[Value, Clock], Expression]


def words_of(value: Value, column: TextColumn, expected: str) -> Expression:
    """Return the term for a word or a phrase, in each of its spellings; raises QueryError for nothing to look for."""
    found, goes_on = sought(value.text)
    if not found:
        raise QueryError(value.column, expected)
    is_prefix = value.is_prefix or goes_on
    first, *others = spellings(found)
    written = Words(first, value.text.strip(), column, is_prefix=is_prefix)
    return any_of((written, *(Words(one, " ".join(one), column, is_prefix=is_prefix) for one in others)))


def _among(field: ValueField, form: re.Pattern[str], expected: str) -> ReadValue:
    def read(value: Value, _: Clock) -> Expression:
        named = _listed(value, expected)
        for column, name in named.items():
            if form.fullmatch(name) is None:
                raise QueryError(column, expected)
        return OneOf(field, tuple(name.upper() if field is ValueField.REGION else name for name in named.values()))

    return read


def _one_of(
    field: ValueField, known: type[MentionKind | Visibility | Tone], expected: str, all_known: str
) -> ReadValue:
    def read(value: Value, _: Clock) -> Expression:
        return OneOf(field, tuple(known(name).value for name in _known(value, set(known), expected, all_known)))

    return read


def _tag(value: Value, _: Clock) -> Expression:
    tags = [Value(one.column, _unmarked(one.text), one.is_quoted) for one in _between_commas(value, _TAG_HELP)]
    for tag in tags:
        if not fold(tag.text):
            raise QueryError(tag.column, _TAG_HELP)
    return OneOf(ValueField.TAG, tuple(tag.text for tag in tags))


def _has(value: Value, _: Clock) -> Expression:
    names = _known(value, set(Part), "what it has, such as link", f"one of {', '.join(Part)}")
    return any_of(Has(Part(name)) for name in names)


def _is(value: Value, _: Clock) -> Expression:
    names = _known(value, set(State), "a state such as deleted", f"one of {', '.join(State)}")
    return any_of(Is(State(name)) for name in names)


def _from(value: Value, _: Clock) -> Expression:
    return any_of(map(_actor, _separated(value, _NAME_HELP)))


def _in(value: Value, _: Clock) -> Expression:
    expected = "words of a conversation's title"
    return any_of(words_of(one, TextColumn.PLACES, expected) for one in _separated(value, expected))


def _actor(value: Value) -> Expression:
    written = value.text.strip()
    shown = fold(written).strip()
    if value.is_prefix and shown[:1] in {"@", "+"}:
        raise QueryError(value.column, "a whole @handle or number, or how a word of the name begins")
    if shown.startswith("@") and tokens(shown):
        return Words((handle_token(shown.lstrip("@")),), written, TextColumn.NAMES)
    if _PHONE.fullmatch(shown):
        return Words((phone_token(shown),), written, TextColumn.NAMES)
    return words_of(value, TextColumn.NAMES, _NAME_HELP)


def _unmarked(text: str) -> str:
    return text[1:] if fold(text[:1]) == "#" else text


def _number(field: NumberField) -> ReadValue:
    def read(value: Value, _: Clock) -> Expression:
        if (bounds := _RANGE.fullmatch(value.text)) is not None:
            least, most = float(bounds[1]), float(bounds[2])
            if least > most:
                raise QueryError(value.column, "the smaller number first, such as 100..500")
            return Between(field, least, most)
        if (told := _NUMBER.fullmatch(value.text)) is None:
            raise QueryError(value.column, _NUMBER_HELP)
        number = float(told["number"])
        return Between(field, *_bounds(told["sign"], number))

    return read


def _bounds(sign: str, number: float) -> tuple[float | None, float | None]:
    bounds: dict[str, tuple[float | None, float | None]] = {
        "": (number, number),
        ">=": (number, None),
        "<=": (None, number),
        ">": (nextafter(number, inf), None),
        "<": (None, nextafter(number, -inf)),
    }
    return bounds[sign]


def _since(value: Value, clock: Clock) -> Expression:
    return Since(_instant(value, clock)[0])


def _until(value: Value, clock: Clock) -> Expression:
    return Until(_instant(value, clock)[1])


def _on(value: Value, clock: Clock) -> Expression:
    begins_at, ends_at = _instant(value, clock, _DAY_HELP)
    if begins_at == ends_at:
        raise QueryError(value.column, _DAY_HELP)
    return all_of((Since(begins_at), Until(ends_at)))


def _instant(value: Value, clock: Clock, expected: str = _TIME_HELP) -> tuple[datetime, datetime]:
    """Return when the time that is meant begins and ends: a day has two ends, an instant one."""
    try:
        begins_at, ends_at = _ends(value, clock)
    except (ValueError, OverflowError):
        raise QueryError(value.column, expected) from None
    return _to_the_millisecond(begins_at), _to_the_millisecond(ends_at)


def _ends(value: Value, clock: Clock) -> tuple[datetime, datetime]:
    if relative := _RELATIVE.fullmatch(value.text):
        at = clock.now - timedelta(**{_UNITS[relative[2]]: int(relative[1])})
        return at, at
    if (days := _DAYS_BACK.get(value.text.lower())) is not None:
        midnight = clock.now.astimezone(clock.zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        return _day((midnight - timedelta(days=days)).replace(tzinfo=clock.zone))
    at = datetime.fromisoformat(value.text)
    zoned = at if at.tzinfo else at.replace(tzinfo=clock.zone)
    if len(value.text) <= _DATE_LENGTH:
        return _day(zoned)
    return zoned.astimezone(UTC), zoned.astimezone(UTC)


def _to_the_millisecond(at: datetime) -> datetime:
    return at.replace(microsecond=at.microsecond // 1_000 * 1_000)


def _day(midnight: datetime) -> tuple[datetime, datetime]:
    return midnight.astimezone(UTC), (midnight + timedelta(days=1)).astimezone(UTC)


def _known(value: Value, names: set[str], expected: str, all_names: str) -> tuple[str, ...]:
    named = _listed(value, expected)
    for column, name in named.items():
        if name not in names:
            raise QueryError(column, all_names)
    return tuple(named.values())


def _listed(value: Value, expected: str) -> dict[int, str]:
    """Return the values between commas, in lower case, by their columns."""
    return {one.column: one.text.lower() for one in _between_commas(value, expected)}


def _separated(value: Value, expected: str) -> tuple[Value, ...]:
    """Return the values between commas; a quotation is one value, whatever it holds."""
    if value.is_quoted:
        return (value,)
    *most, last = _between_commas(value, expected)
    begun = (Value(one.column, one.text.removesuffix("*"), False, one.text.endswith("*")) for one in most)
    return (*begun, Value(last.column, last.text, is_quoted=False, is_prefix=value.is_prefix))


def _between_commas(value: Value, expected: str) -> tuple[Value, ...]:
    found = []
    column = value.column
    for part in value.text.split(","):
        name = part.strip()
        if not name:
            raise QueryError(column, expected)
        found.append(Value(column + part.index(name), name, value.is_quoted))
        column += len(part) + 1
    return tuple(found)


PREFIXED: Final = frozenset({"from", "in"})
"""The fields whose words may end with a `*`."""
ALONE: Final = frozenset({*NumberField, "since", "until", "on"})
"""The fields that take one value and no list."""
FIELDS: Final[Mapping[str, ReadValue]] = {
    "platform": _among(ValueField.PLATFORM, _PLATFORM, "a platform such as tiktok"),
    "kind": _one_of(
        ValueField.KIND, MentionKind, "a kind such as comment", f"one of the kinds {', '.join(MentionKind)}"
    ),
    "lang": _among(ValueField.LANGUAGE, _LANGUAGE, "a language such as fr, ar or zh"),
    "region": _among(ValueField.REGION, _REGION, "a country such as FR or MA"),
    "from": _from,
    "in": _in,
    "visibility": _one_of(
        ValueField.VISIBILITY, Visibility, "a visibility such as public", f"one of {', '.join(Visibility)}"
    ),
    "has": _has,
    "is": _is,
    "tag": _tag,
    "tone": _one_of(ValueField.TONE, Tone, "a tone such as negative", f"one of {', '.join(Tone)}"),
    "device": _among(ValueField.DEVICE, _DEVICE, "a device such as salle-1"),
    "app": _among(ValueField.APP, _PACKAGE, "a package such as com.whatsapp.w4b"),
    "count": _number(NumberField.COUNT),
    "others": _number(NumberField.OTHERS),
    "confidence": _number(NumberField.CONFIDENCE),
    "since": _since,
    "until": _until,
    "on": _on,
}
