"""The time that a query asks about, for what could not be seen in it."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from veilleur.model.coverage import CoverageFilter
from veilleur.query.expression import AllOf, AnyOf, Expression, Not, Query, Since, Until
from veilleur.query.fields import FIELDS, Clock, Value


def window_of(query: Query) -> CoverageFilter:
    """Return the time outside of which the query finds nothing, without bound where it asks for none."""
    if query.expression is None:
        return CoverageFilter(since_at=None, until_at=None)
    since_at, until_at = _bounds(query.expression)
    return CoverageFilter(since_at=since_at, until_at=until_at)


def has_times(query: Query) -> bool:
    """Whether the query asks about times anywhere: what it means may then move with the clock."""
    return query.expression is not None and _has_times(query.expression)


def read_window(
    *, since: str | None = None, until: str | None = None, now: datetime, zone: tzinfo = UTC
) -> CoverageFilter:
    """Return the time between two texts such as a query's `since:` and `until:` take; raises QueryError."""
    clock = Clock(now, zone)
    given = (("since", since), ("until", until))
    terms = [
        FIELDS[name](Value(len(name) + 2, text, is_quoted=True), clock) for name, text in given if text is not None
    ]
    return CoverageFilter(
        since_at=next((one.at for one in terms if isinstance(one, Since)), None),
        until_at=next((one.before for one in terms if isinstance(one, Until)), None),
    )


def _has_times(expression: Expression) -> bool:
    match expression:
        case Since() | Until():
            return True
        case AllOf(parts) | AnyOf(parts):
            return any(map(_has_times, parts))
        case Not(part):
            return _has_times(part)
        case _:
            return False


def _bounds(expression: Expression) -> tuple[datetime | None, datetime | None]:
    match expression:
        case Since(at):
            return at, None
        case Until(before):
            return None, before
        case AllOf(parts):
            since, until = zip(*map(_bounds, parts), strict=True)
            return max(filter(None, since), default=None), min(filter(None, until), default=None)
        case AnyOf(parts):
            since, until = zip(*map(_bounds, parts), strict=True)
            return None if None in since else min(since), None if None in until else max(until)
        case _:
            return None, None
