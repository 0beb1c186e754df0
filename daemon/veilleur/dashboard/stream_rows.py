"""Mentions as the stream shows them: in order, under the days of the viewer's zone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from msgspec import Struct

from veilleur.campaigns.origins import Origins
from veilleur.dashboard.visits import Member
from veilleur.model.mention import Mention
from veilleur.query.expression import Query
from veilleur.store.database import Database
from veilleur.store.mentions import page_mentions
from veilleur.wording.languages import written_day

PAGE_ROWS: Final = 50


class StreamRow(Struct, frozen=True):
    """A mention and the day that it stands under; `at_ms` orders rows in the browser."""

    mention: Mention
    day: date
    day_name: str
    at_ms: int
    opens_day: bool = False


class StreamPage(Struct, frozen=True):
    """Rows, and where the next page begins: its cursor, and the day that it goes on with."""

    rows: tuple[StreamRow, ...]
    next_cursor: str | None
    last_day: date | None


def read_page(  # noqa: PLR0913 - a page, and where it goes on
    database: Database,
    member: Member,
    query: Query,
    today: date,
    *,
    cursor: str | None = None,
    day: date | None = None,
    limit: int = PAGE_ROWS,
) -> StreamPage:
    """Return the rows after a cursor; the first of each day but `day`, which stands there already, opens it."""
    page = page_mentions(database, member.person.scope, query, limit=limit, cursor=cursor)
    told = Origins(database, member.person.scope).told(page.mentions)
    rows = tuple(_under_days(rows_of(told, member, today), day))
    return StreamPage(rows, page.next_cursor, rows[-1].day if rows else day)


def rows_of(mentions: Iterable[Mention], member: Member, today: date) -> Iterator[StreamRow]:
    """Yield each mention with its day."""
    visitor = member.visitor
    for mention in mentions:
        day = mention.happened_at.astimezone(visitor.zone).date()
        at_ms = int(mention.happened_at.timestamp() * 1_000)
        yield StreamRow(mention, day, written_day(day, today, visitor.language), at_ms)


def _under_days(rows: Iterable[StreamRow], day: date | None) -> Iterator[StreamRow]:
    for row in rows:
        yield StreamRow(row.mention, row.day, row.day_name, row.at_ms, opens_day=row.day != day)
        day = row.day
