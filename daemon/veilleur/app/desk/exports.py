"""Files of mentions from the database here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import tzinfo
from functools import partial
from typing import Final

from veilleur.app.clock import utc_now
from veilleur.exports.mentions import export_chunks, exported_mentions
from veilleur.exports.request import ExportRequest
from veilleur.model.export import Dialect, ExportFormat
from veilleur.model.mention import Mention
from veilleur.model.scope import Scope
from veilleur.query.reading import read_query
from veilleur.query.window import window_of
from veilleur.store.coverage import completeness
from veilleur.store.database import Database

_TOLD_EVERY: Final = 500


class LocalExports:
    """Answers `ExportDesk`."""

    def __init__(self, database: Database, scope: Scope) -> None:
        self._database = database
        self._scope = scope

    def mentions(
        self,
        query: str,
        zone: tzinfo,
        format: ExportFormat,  # noqa: A002 - the ending's name
        dialect: Dialect = Dialect.STANDARD,
        *,
        tell: Callable[[int], None] | None = None,
    ) -> Iterator[bytes]:
        now = utc_now()
        asked = read_query(query, now=now, zone=zone)
        unseen = partial(completeness, self._database, self._scope, window_of(asked))
        request = ExportRequest(query=query, zone=zone, asked_at=now, completeness=unseen, dialect=dialect)
        found = exported_mentions(self._database, self._scope, asked)
        return export_chunks(format, found if tell is None else _counted(found, tell), request)


def _counted(mentions: Iterable[Mention], tell: Callable[[int], None]) -> Iterator[Mention]:
    number = 0
    for number, mention in enumerate(mentions, 1):
        yield mention
        if number % _TOLD_EVERY == 0:
            tell(number)
    tell(number)
