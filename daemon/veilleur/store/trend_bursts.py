"""Bursts as they are kept: found once each, and told to whoever may see what gave them away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from veilleur.model.identity import MentionId
from veilleur.model.scope import Scope
from veilleur.model.trends import Burst, BurstPage, FoundBurst, KeptBurst, TrendKey, TrendKind
from veilleur.store.bulk import insert_rows
from veilleur.store.database import Database
from veilleur.store.instants import from_ms, to_ms
from veilleur.store.sealed_cursors import Feed, SealedCursors
from veilleur.store.trend_tables import bursts

_COLUMNS: Final = tuple(column.name for column in bursts.columns if column.name != "id")
_MOST_AT_ONCE: Final = 200


def keep_bursts(connection: Connection, found: Sequence[FoundBurst]) -> None:
    """Keep bursts; one that is kept already stays as it is."""
    rows = [
        (
            one.project,
            one.is_private,
            one.burst.key.kind.value,
            one.burst.key.value,
            one.burst.window_s,
            one.burst.count,
            one.burst.usual,
            one.burst.most_before,
            one.burst.chance,
            to_ms(one.burst.began_at),
            to_ms(one.burst.seen_at),
            " ".join(one.mention_ids),
        )
        for one in found
    ]
    if rows:
        insert_rows(connection, bursts, _COLUMNS, rows, ignore=True)


def bursts_after(database: Database, project: str, burst_id: int | None) -> tuple[KeptBurst, ...]:
    """Return the bursts of a project that were kept after one, the first first; without one the newest alone."""
    query = select(bursts).where(bursts.c.project_id == project)
    if burst_id is None:
        query = query.order_by(bursts.c.id.desc()).limit(1)
    else:
        query = query.where(bursts.c.id > burst_id).order_by(bursts.c.id).limit(_MOST_AT_ONCE)
    with database.reading() as connection:
        return tuple(map(_kept, connection.execute(query)))


def page_bursts(  # noqa: PLR0913 - which bursts, and from where on
    database: Database,
    scope: Scope,
    *,
    limit: int,
    cursor: str | None = None,
    kind: TrendKind | None = None,
    since_at: datetime | None = None,
    until_at: datetime | None = None,
) -> BurstPage:
    """Return bursts that this reader may see, the newest found first; raises StaleCursor."""
    cursors = SealedCursors(database, Feed.BURSTS)
    query = select(bursts).where(bursts.c.project_id == scope.project).order_by(bursts.c.id.desc()).limit(limit + 1)
    if not scope.may_read_private:
        query = query.where(bursts.c.is_private.is_(False))
    if cursor is not None:
        query = query.where(bursts.c.id < cursors.open(cursor))
    if kind is not None:
        query = query.where(bursts.c.kind == kind.value)
    if since_at is not None:
        query = query.where(bursts.c.seen_at >= to_ms(since_at))
    if until_at is not None:
        query = query.where(bursts.c.began_at < to_ms(until_at))
    with database.reading() as connection:
        rows = connection.execute(query).all()
    shown = rows[:limit]
    return BurstPage(tuple(map(_kept, shown)), cursors.seal(shown[-1].id) if len(rows) > limit else None)


def _kept(row: Row[Any]) -> KeptBurst:
    burst = Burst(
        key=TrendKey(TrendKind(row.kind), row.value),
        window_s=row.window_s,
        count=row.mention_count,
        usual=row.usual,
        most_before=row.most_before,
        chance=row.chance,
        began_at=from_ms(row.began_at),
        seen_at=from_ms(row.seen_at),
    )
    ids = tuple(MentionId(one) for one in row.mention_ids.split())
    return KeptBurst(id=row.id, project=row.project_id, is_private=row.is_private, burst=burst, mention_ids=ids)
