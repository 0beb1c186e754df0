"""The journal of what was said of mentions: acts, what was said of one mention, and undoing an act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, Select, and_, select, update

from veilleur.model.identity import MentionId
from veilleur.model.qualification import JournalEntry, QualificationAct, QualificationChange, Qualifier, Said, Speaker
from veilleur.model.scope import Scope
from veilleur.store.counters import Counter, hold
from veilleur.store.database import Database
from veilleur.store.instants import from_ms, to_ms
from veilleur.store.merging import record_said
from veilleur.store.qualification_tables import qualification_acts, qualification_journal
from veilleur.store.qualified import subject_of
from veilleur.store.saying import Place, Standing, Thing, let_stand, shown_changes, standing_of
from veilleur.store.tables import mentions
from veilleur.store.visible import readable

_CHANGES: Final = msgspec.json.Decoder(QualificationChange)

_AT_ONCE: Final = 500
_MOST_ENTRIES: Final = 1_000


def list_acts(
    database: Database, scope: Scope, *, limit: int, before: int | None = None, by: Speaker | None = None
) -> tuple[QualificationAct, ...]:
    """Return acts, the latest first, from before the act of this number; of people or of rules alone where asked.

    A reader who may not read private mentions is told only of acts of such: counts of others would tell of mentions.
    """
    query = select(qualification_acts).where(_open_to(scope)).order_by(qualification_acts.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(qualification_acts.c.id < before)
    if by is not None:
        query = query.where(qualification_acts.c.is_rule.is_(by is Speaker.RULES))
    with database.reading() as connection:
        return tuple(map(_act, connection.execute(query)))


def find_act(database: Database, scope: Scope, act_id: int) -> QualificationAct | None:
    """Return an act of which this reader may know."""
    with database.reading() as connection:
        row = connection.execute(_one_act(scope, act_id)).first()
    return None if row is None else _act(row)


def mention_history(database: Database, scope: Scope, mention_id: MentionId) -> tuple[JournalEntry, ...] | None:
    """Return what was said of a mention or any other of its fold, the latest first; None where none can be seen."""
    noted, act = qualification_journal.c, qualification_acts.c
    wanted = select(mentions.c.id, mentions.c.fold_id).where(readable(scope), mentions.c.id == mention_id)
    with database.reading() as connection:
        mention = connection.execute(wanted).first()
        if mention is None:
            return None
        query = select(qualification_journal, act.done_at, act.done_by, act.is_rule, act.undone_at).join(
            qualification_acts, act.id == noted.act_id
        )
        query = query.where(act.project_id == scope.project, noted.subject == subject_of(mention.id, mention.fold_id))
        rows = connection.execute(query.order_by(noted.id.desc()).limit(_MOST_ENTRIES)).all()
    return tuple(map(_entry, rows))


def undo_act(database: Database, scope: Scope, act_id: int, *, by: str, now: datetime) -> int | None:
    """Bring back what stood before an act wherever its word still stands; return of how many mentions it did.

    None where there is no such act that this reader may know of, or nothing of it stands any more. One that was
    interrupted is gone on with by undoing the act again.
    """
    is_it = qualification_acts.c.id == act_id
    with database.writing() as connection:
        hold(connection, Counter.NOTIFICATIONS)
        row = connection.execute(_one_act(scope, act_id)).first()
        if row is None:
            return None
        is_first = row.undone_at is None
        if is_first:
            connection.execute(update(qualification_acts).where(is_it).values(undone_at=to_ms(now), undone_by=by))
    undone, after = 0, 0
    while True:
        with database.writing() as connection:
            hold(connection, Counter.NOTIFICATIONS)
            noted = qualification_journal.c
            query = select(qualification_journal).where(noted.act_id == act_id, noted.id > after).order_by(noted.id)
            entries = connection.execute(query.limit(_AT_ONCE)).all()
            if not entries:
                return undone if is_first or undone else None
            undone += _bring_back(connection, scope.project, act_id, entries)
            after = entries[-1].id


def _bring_back(connection: Connection, project: str, act_id: int, entries: Sequence[Row[Any]]) -> int:
    standing = standing_of(connection, project, {entry.subject for entry in entries})
    places: dict[Place, Standing | None] = {}
    for entry in entries:
        place = (entry.subject, Thing(entry.field, entry.term))
        held = standing.get(place)
        if held is not None and held.act_id == act_id:
            places[place] = _before(connection, entry)
    let_stand(connection, project, places)
    changed = shown_changes(connection, project, {subject for subject, _ in places})
    record_said(connection, changed)
    return len(changed)


def _before(connection: Connection, entry: Row[Any]) -> Standing | None:
    """Return what stood before an entry of the journal, past the acts that were undone meanwhile."""
    noted, act = qualification_journal.c, qualification_acts.c
    while entry.before_act_id is not None:
        told = select(qualification_journal, act.undone_at, act.is_rule).join(
            qualification_acts, act.id == noted.act_id
        )
        is_same = and_(noted.subject == entry.subject, noted.field == entry.field, noted.term == entry.term)
        earlier = connection.execute(told.where(is_same, noted.act_id == entry.before_act_id)).first()
        if earlier is None:
            return None
        if earlier.undone_at is None:
            return Standing(earlier.value, earlier.mention_id, earlier.act_id, earlier.is_rule)
        entry = earlier
    return None


def _one_act(scope: Scope, act_id: int) -> Select[Any]:
    return select(qualification_acts).where(_open_to(scope), qualification_acts.c.id == act_id)


def _open_to(scope: Scope) -> ColumnElement[bool]:
    of_project = qualification_acts.c.project_id == scope.project
    return of_project if scope.may_read_private else of_project & qualification_acts.c.may_read_private.is_(False)


def _act(row: Row[Any]) -> QualificationAct:
    return QualificationAct(
        id=row.id,
        done_at=from_ms(row.done_at),
        done_by=Qualifier(row.done_by, row.is_rule),
        change=_CHANGES.decode(row.change),
        query=row.query,
        mention_count=row.mention_count,
        undone_at=from_ms(row.undone_at),
        undone_by=row.undone_by,
    )


def _entry(row: Row[Any]) -> JournalEntry:
    value, before = row.value, row.before_value
    return JournalEntry(
        act_id=row.act_id,
        mention_id=row.mention_id,
        said_at=from_ms(row.done_at),
        said_by=Qualifier(row.done_by, row.is_rule),
        field=Said(row.field),
        tag=(value or before) if row.field == Said.TAG else None,
        before=before,
        after=value,
        undone_at=from_ms(row.undone_at),
    )
