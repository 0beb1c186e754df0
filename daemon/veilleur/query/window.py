"""The time that a query asks about, for what could not be seen in it."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from veilleur.model.coverage import CoverageFilter
from veilleur.query.expression import Query, Since, Until
from veilleur.query.reading import read_query


def window_of(query: Query) -> CoverageFilter:
    """Return the time between a query's `since:` and `until:`, without bound where it has none."""
    since = [term.at for term in query.terms if isinstance(term, Since)]
    until = [term.before for term in query.terms if isinstance(term, Until)]
    return CoverageFilter(since_at=max(since, default=None), until_at=min(until, default=None))


def read_window(
    *, since: str | None = None, until: str | None = None, now: datetime, zone: tzinfo = UTC
) -> CoverageFilter:
    """Return the time between two texts such as a query's `since:` and `until:` take; raises QueryError."""
    given = (("since", since), ("until", until))
    terms = (read_query(f"{field}:{text}", now=now, zone=zone).terms for field, text in given if text is not None)
    return window_of(Query(tuple(term for some in terms for term in some)))
