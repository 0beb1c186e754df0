"""Tries a condition on the past: when it would have told somebody, by the code that tells them live."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from itertools import starmap
from typing import Final

from msgspec import Struct

from veilleur.model.condition import BacktestResult, Condition, Telling
from veilleur.model.scope import Scope
from veilleur.query.expression import Query, Since, Until, all_of
from veilleur.store.database import Database
from veilleur.store.match_times import MOST_TRIED, newest_match_times
from veilleur.watches.asking import asked_as_it_came
from veilleur.watches.conditions import Match, begun, step

USUAL_SPAN: Final = timedelta(days=30)


class Trial(Struct, frozen=True, kw_only=True):
    """What is tried: a query as its author wrote it, a condition, and on which time."""

    query: str
    zone: str
    condition: Condition
    since_at: datetime
    until_at: datetime


def backtest(  # noqa: PLR0913 - what is tried, on what, and how much of it
    database: Database, scope: Scope, trial: Trial, *, now: datetime, limit: int, most: int = MOST_TRIED
) -> BacktestResult:
    """Try a condition on what is stored, on the newest 50,000 matches of more; raises QueryError, QueryTooCostly."""
    kept, told, matched = deque[Telling](maxlen=limit), 0, 0
    with newest_match_times(database, scope, _asked(trial, now), most=most) as found:
        progress = begun(max(trial.since_at, found.since_at or trial.since_at))
        for some in found.times:
            progress, tellings = step(trial.condition, progress, starmap(Match, some))
            matched += len(some)
            told += len(tellings)
            kept.extend(tellings)
    _, tellings = step(trial.condition, progress, (), until=min(trial.until_at, now))
    kept.extend(tellings)
    told += len(tellings)
    return BacktestResult(
        condition=trial.condition,
        since_at=trial.since_at,
        until_at=trial.until_at,
        match_count=matched,
        telling_count=told,
        omitted=told - len(kept),
        tellings=tuple(kept),
        counted_since_at=found.since_at,
    )


def _asked(trial: Trial, now: datetime) -> Query:
    asked = asked_as_it_came(trial.query, trial.zone, now).expression
    window = (Since(trial.since_at), Until(trial.until_at))
    return Query(all_of(window if asked is None else (*window, asked)))
