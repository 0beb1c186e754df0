"""Qualifies mentions by their ids or by a query: an act for each call, 500 mentions a transaction.

Decisions of people, never rebuilt: they refer to mention ids, whichever member of a fold is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, delete, select, update

from veilleur.model.errors import QualificationError
from veilleur.model.identity import MentionId
from veilleur.model.qualification import (
    MOST_QUALIFIED,
    QualificationAct,
    QualificationChange,
    Qualifier,
    checked_change,
)
from veilleur.model.scope import Scope
from veilleur.query.expression import Query
from veilleur.store.among import among
from veilleur.store.counters import Counter, hold
from veilleur.store.database import Database
from veilleur.store.instants import to_ms
from veilleur.store.merging import record_said
from veilleur.store.qualification_tables import qualification_acts
from veilleur.store.qualified import subject_of
from veilleur.store.saying import Speech, Target, say, statements_of
from veilleur.store.search import search
from veilleur.store.tables import mentions
from veilleur.store.visible import readable
from veilleur.wording import refusals

_AT_ONCE: Final = 500


class Deed(Struct, frozen=True, kw_only=True):
    """Who says what, when, and of which query's mentions where it is a query's."""

    by: Qualifier
    change: QualificationChange
    at: datetime
    query_text: str | None = None


def qualify(database: Database, scope: Scope, mention_ids: Sequence[MentionId], deed: Deed) -> QualificationAct | None:
    """Say something of these mentions; return the act, None where nothing changed.

    Mentions that this reader cannot see are passed over; those that a fold hides may be named too.
    """
    change = checked_change(deed.change)
    act = QualificationAct(
        id=0, done_at=deed.at, done_by=deed.by, change=change, query=deed.query_text, mention_count=0
    )
    for start in range(0, len(mention_ids), _AT_ONCE):
        with database.writing() as connection:
            act = _qualify_some(connection, scope, mention_ids[start : start + _AT_ONCE], act)
    return act if act.mention_count else None


def visible_ids(database: Database, scope: Scope, mention_ids: Sequence[MentionId]) -> list[MentionId]:
    """Return those of these mentions that this reader may see, hidden members of folds included."""
    with database.reading() as connection:
        query = select(mentions.c.id).where(readable(scope), among(connection, mentions.c.id, mention_ids))
        return list(connection.execute(query).scalars())


def query_ids(database: Database, scope: Scope, query: Query) -> list[MentionId]:
    """Return the mentions that a query shows to this reader; raises QualificationError beyond MOST_QUALIFIED."""
    statement = search(query, scope, is_sqlite=database.is_sqlite).newest([mentions.c.id], MOST_QUALIFIED + 1)
    with database.reading() as connection:
        found = list(connection.execute(statement).scalars())
    if len(found) > MOST_QUALIFIED:
        raise QualificationError(refusals.MANY_AT_ONCE, most=f"{MOST_QUALIFIED:,}")
    return found


def _qualify_some(
    connection: Connection, scope: Scope, mention_ids: Sequence[MentionId], act: QualificationAct
) -> QualificationAct:
    # No commit runs beside: a mention stands in the fold that is read here.
    hold(connection, Counter.NOTIFICATIONS)
    query = select(mentions.c.id, mentions.c.fold_id).where(
        readable(scope), among(connection, mentions.c.id, mention_ids)
    )
    targets = [Target(row.id, subject_of(row.id, row.fold_id)) for row in connection.execute(query)]
    act = act if act.id else begin_act(connection, scope, act)
    speech = Speech(scope.project, act.id, act.done_by.is_rule)
    changed = say(connection, speech, dict.fromkeys(targets, statements_of(act.change)))
    record_said(connection, changed)
    return count_act(connection, act, len(changed))


def begin_act(connection: Connection, scope: Scope, act: QualificationAct) -> QualificationAct:
    """Enter an act into the journal; return it with its number."""
    values = {
        "project_id": scope.project,
        "done_at": to_ms(act.done_at),
        "done_by": act.done_by.name,
        "is_rule": act.done_by.is_rule,
        "may_read_private": scope.may_read_private,
        "change": msgspec.json.encode(act.change).decode(),
        "query": act.query,
        "mention_count": 0,
    }
    (number,) = connection.execute(qualification_acts.insert().values(values)).inserted_primary_key or (0,)
    return msgspec.structs.replace(act, id=number)


def count_act(connection: Connection, act: QualificationAct, changed: int) -> QualificationAct:
    """Add to how many mentions an act changed; one that changed none so far leaves no trace."""
    is_it = qualification_acts.c.id == act.id
    count = act.mention_count + changed
    if not count:
        connection.execute(delete(qualification_acts).where(is_it))
        return msgspec.structs.replace(act, id=0)
    connection.execute(update(qualification_acts).where(is_it).values(mention_count=count))
    return msgspec.structs.replace(act, mention_count=count)
