"""The watch plan of the database here."""

from __future__ import annotations

from collections.abc import Sequence

from veilleur.app.clock import utc_now
from veilleur.model.desk import LOCAL_NAME
from veilleur.model.plan import PlanEntry, PlanStanding
from veilleur.model.scope import Scope
from veilleur.store import plan as stored
from veilleur.store.database import Database


class LocalPlan:
    """Answers `PlanDesk`."""

    def __init__(self, database: Database, scope: Scope) -> None:
        self._database = database
        self._scope = scope

    def standing(self) -> Sequence[PlanStanding]:
        return stored.plan_standing(self._database, self._scope, now=utc_now())

    def save(self, entries: Sequence[PlanEntry]) -> tuple[int, int]:
        return stored.save_plan(self._database, self._scope, entries, by=LOCAL_NAME, now=utc_now())

    def remove(self, entries: Sequence[PlanEntry]) -> int:
        return sum(stored.remove_entry(self._database, self._scope, entry) for entry in entries)
