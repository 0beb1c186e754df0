"""How many of a query's mentions share a platform, kind, language … : several facets in one call."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection

from veilleur.model.counts import Count, Facet, FacetCounts
from veilleur.model.scope import Scope
from veilleur.query.expression import Query
from veilleur.query.term_texts import actor_query
from veilleur.store.counted import Counted, counted
from veilleur.store.rolled import FACETS, Rolled, rolled
from veilleur.store.search import Search, search
from veilleur.store.snapshot import Readable
from veilleur.store.tables import mentions

MOST_COUNTED: Final = 50_000
"""How many of a query's mentions are looked at where the roll-up does not answer."""
_LISTED: Final = "\n"
_told: Final = mentions.c
_COLUMNS: Final[dict[Facet, tuple[ColumnElement[Any], ...]]] = {
    Facet.PLATFORM: (_told.platform,),
    Facet.KIND: (_told.kind,),
    Facet.VISIBILITY: (_told.visibility,),
    Facet.LANGUAGE: (_told.language,),
    Facet.REGION: (_told.region,),
    Facet.DEVICE: (_told.device,),
    Facet.HASHTAG: (_told.hashtags,),
    Facet.ACTOR: (_told.platform, _told.actor_name, _told.actor_handle, _told.actor_phone),
    Facet.CONVERSATION: (_told.conversation_id, _told.conversation_title),
}


def read_facets(
    database: Readable, scope: Scope, query: Query, facets: Sequence[Facet], *, limit: int = 20
) -> tuple[FacetCounts, ...]:
    """Return the `limit` most frequent keys of each facet, the smaller key first where two are as frequent.

    Platforms, kinds and visibilities of a query for these and times alone are exact. All else is exact for up to
    50,000 mentions; of more, the newest are counted, and `counted_since_at` says since when.
    """
    roll = rolled(query, scope, by_kind=True)
    looked_up = [facet for facet in facets if roll is None or facet not in FACETS]
    with database.answering() as connection:
        asked = search(query, scope, is_sqlite=database.is_sqlite)
        found = {} if roll is None else _rolled_up(connection, asked, roll, FACETS.intersection(facets), limit)
        if looked_up:
            found |= _looked_up(connection, counted(connection, asked, MOST_COUNTED), looked_up, limit)
    return tuple(found[facet] for facet in facets)


def _rolled_up(
    connection: Connection, asked: Search, roll: Rolled, facets: Iterable[Facet], limit: int
) -> dict[Facet, FacetCounts]:
    """Return facets that the roll-up knows, and what is in a quarter of an hour that is asked for in part."""
    found = {}
    for facet in facets:
        keys = roll.by_facet(connection, facet)
        if roll.is_partial:
            keys.update(connection.execute(asked.rows(_COLUMNS[facet]).where(roll.partial(asked.order))).scalars())
        found[facet] = FacetCounts(facet, _most_frequent(keys, {}, limit), keys.total(), 0)
    return found


def _looked_up(connection: Connection, found: Counted, facets: Sequence[Facet], limit: int) -> dict[Facet, FacetCounts]:
    """Return facets of mentions that are read one by one."""
    columns = [column for facet in facets for column in _COLUMNS[facet]]
    keys = {facet: Counter[str]() for facet in facets}
    labels: dict[Facet, dict[str, str]] = {facet: {} for facet in facets}
    without = Counter[Facet]()
    total = 0
    # In the order of time: of the names that an actor or a conversation had, the last is its label.
    for row in connection.execute(found.asked.rows(columns, found.since).order_by(found.asked.order)):
        total += 1
        at = 0
        for facet in facets:
            cells = row[at : at + len(_COLUMNS[facet])]
            at += len(cells)
            named = _KEYS.get(facet, _plain)(*cells)
            keys[facet].update(named.keys())
            labels[facet].update(named)
            without[facet] += not named
    return {
        facet: FacetCounts(
            facet, _most_frequent(keys[facet], labels[facet], limit), total, without[facet], found.since_at
        )
        for facet in facets
    }


def _most_frequent(keys: Counter[str], labels: dict[str, str], limit: int) -> tuple[Count, ...]:
    held = sorted((-count, key) for key, count in keys.items() if count)
    return tuple(
        Count(key, -count, label if (label := labels.get(key)) != key else None) for count, key in held[:limit]
    )


def _plain(value: str | None) -> dict[str, str]:
    return {} if value is None else {value: value}


def _hashtags(listed: str | None) -> dict[str, str]:
    return {} if not listed else {tag: tag for tag in listed.split(_LISTED)}


def _actor(platform: str, name: str | None, handle: str | None, phone: str | None) -> dict[str, str]:
    """Return what tells an actor from others best, on one platform: who is the same elsewhere nobody knows."""
    return {} if name is None else {actor_query(platform, name, handle, phone): name}


def _conversation(key: str | None, title: str | None) -> dict[str, str]:
    return {} if key is None else {key: title or key}


_KEYS: Final[dict[Facet, Callable[..., dict[str, str]]]] = {
    Facet.HASHTAG: _hashtags,
    Facet.ACTOR: _actor,
    Facet.CONVERSATION: _conversation,
}
