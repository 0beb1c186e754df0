"""What is said of mentions in the database here: said, told in the journal, undone; and the rules that say it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import Final

from veilleur.app.clock import utc_now
from veilleur.model.desk import LOCAL_NAME
from veilleur.model.identity import MentionId
from veilleur.model.qualification import (
    JournalEntry,
    QualificationAct,
    QualificationChange,
    QualifiedMany,
    Qualifier,
    Speaker,
    checked_change,
)
from veilleur.model.rules import QualificationRule
from veilleur.model.scope import Scope
from veilleur.query.reading import read_query
from veilleur.store import qualification_journal as kept
from veilleur.store import rules as stored
from veilleur.store.database import Database
from veilleur.store.qualifying import Deed, qualify, query_ids, visible_ids

_ACTS_AT_ONCE: Final = 200


class LocalQualifications:
    """Answers `QualificationDesk`."""

    def __init__(self, database: Database, scope: Scope) -> None:
        self._database = database
        self._scope = scope

    def say_of(
        self, mention_ids: Sequence[str], change: QualificationChange, *, is_dry_run: bool = False
    ) -> QualifiedMany:
        found = visible_ids(self._database, self._scope, [MentionId(one) for one in mention_ids])
        return self._said(found, Deed(by=Qualifier(LOCAL_NAME), change=change, at=utc_now()), is_dry_run)

    def say_of_all(
        self, query: str, change: QualificationChange, zone: tzinfo, *, is_dry_run: bool = False
    ) -> QualifiedMany:
        now = utc_now()
        found = query_ids(self._database, self._scope, read_query(query, now=now, zone=zone))
        return self._said(found, Deed(by=Qualifier(LOCAL_NAME), change=change, at=now, query_text=query), is_dry_run)

    def journal(self, mention_id: str) -> Sequence[JournalEntry] | None:
        return kept.mention_history(self._database, self._scope, MentionId(mention_id))

    def acts(self, by: Speaker | None = None) -> Iterator[QualificationAct]:
        before: int | None = None
        while page := kept.list_acts(self._database, self._scope, limit=_ACTS_AT_ONCE, before=before, by=by):
            yield from page
            before = page[-1].id

    def undo(self, act_id: int) -> int | None:
        return kept.undo_act(self._database, self._scope, act_id, by=LOCAL_NAME, now=utc_now())

    def _said(self, found: Sequence[MentionId], deed: Deed, is_dry_run: bool) -> QualifiedMany:
        checked_change(deed.change)
        act = None if is_dry_run else qualify(self._database, self._scope, found, deed)
        return QualifiedMany(len(found), act)


class LocalRules:
    """Answers `RuleDesk`."""

    def __init__(self, database: Database, scope: Scope) -> None:
        self._database = database
        self._scope = scope

    def every(self) -> Sequence[QualificationRule]:
        return stored.list_rules(self._database, self._scope)

    def make(self, name: str, change: QualificationChange, *, query: str = "", words: Sequence[str] = ()) -> bool:
        rule = QualificationRule(
            name=name,
            project=self._scope.project,
            query=query,
            words=tuple(words),
            change=change,
            may_read_private=self._scope.may_read_private,
            created_by=LOCAL_NAME,
            created_at=utc_now(),
        )
        return stored.add_rule(self._database, self._scope, rule)

    def apply(self, name: str, *, is_dry_run: bool = False) -> QualifiedMany | None:
        rule, now = stored.find_rule(self._database, self._scope, name), utc_now()
        if rule is None:
            return None
        count = stored.count_for_rule(self._database, self._scope, rule, now=now)
        act = None if is_dry_run else stored.apply_rule(self._database, self._scope, rule, now=now)
        return QualifiedMany(count, act)

    def remove(self, name: str) -> bool:
        return stored.remove_rule(self._database, self._scope, name)
