"""Which mentions are the first of their actor: what is known of an actor once is not asked of the store again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from veilleur.alerts.asking import AskedRule
from veilleur.model.mention import Mention
from veilleur.model.scope import Scope
from veilleur.query.expression import Query
from veilleur.store.database import Database
from veilleur.store.first_seen import ActorKey, Arrival, actor_key, arrival_of, first_arrivals

_MOST_REMEMBERED: Final = 100_000


class Newcomers:
    """Remembers the first mention of each actor that was asked for; rules of one question share it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._first: dict[tuple[Scope, Query], dict[ActorKey, Arrival]] = {}

    def forget(self) -> None:
        """Forget every actor: of something that was erased it is not told any more whose it was."""
        self._first.clear()

    def among(self, asked: AskedRule, found: Sequence[Mention]) -> list[Mention]:
        """Return those of a rule's mentions before which nothing of their actor had arrived."""
        keyed = [(mention, key) for mention in found if (key := actor_key(mention)) is not None]
        if not keyed:
            return []
        scope = Scope(asked.rule.project, may_read_private=asked.rule.may_read_private)
        if sum(map(len, self._first.values())) > _MOST_REMEMBERED:
            self.forget()
        first = self._first.setdefault((scope, asked.past_query), {})
        unknown = {key: None for _, key in keyed if key not in first}
        first |= first_arrivals(self._database, scope, asked.past_query, unknown)
        return [mention for mention, key in keyed if key not in first or arrival_of(mention) <= first[key]]
