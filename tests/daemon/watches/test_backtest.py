"""A condition tried on what is stored: at these times it would have told somebody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.daemon.store.arrivals import NOON_MS, arrival, sighting
from veilleur.model.condition import BacktestResult, Condition, ConditionKind
from veilleur.model.kinds import Visibility
from veilleur.model.scope import Scope
from veilleur.store.commit import commit_batch
from veilleur.store.database import Database
from veilleur.store.match_times import MOST_TRIED
from veilleur.watches.backtest import Trial, backtest

EVERYONE = Scope(may_read_private=True)
NOON = datetime.fromtimestamp(NOON_MS / 1000, UTC)
HOUR_MS = 3_600_000
THREE_IN_AN_HOUR = Condition(kind=ConditionKind.COUNT, at_least=3, window_minutes=60)


@pytest.fixture
def month(database: Database) -> Database:
    """Give a month with two bursts of strikes, a private one among the second, and one strike a day."""
    days = [day * 24 * HOUR_MS for day in range(30)]
    bursts = [days[5] + minute * 60_000 for minute in (300, 310, 320)]
    bursts += [days[20] + minute * 60_000 for minute in (300, 310)]
    log = [arrival(n + 1, sighting("strike", at_ms=NOON_MS + at)) for n, at in enumerate(days + bursts)]
    hidden = sighting("strike", at_ms=NOON_MS + days[20] + 320 * 60_000, visibility=Visibility.GROUP)
    commit_batch(database, [*log, arrival(99, hidden)], now_ms=NOON_MS)
    return database


def tried(
    database: Database,
    condition: Condition,
    *,
    query: str = "strike",
    scope: Scope = EVERYONE,
    limit: int = 100,
    most: int = MOST_TRIED,
) -> BacktestResult:
    trial = Trial(query=query, zone="UTC", condition=condition, since_at=NOON, until_at=NOON + timedelta(days=30))
    return backtest(database, scope, trial, now=NOON + timedelta(days=90), limit=limit, most=most)


def test_it_tells_when_a_condition_would_have_told_and_why(month: Database) -> None:
    result = tried(month, THREE_IN_AN_HOUR)
    assert (result.match_count, result.telling_count, result.omitted) == (36, 2, 0)
    assert [(one.at - NOON, one.evidence_count) for one in result.tellings] == [
        (timedelta(days=5, minutes=320), 3),
        (timedelta(days=20, minutes=320), 3),
    ]


def test_of_too_many_matches_the_newest_are_tried_and_it_says_since_when(month: Database) -> None:
    """Broken line: no `most`; then the burst of the fifth day was told, and of a million matches none for seconds."""
    result = tried(month, THREE_IN_AN_HOUR, most=15)
    assert (result.match_count, result.telling_count) == (15, 1)
    assert result.counted_since_at is not None
    assert NOON + timedelta(days=17) <= result.counted_since_at < NOON + timedelta(days=18)
    assert tried(month, THREE_IN_AN_HOUR, most=36).counted_since_at is None


def test_it_sees_what_the_reader_sees(month: Database) -> None:
    assert tried(month, THREE_IN_AN_HOUR, scope=Scope()).telling_count == 1


def test_a_relative_time_of_the_query_holds_of_each_mention_as_it_came(month: Database) -> None:
    assert tried(month, THREE_IN_AN_HOUR, query="strike since:7d").telling_count == 2
    assert tried(month, THREE_IN_AN_HOUR, query="strike until:2d").match_count == 0


def test_silence_is_told_up_to_the_end_of_the_time_and_not_beyond_now(month: Database) -> None:
    silence = Condition(kind=ConditionKind.SILENCE, window_minutes=60 * 23)
    assert tried(month, silence).telling_count == 30 - 2
    trial = Trial(query="other", zone="UTC", condition=silence, since_at=NOON, until_at=NOON + timedelta(days=2))
    assert backtest(month, EVERYONE, trial, now=NOON + timedelta(hours=22), limit=9).telling_count == 0
    assert backtest(month, EVERYONE, trial, now=NOON + timedelta(hours=23), limit=9).telling_count == 1


def test_of_many_tellings_the_newest_are_listed_and_all_are_counted(month: Database) -> None:
    result = tried(month, Condition(), limit=5)
    assert (result.telling_count, result.omitted, len(result.tellings)) == (36, 31, 5)
    assert result.tellings[-1].at == NOON + timedelta(days=29)
