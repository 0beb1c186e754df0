"""What was not seen, not read or not understood, from the database here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from veilleur.model.coverage import Completeness, CoverageFilter
from veilleur.model.drift import ParseRate
from veilleur.model.listing import DeadLetter
from veilleur.model.scope import Scope
from veilleur.store.coverage import list_coverage
from veilleur.store.database import Database
from veilleur.store.dead_letters import dead_payload, list_dead
from veilleur.store.parse_rates import list_parse_rates


class LocalLosses:
    """Answers `LossDesk`."""

    def __init__(self, database: Database, scope: Scope) -> None:
        self._database = database
        self._scope = scope

    def coverage(self, asked: CoverageFilter) -> Completeness:
        return list_coverage(self._database, self._scope, asked)

    def dead_letters(self, *, limit: int | None = None) -> Sequence[DeadLetter]:
        return list_dead(self._database, self._scope, limit=limit)

    def dead_payload(self, dead_letter_id: int) -> bytes | None:
        return dead_payload(self._database, self._scope, dead_letter_id)

    def parse_rates(
        self, *, limit: int | None = None, since_at: datetime | None = None, package: str | None = None
    ) -> Sequence[ParseRate]:
        return list_parse_rates(self._database, self._scope, limit=limit, since_at=since_at, package=package)
