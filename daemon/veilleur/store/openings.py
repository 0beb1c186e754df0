"""The first message of conversations by when it was written, whichever arrived first, imported ones included."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from veilleur.model.kinds import MentionKind
from veilleur.model.scope import Scope
from veilleur.query.expression import Query, TextColumn, Words
from veilleur.query.tokens import tokens
from veilleur.store.database import Database
from veilleur.store.search import matching
from veilleur.store.snapshot import Readable
from veilleur.store.tables import mentions
from veilleur.store.visible import readable
from veilleur_bridge.export_package import ExportPackage

_MESSAGES: Final = (MentionKind.DIRECT_MESSAGE.value, MentionKind.MESSAGE_REQUEST.value)
_EXPORTS: Final = sorted(map(str, ExportPackage))


class Place(NamedTuple):
    """Where a conversation is kept: another device or app with the same key holds another one."""

    device: str
    package: str
    id: str


class ConversationKey(NamedTuple):
    """One conversation, and the title by which an export may know it."""

    platform: str
    place: Place
    title: str | None


def first_words(database: Readable, scope: Scope, conversation: ConversationKey) -> str | None:
    """Return the words of a conversation's first message, None where it has none that this reader may see."""
    with database.reading() as connection:
        joined = _exports_of(connection, scope, conversation, is_sqlite=database.is_sqlite)
        places = (conversation.place, *joined)
        query = _of_platform(scope, conversation, mentions.c.body).where(or_(*map(_is_at, places)))
        query = query.where(mentions.c.conversation_id.in_(sorted({place.id for place in places})))
        found: str | None = connection.execute(query.order_by(mentions.c.ord).limit(1)).scalar_one_or_none()
        return found


def every_first_words(database: Database, scope: Scope) -> Iterator[str]:
    """Yield the words that each conversation began with; an export that begins as a captured one does is that one."""
    first = select(func.min(mentions.c.ord)).where(_readable(scope), mentions.c.conversation_id.is_not(None))
    first = first.group_by(*(mentions.c[name] for name in ("platform", "device", "package", "conversation_id")))
    query = select(mentions.c.body).where(mentions.c.ord.in_(first), mentions.c.is_shown, mentions.c.body.is_not(None))
    with database.reading() as connection:
        yield from connection.execute(query.order_by(mentions.c.ord)).scalars()


def _exports_of(connection: Connection, scope: Scope, conversation: ConversationKey, *, is_sqlite: bool) -> list[Place]:
    """Return the exports under a conversation's title that are of it: its twins, or those that can be no other's."""
    own, title = conversation.place, conversation.title
    if title is None or own.package in _EXPORTS:
        return []
    columns = (mentions.c.device, mentions.c.package, mentions.c.conversation_id)
    titled = _of_platform(scope, conversation, *columns).where(mentions.c.conversation_id == title)
    exports = connection.execute(titled.where(mentions.c.package.in_(_EXPORTS)).distinct()).all()
    if not exports:
        return []
    twins = [place for place in (Place(*row) for row in exports) if _are_twins(connection, scope, own, place)]
    words = tuple(tokens(title))
    if twins or not words:
        return twins
    of_title = Query(Words(words, title, TextColumn.PLACES))
    seen = matching(of_title, scope, columns, is_sqlite=is_sqlite).where(mentions.c.conversation_title == title)
    seen = seen.where(mentions.c.platform == conversation.platform, mentions.c.package.not_in(_EXPORTS)).distinct()
    captured = [Place(*row) for row in connection.execute(seen)]
    return [Place(*row) for row in exports if _on_one_device(captured, row.device) == [own]]


def _on_one_device(captured: list[Place], device: str) -> list[Place]:
    """Return those of a device; all, where it captured none: an import under a name of its own may be of any."""
    return [place for place in captured if place.device == device] or captured


def _are_twins(connection: Connection, scope: Scope, captured: Place, exported: Place) -> bool:
    folds = select(mentions.c.fold_id).where(_readable(scope), _is_at(captured), mentions.c.fold_id.is_not(None))
    query = select(mentions.c.ord).where(_readable(scope), _is_at(exported), mentions.c.fold_id.in_(folds)).limit(1)
    return connection.execute(query).first() is not None


def _is_at(place: Place) -> ColumnElement[bool]:
    is_of_app = and_(mentions.c.device == place.device, mentions.c.package == place.package)
    return and_(mentions.c.conversation_id == place.id, is_of_app)


def _of_platform(scope: Scope, conversation: ConversationKey, *columns: ColumnElement[Any]) -> Select[Any]:
    return select(*columns).where(_readable(scope), mentions.c.platform == conversation.platform)


def _readable(scope: Scope) -> ColumnElement[bool]:
    return readable(scope) & mentions.c.kind.in_(_MESSAGES)
