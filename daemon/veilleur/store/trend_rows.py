"""What trends are counted from, as plain rows: of those mentions alone that a reader may see, the newest of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import ColumnElement, Row, Select, literal, select

from veilleur.model.identity import MentionId
from veilleur.model.kinds import Visibility
from veilleur.model.scope import Scope
from veilleur.store.database import Database
from veilleur.store.instants import to_ms
from veilleur.store.mention_rows import read_list
from veilleur.store.order import first_order
from veilleur.store.tables import mention_words, mentions
from veilleur.store.visible import visible

_STREAM_ROWS: Final = 5_000
_PUBLIC: Final = Visibility.PUBLIC.value


class TrendRow(Struct, frozen=True):
    """What a mention is counted by; `actor` is `platform:handle`, else `platform:name`."""

    mention_id: MentionId
    project: str
    is_private: bool
    at_ms: int
    platform: str
    hashtags: tuple[str, ...]
    handles: tuple[str, ...]
    links: tuple[str, ...]
    actor: str | None
    conversation: str | None
    words: str


def trend_rows(  # noqa: PLR0913 - which rows, of whom and of when
    database: Database,
    scope: Scope | None,
    *,
    since_at: datetime,
    until_at: datetime,
    most: int,
    only: ColumnElement[bool] | None = None,
    with_words: bool = True,
) -> Iterator[TrendRow]:
    """Yield the mentions from `since_at` to before `until_at`, newest first, at most so many; without a scope all.

    Without words they cost less than half.
    """
    with database.reading() as connection:
        found = connection.execution_options(yield_per=_STREAM_ROWS).execute(
            _selected(scope, since_at, until_at, only, with_words=with_words).limit(most)
        )
        for row in found:
            yield _row(row)


def trend_words(
    database: Database, scope: Scope, *, since_at: datetime, until_at: datetime, most: int
) -> Iterator[tuple[int, str]]:
    """Yield time and words of the mentions that `trend_rows` yields, in its order, at half the cost."""
    columns = (mentions.c.happened_at, mention_words.c.words)
    query = _within(select(*columns), scope, since_at, until_at, with_words=True).limit(most)
    with database.reading() as connection:
        found = connection.execution_options(yield_per=_STREAM_ROWS).execute(query)
        for some in found.partitions():
            yield from some


def has_hashtags() -> ColumnElement[bool]:
    """Return the condition that a mention has hashtags."""
    return mentions.c.hashtags.is_not(None)


def has_marks() -> ColumnElement[bool]:
    """Return the condition that a mention has handles or links."""
    return mentions.c.handles.is_not(None) | mentions.c.links.is_not(None)


def has_words_in_conversation() -> ColumnElement[bool]:
    """Return the condition that a mention has words and stands in a conversation."""
    return mentions.c.body.is_not(None) & mentions.c.conversation_id.is_not(None)


def _selected(
    scope: Scope | None, since_at: datetime, until_at: datetime, only: ColumnElement[bool] | None, *, with_words: bool
) -> Select[Any]:
    columns = (
        mentions.c.id,
        mentions.c.project_id,
        mentions.c.visibility,
        mentions.c.happened_at,
        mentions.c.platform,
        mentions.c.hashtags,
        mentions.c.handles,
        mentions.c.links,
        mentions.c.actor_name,
        mentions.c.actor_handle,
        mentions.c.conversation_id,
        mention_words.c.words if with_words else literal("").label("words"),
    )
    query = _within(select(*columns), scope, since_at, until_at, with_words=with_words)
    return query if only is None else query.where(only)


def _within(
    query: Select[Any], scope: Scope | None, since_at: datetime, until_at: datetime, *, with_words: bool
) -> Select[Any]:
    """Return what a query asks of the mentions of a time that a reader may see, the newest first."""
    within = (mentions.c.ord >= first_order(to_ms(since_at))) & (mentions.c.ord < first_order(to_ms(until_at)))
    query = query.select_from(mentions).where(within)
    if with_words:
        query = query.join(mention_words, mention_words.c.ord == mentions.c.ord)
    return query.where(mentions.c.is_shown if scope is None else visible(scope)).order_by(mentions.c.ord.desc())


def _row(row: Row[Any]) -> TrendRow:
    named = row.actor_handle or row.actor_name
    return TrendRow(
        mention_id=row.id,
        project=row.project_id,
        is_private=row.visibility != _PUBLIC,
        at_ms=row.happened_at,
        platform=row.platform,
        hashtags=read_list(row.hashtags),
        handles=read_list(row.handles),
        links=read_list(row.links),
        actor=None if named is None else f"{row.platform}:{named}",
        conversation=row.conversation_id,
        words=row.words,
    )
