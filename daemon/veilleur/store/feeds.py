"""Feeds of watches: made, renewed and revoked by people; opened by who has the link."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, func, select, update

from veilleur.model.feed import FeedPage, OpenedFeed, WatchFeed
from veilleur.model.identity import MentionId
from veilleur.model.scope import Scope
from veilleur.model.watch import Watch
from veilleur.store.among import among
from veilleur.store.database import Database
from veilleur.store.feed_tables import watch_feeds
from veilleur.store.instants import from_ms, to_ms
from veilleur.store.secret_hash import secret_hash
from veilleur.store.tables import amendments, mentions, notifications
from veilleur.store.watch_tables import watches
from veilleur.store.watches import get_watch

_OF_WATCH: Final = (watches.c.name.label("watch"), watches.c.project_id.label("project"))


def make_feed(  # noqa: PLR0913 - what is made, by whom and when
    database: Database,
    scope: Scope,
    watch: Watch,
    *,
    with_private: bool,
    by: str,
    now: datetime,
    language: str = "en",
) -> tuple[WatchFeed, str]:
    """Make a feed of a watch; return it and its secret, which is kept nowhere. It shows no more than its maker sees."""
    secret = _new_secret()
    made = {
        "watch_id": watch.id,
        "secret_hash": secret_hash(secret),
        "may_read_private": with_private and scope.may_read_private,
        "made_by": by,
        "created_at": to_ms(now),
        "renewed_at": to_ms(now),
        "language": language,
    }
    with database.writing() as connection:
        feed_id = connection.execute(watch_feeds.insert().values(made).returning(watch_feeds.c.id)).scalar_one()
        return _feed(connection.execute(_feeds().where(watch_feeds.c.id == feed_id)).one()), secret


def page_feeds(
    database: Database, scope: Scope, *, limit: int, cursor: str | None = None, watch: str | None = None
) -> FeedPage:
    """Return up to `limit` of the project's feeds, or of one watch's, the oldest first, revoked ones included.

    A reader that may not read private mentions is told of no feed that shows them.
    """
    after = 0 if cursor is None else int(cursor, 16)
    query = _feeds().where(_known(scope), watch_feeds.c.id > after).order_by(watch_feeds.c.id).limit(limit + 1)
    if watch is not None:
        query = query.where(watches.c.name == watch)
    with database.reading() as connection:
        found = tuple(map(_feed, connection.execute(query)))
    shown = found[:limit]
    return FeedPage(shown, f"{shown[-1].id:x}" if len(found) > limit else None)


def find_feed(database: Database, scope: Scope, feed_id: int) -> WatchFeed | None:
    """Return the feed of this number, revoked or not."""
    with database.reading() as connection:
        return next(map(_feed, connection.execute(_feeds().where(_known(scope), watch_feeds.c.id == feed_id))), None)


def renew_feed(database: Database, scope: Scope, feed_id: int, *, now: datetime) -> str | None:
    """Give a feed another link: the one before leads nowhere from now on; None where none of this number is open."""
    secret = _new_secret()
    is_changed = _change(database, scope, feed_id, secret_hash=secret_hash(secret), renewed_at=to_ms(now))
    return secret if is_changed else None


def revoke_feed(database: Database, scope: Scope, feed_id: int, *, by: str, now: datetime) -> bool:
    """Close a feed at once and for ever; False where none of this number is open."""
    return _change(database, scope, feed_id, revoked_by=by, revoked_at=to_ms(now))


def open_feed(database: Database, secret: str) -> OpenedFeed | None:
    """Return what a link leads to, None for one that was never made or was renewed."""
    with database.reading() as connection:
        row = connection.execute(_feeds().where(watch_feeds.c.secret_hash == secret_hash(secret))).first()
    if row is None:
        return None
    feed = _feed(row)
    watch = get_watch(database, Scope(feed.project, may_read_private=True), feed.watch)
    return None if watch is None else OpenedFeed(feed, watch)


def shown_since(database: Database, feed: WatchFeed, shown: bytes, *, now: datetime) -> datetime:
    """Return since when a feed shows this; where it is something else than was last shown: since now."""
    digest, is_it = sha256(shown).digest(), watch_feeds.c.id == feed.id
    with database.reading() as connection:
        before = connection.execute(select(watch_feeds.c.shown_hash, watch_feeds.c.shown_since).where(is_it)).one()
    if before.shown_hash is not None and bytes(before.shown_hash) == digest:
        return from_ms(int(before.shown_since))
    with database.writing() as connection:
        connection.execute(update(watch_feeds).where(is_it).values(shown_hash=digest, shown_since=to_ms(now)))
    return now


def amended_at(database: Database, mention_ids: Collection[MentionId]) -> dict[MentionId, datetime]:
    """Return when it was first told of these mentions that they were changed by their author, where it was."""
    told = amendments.join(mentions, mentions.c.slot_id == amendments.c.slot_id).join(
        notifications, notifications.c.id == amendments.c.notification_id
    )
    query = select(mentions.c.id, func.min(notifications.c.received_at)).select_from(told).group_by(mentions.c.id)
    with database.reading() as connection:
        rows = connection.execute(query.where(among(connection, mentions.c.id, mention_ids)))
        return {MentionId(mention_id): from_ms(at) for mention_id, at in rows}


def _new_secret() -> str:
    return secrets.token_urlsafe(32)


def _feeds() -> Select[Any]:
    return select(*watch_feeds.columns, *_OF_WATCH).join(watches, watches.c.id == watch_feeds.c.watch_id)


def _known(scope: Scope) -> ColumnElement[bool]:
    of_project = watches.c.project_id == scope.project
    return (
        of_project
        if scope.may_read_private
        else of_project & ~(watch_feeds.c.may_read_private | watches.c.may_read_private)
    )


def _change(database: Database, scope: Scope, feed_id: int, **values: object) -> bool:
    known = select(watch_feeds.c.id).join(watches, watches.c.id == watch_feeds.c.watch_id).where(_known(scope))
    is_it = (watch_feeds.c.id == feed_id) & watch_feeds.c.revoked_at.is_(None) & watch_feeds.c.id.in_(known)
    with database.writing() as connection:
        return connection.execute(update(watch_feeds).where(is_it).values(values)).rowcount == 1


def _feed(row: Row[Any]) -> WatchFeed:
    return WatchFeed(
        id=row.id,
        watch=row.watch,
        project=row.project,
        may_read_private=row.may_read_private,
        made_by=row.made_by,
        created_at=from_ms(row.created_at),
        renewed_at=from_ms(row.renewed_at),
        revoked_by=row.revoked_by,
        revoked_at=from_ms(row.revoked_at),
        language=row.language,
    )
