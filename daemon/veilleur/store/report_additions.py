"""What people add to reports and need not give anew: words for a watch's, a logo for all of a project."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec import Struct
from sqlalchemy import delete, select

from veilleur.model.report import ReportAdditions
from veilleur.model.scope import Scope
from veilleur.store.bulk import insert_rows
from veilleur.store.database import Database
from veilleur.store.instants import from_ms, to_ms
from veilleur.store.report_tables import report_logos, report_words
from veilleur.store.watch_tables import watches
from veilleur.store.watches import watch_open_to

_WORDS_COLUMNS: Final = ("watch_id", "words", "kept_by", "kept_at")
_LOGO_COLUMNS: Final = ("project_id", "address", "kept_by", "kept_at")


class KeptWords(Struct, frozen=True):
    """What stands at the top of a watch's reports."""

    watch: str
    words: str
    kept_by: str
    kept_at: datetime


class KeptLogo(Struct, frozen=True):
    """The logo of a project's reports, as a `data:` address."""

    address: str
    kept_by: str
    kept_at: datetime


def keep_words(  # noqa: PLR0913 - what is kept, where, by whom and when
    database: Database, scope: Scope, watch: str, words: str | None, *, by: str, now: datetime
) -> bool:
    """Keep words for a watch in place of those of before, or none; False where `scope` may know of none."""
    is_it = watch_open_to(scope) & (watches.c.name == watch)
    with database.writing() as connection:
        watch_id = connection.execute(select(watches.c.id).where(is_it)).scalar_one_or_none()
        if watch_id is None:
            return False
        connection.execute(delete(report_words).where(report_words.c.watch_id == watch_id))
        if words is not None:
            insert_rows(connection, report_words, _WORDS_COLUMNS, [(watch_id, words, by, to_ms(now))])
    return True


def keep_logo(database: Database, scope: Scope, address: str | None, *, by: str, now: datetime) -> None:
    """Keep a logo for a project in place of that of before, or none."""
    with database.writing() as connection:
        connection.execute(delete(report_logos).where(report_logos.c.project_id == scope.project))
        if address is not None:
            insert_rows(connection, report_logos, _LOGO_COLUMNS, [(scope.project, address, by, to_ms(now))])


def list_kept_words(database: Database, scope: Scope) -> tuple[KeptWords, ...]:
    """Return the words kept for watches of which this reader may know, resting ones too, by the watch's name."""
    query = (
        select(watches.c.name, report_words.c.words, report_words.c.kept_by, report_words.c.kept_at)
        .join(watches, watches.c.id == report_words.c.watch_id)
        .where(watch_open_to(scope))
        .order_by(watches.c.name)
    )
    with database.reading() as connection:
        rows = connection.execute(query).all()
    return tuple(KeptWords(row.name, row.words, row.kept_by, from_ms(row.kept_at)) for row in rows)


def kept_logo(database: Database, scope: Scope) -> KeptLogo | None:
    """Return the project's logo."""
    with database.reading() as connection:
        row = connection.execute(select(report_logos).where(report_logos.c.project_id == scope.project)).first()
    return None if row is None else KeptLogo(row.address, row.kept_by, from_ms(row.kept_at))


def kept_additions(database: Database, scope: Scope, watch: str | None = None) -> ReportAdditions:
    """Return what stands in a report that is given nothing else; `watch`: its name, None for a query's report."""
    words = (one.words for one in list_kept_words(database, scope) if one.watch == watch)
    logo = kept_logo(database, scope)
    return ReportAdditions(words=next(words, None), logo=None if logo is None else logo.address)
