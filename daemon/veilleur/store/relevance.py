"""The most relevant mentions of a query: bm25 over the newest that match, the newest first where they are equal.

SQLite ranks by FTS5's own bm25, whose word counts are of the whole index, for who may read all of that. For others,
and on PostgreSQL, which has none, the same formula (Robertson and Zaragoza 2009, k1 = 1.2, b = 0.75, as in FTS5) takes
its word counts from the mentions that are ranked.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import log
from typing import Any, Final

from sqlalchemy import Connection, Row, func, literal_column, select

from veilleur.model.scope import Scope
from veilleur.query.expression import AllOf, AnyOf, Expression, Query, Words
from veilleur.store.among import among
from veilleur.store.search import Search, search
from veilleur.store.tables import mention_words, mentions

MOST_RANKED: Final = 10_000
"""How many of the newest matches are ranked."""
_K1: Final = 1.2
_B: Final = 0.75
_LEAST_WEIGHT: Final = 1e-6
# Words, names and places count; the fields that a mention was found by do not.
_BM25: Final = func.bm25(literal_column("mention_index"), 1.0, 1.0, 1.0, 0.0)


def most_relevant(connection: Connection, scope: Scope, query: Query, *, limit: int) -> list[Row[Any]]:
    """Return the rows of the most relevant of the newest 10,000 mentions that a query asks for."""
    is_sqlite = connection.dialect.name == "sqlite"
    asked = search(query, scope, is_sqlite=is_sqlite)
    # FTS5 weighs words by how often the whole index has them: the order of what is public would tell of the rest.
    if asked.is_led and scope.may_read_private:
        since = asked.reach(connection, MOST_RANKED)
        ranked = asked.rows(list(mentions.columns), since).order_by(_BM25, asked.order.desc()).limit(limit)
        return list(connection.execute(ranked).all())
    best = _ranked(connection, asked, list(_sought(query.expression)))[:limit]
    rows = connection.execute(select(mentions).where(among(connection, mentions.c.ord, best))).all()
    return sorted(rows, key=lambda row: best.index(row.ord))


def _ranked(connection: Connection, asked: Search, terms: list[Words]) -> list[int]:
    newest = asked.orders().order_by(asked.order.desc()).limit(MOST_RANKED)
    found = connection.execute(select(mention_words).where(mention_words.c.ord.in_(newest))).all()
    lengths = [_length(row) for row in found]
    average = sum(lengths) / max(len(lengths), 1) or 1.0
    scores = [0.0] * len(found)
    for term in terms:
        told = [_times(term, row) for row in found]
        having = sum(map(bool, told))
        weight = max(log((len(found) - having + 0.5) / (having + 0.5)), _LEAST_WEIGHT)
        for at, times in enumerate(told):
            scores[at] += weight * times * (_K1 + 1) / (times + _K1 * (1 - _B + _B * lengths[at] / average))
    order = sorted(range(len(found)), key=lambda at: (-scores[at], -found[at].ord))
    return [found[at].ord for at in order]


def _sought(expression: Expression | None) -> Iterator[Words]:
    """Yield the words that a mention may be found by, not those that it must not hold."""
    match expression:
        case Words():
            yield expression
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from _sought(part)
        case _:
            return


def _times(words: Words, row: Row[Any]) -> int:
    # Two spaces between tokens: a phrase that follows itself shares none with its next occurrence.
    text = f" {row._mapping[words.column.value]} ".replace(" ", "  ")  # noqa: SLF001 - a column named by a variable
    return text.count(f" {words.phrase.replace(' ', '  ')}{'' if words.is_prefix else ' '}")


def _length(row: Row[Any]) -> int:
    return sum(text.count(" ") + 1 for text in (row.words, row.names, row.places) if text)
