"""What a watch asks at a moment: its text read anew, because relative times slide."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from veilleur.model.errors import QueryError
from veilleur.model.watch import Watch
from veilleur.query.expression import AllOf, AnyOf, Expression, Not, Query, Since, Until
from veilleur.query.reading import read_query

_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
# No calendar brings today's hour, day of the week, month and year back after so long.
ANOTHER_TIME: Final = timedelta(days=1_234, hours=7, minutes=41)


def asked_now(text: str, zone: str, now: datetime) -> Query:
    """Return what a watch's text asks for at `now`; raises QueryError where this release cannot read it."""
    try:
        return read_query(text, now=now, zone=ZoneInfo(zone))
    except (KeyError, ValueError, OSError) as error:
        raise QueryError(1, f"a time zone that this machine knows, not {zone}") from error


def problem_of(watch: Watch, now: datetime) -> str | None:
    """Return why this release cannot read a watch's query, None where it can."""
    try:
        asked_now(watch.query, watch.zone, now)
    except QueryError as error:
        return f"its query cannot be read: {error}: give it another"
    return None


def asked_as_it_came(text: str, zone: str, now: datetime) -> Query:
    """Return what a text asked of each mention at the moment when that happened, so that a past time can be tried.

    `since:7d` asked it of every one, `until:2d` of none: what counts back from now counts back from the mention.
    Times that name a date stay as they are. Raises QueryError.
    """
    today, later = (asked_now(text, zone, at) for at in (now, now + ANOTHER_TIME))
    if today.expression is None or later.expression is None:
        return today
    return Query(_settled(today.expression, later.expression, now))


def is_sliding(text: str, zone: str, now: datetime) -> bool:
    """Return whether a text asks for something else as time goes by; raises QueryError."""
    return asked_now(text, zone, now) != asked_now(text, zone, now + ANOTHER_TIME)


def _settled(today: Expression, later: Expression, now: datetime) -> Expression:
    """Return the expression with its relative times answered, found by comparing two moments' readings of it."""
    match today, later:
        case (AllOf(parts), AllOf(others)):
            return AllOf(tuple(_settled(one, other, now) for one, other in zip(parts, others, strict=True)))
        case (AnyOf(parts), AnyOf(others)):
            return AnyOf(tuple(_settled(one, other, now) for one, other in zip(parts, others, strict=True)))
        case (Not(part), Not(other)):
            return Not(_settled(part, other, now))
        case (Since(at), Since()) if today != later:
            return _always(at <= now)
        case (Until(before), Until()) if today != later:
            return _always(now < before)
        case _:
            return today


def _always(answer: bool) -> Expression:
    return Since(_BEGINNING) if answer else Until(_BEGINNING)
