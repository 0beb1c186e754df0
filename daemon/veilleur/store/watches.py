"""Watches and what they asked before: people's decisions, never rebuilt, and archived instead of deleted."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, select, update

from veilleur.model.scope import Scope
from veilleur.model.watch import Saved, Watch, WatchDraft, WatchId, WatchVersion
from veilleur.store.database import Database
from veilleur.store.instants import from_ms, to_ms
from veilleur.store.watch_tables import watch_versions, watches

_DRAFTED: Final = (watch_versions.c.query, watch_versions.c.zone, watch_versions.c.description)
_CHANGED: Final = (watch_versions.c.changed_by, watch_versions.c.changed_at)


def list_watches(
    database: Database,
    scope: Scope,
    *,
    with_archived: bool = False,
    after: WatchId | None = None,
    limit: int | None = None,
) -> tuple[Watch, ...]:
    """Return the project's watches of which this reader may know, by name, those after one of them and `limit` at most.

    One who may not read private mentions is told only of watches of such: others' queries may name people and groups.
    """
    query = _today().where(watch_open_to(scope)).order_by(watches.c.name)
    if not with_archived:
        query = query.where(watches.c.archived_at.is_(None))
    if after is not None:
        last = watches.alias()
        query = query.where(watches.c.name > select(last.c.name).where(last.c.id == after).scalar_subquery())
    return _read(database, query.limit(limit))


def active_watches(database: Database) -> tuple[Watch, ...]:
    """Return every project's watches that are not archived."""
    return _read(database, _today().where(watches.c.archived_at.is_(None)).order_by(watches.c.id))


def has_active_watch(database: Database) -> bool:
    """Return whether anything is watched at all."""
    with database.reading() as connection:
        return connection.execute(select(watches.c.id).where(watches.c.archived_at.is_(None))).first() is not None


def get_watch(database: Database, scope: Scope, name: str) -> Watch | None:
    """Return the watch of this name, archived or not, where this reader may know of it."""
    query = _today().where(watch_open_to(scope), watches.c.name == name)
    return next(iter(_read(database, query)), None)


def save_watch(  # noqa: PLR0913 - what is written, where, by whom and when
    database: Database,
    scope: Scope,
    name: str,
    draft: WatchDraft,
    *,
    by: str,
    now: datetime,
    new_name: str | None = None,
) -> Saved:
    """Make a watch, or a new version of the one that has the name, perhaps under another; equal ones make none."""
    wanted = new_name or name
    with database.writing() as connection:
        known = _named(connection, scope, name)
        if known is not None and known.may_read_private > scope.may_read_private:
            return Saved.NAME_TAKEN
        if known is not None and known.archived_at is not None:
            return Saved.ARCHIVED
        if (known is None or wanted != name) and _named(connection, scope, wanted) is not None:
            return Saved.NAME_TAKEN
        if known is None:
            watch_id, version = _insert(connection, scope, wanted, by, now), 1
        elif _is_same(connection, known, wanted, draft):
            return Saved.SAVED
        else:
            watch_id, version = known.id, known.version + 1
            may_read_private = known.may_read_private or scope.may_read_private
            _update(connection, watch_id, name=wanted, version=version, may_read_private=may_read_private)
        connection.execute(
            watch_versions.insert().values(
                watch_id=watch_id,
                version=version,
                name=wanted,
                query=draft.query,
                zone=draft.zone,
                description=draft.description,
                changed_by=by,
                changed_at=to_ms(now),
            )
        )
    return Saved.SAVED


def archive_watch(database: Database, scope: Scope, name: str, *, by: str, now: datetime) -> bool:
    """Let a watch rest; False where none of this name is active."""
    return _mark(database, scope, name, is_archived=False, archived_by=by, archived_at=to_ms(now))


def restore_watch(database: Database, scope: Scope, name: str) -> bool:
    """Let an archived watch go on; False where none of this name is archived."""
    return _mark(database, scope, name, is_archived=True, archived_by=None, archived_at=None)


def watch_history(
    database: Database, scope: Scope, name: str, *, before: int | None = None, limit: int | None = None
) -> tuple[WatchVersion, ...]:
    """Return what a watch asked, the newest version first, those before one of them and `limit` at most."""
    query = (
        select(watch_versions)
        .join(watches, watches.c.id == watch_versions.c.watch_id)
        .where(watch_open_to(scope), watches.c.name == name)
    )
    if before is not None:
        query = query.where(watch_versions.c.version < before)
    with database.reading() as connection:
        rows = connection.execute(query.order_by(watch_versions.c.version.desc()).limit(limit)).all()
    return tuple(
        WatchVersion(
            version=row.version,
            name=row.name,
            query=row.query,
            zone=row.zone,
            description=row.description,
            changed_by=row.changed_by,
            changed_at=from_ms(row.changed_at),
        )
        for row in rows
    )


def _today() -> Select[Any]:
    is_newest = (watch_versions.c.watch_id == watches.c.id) & (watch_versions.c.version == watches.c.version)
    return select(*watches.columns, *_DRAFTED, *_CHANGED).join(watch_versions, is_newest)


def _read(database: Database, query: Select[Any]) -> tuple[Watch, ...]:
    with database.reading() as connection:
        return tuple(map(_watch, connection.execute(query)))


def _named(connection: Connection, scope: Scope, name: str) -> Row[Any] | None:
    is_it = (watches.c.project_id == scope.project) & (watches.c.name == name)
    return connection.execute(select(watches).where(is_it).with_for_update()).first()


def _is_same(connection: Connection, known: Row[Any], name: str, draft: WatchDraft) -> bool:
    is_newest = (watch_versions.c.watch_id == known.id) & (watch_versions.c.version == known.version)
    row = connection.execute(select(*_DRAFTED).where(is_newest)).one()
    return known.name == name and WatchDraft(*row) == draft


def _insert(connection: Connection, scope: Scope, name: str, by: str, now: datetime) -> int:
    values = {"project_id": scope.project, "name": name, "version": 1, "made_by": by, "created_at": to_ms(now)}
    values["may_read_private"] = scope.may_read_private
    return int(connection.execute(watches.insert().values(values).returning(watches.c.id)).scalar_one())


def _update(connection: Connection, watch_id: int, **values: object) -> None:
    connection.execute(update(watches).where(watches.c.id == watch_id).values(values))


def _mark(database: Database, scope: Scope, name: str, *, is_archived: bool, **values: object) -> bool:
    is_so = watches.c.archived_at.is_not(None) if is_archived else watches.c.archived_at.is_(None)
    is_it = watch_open_to(scope) & (watches.c.name == name) & is_so
    with database.writing() as connection:
        return connection.execute(update(watches).where(is_it).values(values)).rowcount == 1


def watch_open_to(scope: Scope) -> ColumnElement[bool]:
    """Return the condition that a watch is of the reader's project, and one of which the reader may know."""
    of_project = watches.c.project_id == scope.project
    return of_project if scope.may_read_private else of_project & watches.c.may_read_private.is_(False)


def _watch(row: Row[Any]) -> Watch:
    return Watch(
        id=WatchId(row.id),
        name=row.name,
        project=row.project_id,
        query=row.query,
        zone=row.zone,
        description=row.description,
        version=row.version,
        made_by=row.made_by,
        created_at=from_ms(row.created_at),
        changed_by=row.changed_by,
        changed_at=from_ms(row.changed_at),
        archived_by=row.archived_by,
        archived_at=from_ms(row.archived_at),
    )
