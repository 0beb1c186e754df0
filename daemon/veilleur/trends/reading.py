"""Trends as they are asked for: counted from what a reader may see, of a stated time, the newest mentions of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from itertools import starmap
from typing import Final

from msgspec.structs import replace

from veilleur.model.scope import Scope
from veilleur.model.trends import (
    Community,
    CommunityGraph,
    Crossing,
    CrossingKind,
    Forward,
    Trend,
    TrendKey,
    TrendKind,
)
from veilleur.query.expression import Query, Until, Words, all_of
from veilleur.store.community_names import community_names
from veilleur.store.database import Database
from veilleur.store.instants import from_ms, to_ms
from veilleur.store.mentions import every_mention
from veilleur.store.trend_rows import (
    TrendRow,
    has_hashtags,
    has_marks,
    has_words_in_conversation,
    trend_rows,
    trend_words,
)
from veilleur.trends.communities import CommunityName, TaggedMention, find_graph
from veilleur.trends.crossings import Showing, find_crossings
from veilleur.trends.forwards import Message, find_forwards
from veilleur.trends.keys import distinct_words, is_key, values_of
from veilleur.trends.trending import trending

PERIODS_BEFORE: Final = 7
TRENDS_OF: Final = timedelta(days=1)
BURSTS_OF: Final = timedelta(days=30)
COMMUNITIES_OF: Final = timedelta(days=30)
FORWARDS_OF: Final = timedelta(days=7)
CROSSINGS_OF: Final = timedelta(days=30)
"""How far back each is asked for where nobody says."""
_MOST_COUNTED: Final = 100_000
_MOST_COMPARED: Final = 20_000


def read_trends(  # noqa: PLR0913 - what is counted, of whom and of when
    database: Database, scope: Scope, kind: TrendKind, *, since_at: datetime, now: datetime, limit: int
) -> tuple[Trend, ...]:
    """Return what rose most since `since_at`, beside the seven times of that length before it.

    `is_new` is told of hashtags alone: no earlier mention has them.
    """
    begin_at = since_at - PERIODS_BEFORE * (now - since_at)
    counted: Counter[str] = Counter()
    before: Counter[str] = Counter()
    since_ms = to_ms(since_at)
    for at_ms, values in _values(database, scope, kind, since_at=begin_at, until_at=now):
        (counted if at_ms >= since_ms else before).update(values)
    by_key = [
        {TrendKey(kind, value): count for value, count in counts.items() if is_key(kind, value)}
        for counts in (counted, before)
    ]
    rising = trending(*by_key, periods_before=PERIODS_BEFORE, first_seen=frozenset())[:limit]
    return tuple(replace(one, is_new=_is_new(database, scope, one, since_at)) for one in rising)


def _values(
    database: Database, scope: Scope, kind: TrendKind, *, since_at: datetime, until_at: datetime
) -> Iterator[tuple[int, Collection[str]]]:
    """Yield when each mention of a time came, and the values of one kind that it is counted by."""
    if kind is TrendKind.WORD:
        worded = trend_words(database, scope, since_at=since_at, until_at=until_at, most=_MOST_COUNTED)
        yield from ((at_ms, distinct_words(words)) for at_ms, words in worded)
        return
    only = has_hashtags() if kind is TrendKind.HASHTAG else None
    rows = trend_rows(
        database, scope, since_at=since_at, until_at=until_at, most=_MOST_COUNTED, only=only, with_words=False
    )
    yield from ((row.at_ms, values_of(row, kind)) for row in rows)


def read_communities(database: Database, scope: Scope, *, since_at: datetime, now: datetime) -> tuple[Community, ...]:
    """Return the communities of hashtags of a time, under the names that people gave them."""
    return read_community_graph(database, scope, since_at=since_at, now=now).communities


def read_community_graph(database: Database, scope: Scope, *, since_at: datetime, now: datetime) -> CommunityGraph:
    """Return the communities of a time, what ties their hashtags, and how often each was used."""
    rows = trend_rows(
        database, scope, since_at=since_at, until_at=now, most=_MOST_COUNTED, only=has_hashtags(), with_words=False
    )
    tagged = [TaggedMention(row.hashtags, row.actor, from_ms(row.at_ms)) for row in rows]
    names = [CommunityName(name=one.name, hashtags=one.hashtags) for one in community_names(database, scope)]
    return find_graph(tagged, names)


def read_forwards(database: Database, scope: Scope, *, since_at: datetime, now: datetime) -> tuple[Forward, ...]:
    """Return messages of a time that went from conversation to conversation; the newest 20,000 are compared."""
    only = has_words_in_conversation()
    rows = trend_rows(database, scope, since_at=since_at, until_at=now, most=_MOST_COMPARED, only=only)
    return find_forwards(
        Message(row.mention_id, row.conversation, from_ms(row.at_ms), row.words)
        for row in rows
        if row.conversation is not None
    )


def read_crossings(database: Database, scope: Scope, *, since_at: datetime, now: datetime) -> tuple[Crossing, ...]:
    """Return the handles and links of a time that stood on several platforms."""
    rows = trend_rows(
        database, scope, since_at=since_at, until_at=now, most=_MOST_COUNTED, only=has_marks(), with_words=False
    )
    return find_crossings(starmap(Showing, (shown for row in rows for shown in _shown(row))))


def _shown(row: TrendRow) -> Iterator[tuple[CrossingKind, str, str, datetime]]:
    at = from_ms(row.at_ms)
    yield from ((CrossingKind.HANDLE, handle, row.platform, at) for handle in row.handles)
    yield from ((CrossingKind.LINK, link, row.platform, at) for link in row.links)


def _is_new(database: Database, scope: Scope, trend: Trend, since_at: datetime) -> bool:
    if trend.key.kind is not TrendKind.HASHTAG or trend.before:
        return False
    tag = f"#{trend.key.value}"
    earlier = Query(all_of((Words((tag,), tag), Until(since_at - timedelta(milliseconds=1)))))
    return next(every_mention(database, scope, earlier), None) is None
