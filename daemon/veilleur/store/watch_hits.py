"""What came in for each watch, and what of it each reader has not seen: the newest thousand of a watch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Select, delete, func, select, update

from veilleur.model.identity import MentionId
from veilleur.model.kinds import Visibility
from veilleur.model.scope import Scope
from veilleur.model.watch import MOST_COUNTED, NewMentions, Unread, Watch, WatchId
from veilleur.store.among import among
from veilleur.store.bulk import insert_rows
from veilleur.store.database import Database
from veilleur.store.instants import to_ms
from veilleur.store.qualified import mentions_of
from veilleur.store.sealed_cursors import Feed, SealedCursors
from veilleur.store.tables import mentions
from veilleur.store.visible import visible
from veilleur.store.watch_tables import watch_hits, watch_seen, watches

_PUBLIC: Final = Visibility.PUBLIC.value
_HIT_COLUMNS: Final = ("watch_id", "version", "mention_id")
_SEEN_COLUMNS: Final = ("watch_id", "reader", "through_hit", "seen_at")
# One more than is told: so is known that there are more.
_MOST_KEPT: Final = MOST_COUNTED + 1


class Hit(Struct, frozen=True):
    """A mention that came in while this version of a watch asked for it."""

    watch_id: WatchId
    version: int
    mention_id: MentionId


def note_hits(connection: Connection, hits: Sequence[Hit]) -> None:
    """Keep hits that are not kept yet, and of each watch the newest alone, of public mentions and of others apart."""
    rows = [(hit.watch_id, hit.version, hit.mention_id) for hit in hits]
    insert_rows(connection, watch_hits, _HIT_COLUMNS, rows, ignore=True)
    for watch_id in sorted({hit.watch_id for hit in hits}):
        for is_public in (mentions.c.visibility == _PUBLIC, mentions.c.visibility != _PUBLIC):
            _forget_older(connection, watch_id, is_public)


def _forget_older(connection: Connection, watch_id: WatchId, is_of_kind: ColumnElement[bool]) -> None:
    of_kind = select(watch_hits.c.id).join(mentions, mentions.c.id == watch_hits.c.mention_id)
    of_kind = of_kind.where(watch_hits.c.watch_id == watch_id, is_of_kind)
    older = of_kind.order_by(watch_hits.c.id.desc()).offset(_MOST_KEPT)
    found = list(connection.execute(older).scalars())
    if found:
        connection.execute(delete(watch_hits).where(among(connection, watch_hits.c.id, found)))


def unread_counts(database: Database, scope: Scope, reader: str) -> dict[WatchId, Unread]:
    """Return how many mentions of each of the project's watches this reader has not seen, where there are any."""
    unseen = _unseen(scope, reader, [watch_hits.c.watch_id, func.count().label("total")])
    with database.reading() as connection:
        rows = connection.execute(unseen.group_by(watch_hits.c.watch_id)).all()
    return {row.watch_id: Unread(min(row.total, MOST_COUNTED), row.total > MOST_COUNTED) for row in rows}


def new_mentions(  # noqa: PLR0913 - whose news, of what, and which page
    database: Database, scope: Scope, watch: Watch, reader: str, *, limit: int, after: str | None = None
) -> NewMentions:
    """Return up to `limit` mentions that came in for a watch since this reader has seen it, the first first.

    From after a cursor where one is given; raises StaleCursor.
    """
    cursors = SealedCursors(database, Feed.WATCH_HITS)
    start = 0 if after is None else cursors.open(after)
    unseen = _unseen(scope, reader, [watch_hits.c.id.label("hit_id"), *mentions.columns])
    unseen = unseen.where(watch_hits.c.watch_id == watch.id, watch_hits.c.id > start)
    unseen = unseen.order_by(watch_hits.c.id).limit(limit + 1)
    with database.reading() as connection:
        rows = connection.execute(unseen).all()
        shown = mentions_of(connection, rows[:limit])
    # Of nothing new the place is always the same: it tells not even that something came which is hidden.
    through = rows[:limit][-1].hit_id if rows else start
    return NewMentions(shown, cursors.seal(through), len(rows) > limit)


def mark_seen(database: Database, watch: Watch, reader: str, seen: str | None, *, now: datetime) -> None:
    """Let a reader have seen what came in for a watch up to a cursor, else all of it; never less than before.

    Raises StaleCursor for a cursor that this store did not give.
    """
    through = None if seen is None else SealedCursors(database, Feed.WATCH_HITS).open(seen)
    with database.writing() as connection:
        if through is None:
            through = int(connection.execute(select(func.max(watch_hits.c.id))).scalar() or 0)
        insert_rows(connection, watch_seen, _SEEN_COLUMNS, [(watch.id, reader, 0, to_ms(now))], ignore=True)
        is_it = (watch_seen.c.watch_id == watch.id) & (watch_seen.c.reader == reader)
        further = update(watch_seen).where(is_it, watch_seen.c.through_hit < through)
        connection.execute(further.values(through_hit=through, seen_at=to_ms(now)))


def _unseen(scope: Scope, reader: str, columns: list[Any]) -> Select[Any]:
    is_its = (watch_seen.c.watch_id == watch_hits.c.watch_id) & (watch_seen.c.reader == reader)
    return (
        select(*columns)
        .select_from(watch_hits)
        .join(watches, (watches.c.id == watch_hits.c.watch_id) & (watches.c.version == watch_hits.c.version))
        .join(mentions, mentions.c.id == watch_hits.c.mention_id)
        .outerjoin(watch_seen, is_its)
        .where(
            watches.c.project_id == scope.project,
            watches.c.archived_at.is_(None),
            watch_hits.c.id > func.coalesce(watch_seen.c.through_hit, 0),
            visible(scope),
        )
    )
