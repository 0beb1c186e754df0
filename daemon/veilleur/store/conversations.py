"""Reads conversations: which there are, and one of them as a thread."""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, func, select

from veilleur.model.listing import MentionPage
from veilleur.model.mention import Mention
from veilleur.model.scope import Scope
from veilleur.query.expression import EVERYTHING
from veilleur.store.database import Database
from veilleur.store.mention_rows import mention_of
from veilleur.store.mentions import read_cursor
from veilleur.store.search import matching
from veilleur.store.tables import mentions


class ConversationHead(Struct, frozen=True, kw_only=True):
    """A conversation as a list shows it: its newest mention, and how many there are."""

    newest: Mention
    mention_count: int


class ConversationList(Struct, frozen=True):
    """Conversations, the one that was written in last first; `next_cursor` is None on the last page."""

    conversations: tuple[ConversationHead, ...]
    next_cursor: str | None


def page_conversation(
    database: Database, scope: Scope, mention: Mention, *, limit: int, cursor: str | None = None
) -> MentionPage:
    """Return mentions of the conversation that this one belongs to, newest first, from after `cursor`."""
    if mention.conversation is None:
        return MentionPage((), None)
    statement = matching(EVERYTHING, scope, list(mentions.columns), is_sqlite=database.is_sqlite).where(
        mentions.c.conversation_id == mention.conversation.id, mentions.c.package == mention.package
    )
    if cursor is not None:
        statement = statement.where(mentions.c.ord < read_cursor(cursor))
    with database.reading() as connection:
        rows = connection.execute(statement.order_by(mentions.c.ord.desc()).limit(limit + 1)).all()
    shown = rows[:limit]
    return MentionPage(tuple(map(mention_of, shown)), f"{shown[-1].ord:x}" if len(rows) > limit else None)


def list_conversations(database: Database, scope: Scope, *, limit: int, cursor: str | None = None) -> ConversationList:
    """Return conversations by their newest mention, from after `cursor`."""
    newest, total = func.max(mentions.c.ord).label("newest"), func.count().label("total")
    grouped = matching(EVERYTHING, scope, [newest, total], is_sqlite=database.is_sqlite)
    grouped = grouped.where(mentions.c.conversation_id.is_not(None))
    heads = grouped.group_by(mentions.c.package, mentions.c.conversation_id).subquery()
    columns: list[ColumnElement[Any]] = [heads.c.total, *mentions.columns]
    statement = select(*columns).join(heads, heads.c.newest == mentions.c.ord)
    if cursor is not None:
        statement = statement.where(mentions.c.ord < read_cursor(cursor))
    with database.reading() as connection:
        rows = connection.execute(statement.order_by(mentions.c.ord.desc()).limit(limit + 1)).all()
    shown = rows[:limit]
    listed = tuple(ConversationHead(newest=mention_of(row), mention_count=row.total) for row in shown)
    return ConversationList(listed, f"{shown[-1].ord:x}" if len(rows) > limit else None)
