"""The change feed: what was created, changed and erased, in the order of arrival, for whoever may see it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, false, func, not_, or_, select

from veilleur.model.changes import Change, ChangePage, FollowedChanges
from veilleur.model.errors import StaleCursor
from veilleur.model.kinds import ChangeKind, Visibility
from veilleur.model.mention import Mention
from veilleur.model.scope import Scope
from veilleur.store.change_tables import former_mentions
from veilleur.store.counters import Counter
from veilleur.store.database import Database
from veilleur.store.merging import SAID
from veilleur.store.qualified import mentions_of
from veilleur.store.sealed_cursors import Feed, SealedCursors
from veilleur.store.tables import changes, counters, mentions
from veilleur.store.visible import readable, visible

_PUBLIC: Final = Visibility.PUBLIC.value
_CREATED, _ERASED = ChangeKind.CREATED.value, ChangeKind.ERASED.value
_LANDING_EVERY: Final = 10_000
_OF_CHANGE: Final = (
    changes.c.seq.label("change_seq"),
    changes.c.mention_id.label("change_mention_id"),
    changes.c.op.label("change_op"),
    changes.c.is_replayed.label("change_is_replayed"),
    former_mentions.c.project_id.label("former_project_id"),
)


def page_changes(database: Database, scope: Scope, *, after: str | None = None, limit: int) -> ChangePage:
    """Return up to `limit` changes after a cursor, from the first one kept without; a change is told once.

    A mention of which a reader may not know has no changes; one that is hidden from now on is erased for it.
    Raises StaleCursor where the changes after the cursor are not all there.
    """
    cursors = SealedCursors(database, Feed.CHANGES)
    told, through, has_more = _numbered(database, scope, None if after is None else cursors.open(after), limit)
    return ChangePage(tuple(change for _, change in told), cursors.seal(through), has_more)


def follow_changes(database: Database, scope: Scope, *, after: str, limit: int) -> FollowedChanges:
    """Return a page of changes, each with the cursor of the place after it; raises StaleCursor as `page_changes`."""
    cursors = SealedCursors(database, Feed.CHANGES)
    told, through, has_more = _numbered(database, scope, cursors.open(after), limit)
    placed = tuple((cursors.seal(seq), change) for seq, change in told)
    return FollowedChanges(placed, cursors.seal(through), has_more)


def _numbered(
    database: Database, scope: Scope, after: int | None, limit: int
) -> tuple[list[tuple[int, Change]], int, bool]:
    """Return changes with their seqs, how far they reach, and whether more are there already."""
    with database.reading() as connection:
        newest = newest_seq(connection)
        start = 0 if after is None else _checked(connection, after, newest)
        rows = connection.execute(_told(scope).where(changes.c.seq > start).limit(limit + 1)).all()
        told = _changes(connection, rows[:limit])
    has_more = len(rows) > limit
    seqs = [int(row.change_seq) for row in rows[:limit]]
    last = seqs[-1] if seqs else start
    return list(zip(seqs, told, strict=True)), last if has_more else max(last, _landing(newest)), has_more


def newest_cursor(database: Database, scope: Scope) -> str:
    """Return the cursor after which only what happens from now on comes."""
    with database.reading() as connection:
        landing = _landing(newest_seq(connection))
        later = _told(scope).where(changes.c.seq > landing).order_by(None).order_by(changes.c.seq.desc()).limit(1)
        last = connection.execute(later).first()
    return SealedCursors(database, Feed.CHANGES).seal(landing if last is None else last.change_seq)


def _landing(newest: int) -> int:
    """Return the place to which cursors move by themselves, so that no poll reads more than so many changes again.

    Else they move with what their reader is told alone: else each would tell when something hidden happened.
    """
    return newest - newest % _LANDING_EVERY


def newest_seq(connection: Connection) -> int:
    """Return the newest change; its counter is locked to the commit, so none before it is still to come."""
    counted = select(counters.c.value).where(counters.c.name == Counter.CHANGES.value)
    return int(connection.execute(counted).scalar_one())


def changes_between(connection: Connection, after: int, through: int, *, with_replayed: bool) -> Sequence[Change]:
    """Return the changes of every project that a consumer is told."""
    wanted = _told(None).where(changes.c.seq > after, changes.c.seq <= through)
    if not with_replayed:
        wanted = wanted.where(changes.c.is_replayed.is_(False))
    return _changes(connection, connection.execute(wanted).all())


def _checked(connection: Connection, seq: int, newest: int) -> int:
    first = connection.execute(select(func.min(changes.c.seq))).scalar()
    if seq > newest:
        raise StaleCursor("this cursor is of a time that this store has not had: it was restored from a backup")
    if seq < newest and (first is None or seq + 1 < first):
        raise StaleCursor("this cursor is too old: changes after it are not kept any more")
    return seq


def _told(scope: Scope | None) -> Select[Any]:
    """Return the changes that somebody is told, in order; without a scope those of every project."""
    there, gone = _there(scope), _gone(scope)
    source = changes.outerjoin(mentions, mentions.c.id == changes.c.mention_id).outerjoin(
        former_mentions, former_mentions.c.mention_id == changes.c.mention_id
    )
    # What is not there any more comes to its erasure later in the feed: it is told once.
    is_end = or_(changes.c.op == _ERASED, and_(changes.c.op != _CREATED, mentions.c.id.is_not(None)))
    is_told = or_(and_(there, changes.c.op != _ERASED), and_(not_(there), gone, is_end))
    columns = (*_OF_CHANGE, there.label("is_there"), *mentions.columns)
    return select(*columns).select_from(source).where(is_told).order_by(changes.c.seq)


def _there(scope: Scope | None) -> ColumnElement[bool]:
    return func.coalesce(mentions.c.is_shown if scope is None else visible(scope), false())


def _gone(scope: Scope | None) -> ColumnElement[bool]:
    """Return whether somebody may have seen the mention before: it is folded away, gone, or not public any more."""
    was = former_mentions.c
    if scope is None:
        return or_(mentions.c.id.is_not(None), was.mention_id.is_not(None))
    formerly = was.project_id == scope.project
    if not scope.may_read_private:
        formerly = and_(formerly, was.was_public)
    return func.coalesce(or_(readable(scope), formerly), false())


def _changes(connection: Connection, rows: Sequence[Row[Any]]) -> tuple[Change, ...]:
    there = {one.id: one for one in mentions_of(connection, [row for row in rows if row.is_there])}
    return tuple(_change(row, there.get(row.change_mention_id)) for row in rows)


def _change(row: Row[Any], mention: Mention | None) -> Change:
    is_said = row.change_op == SAID
    kind = ChangeKind.CHANGED if is_said else ChangeKind(row.change_op)
    return Change(
        op=kind if mention else ChangeKind.ERASED,
        mention_id=row.change_mention_id,
        project=row.project_id or row.former_project_id,
        is_replayed=row.change_is_replayed,
        is_said=is_said,
        mention=mention,
        seq=row.change_seq,
    )
