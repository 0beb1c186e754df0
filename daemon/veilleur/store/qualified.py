"""What stands of mentions: filled in where a page of them is read, and sought by `tag:`, `tone:` and `is:`.

What is said of a mention holds for its subject: all members of its fold or twins, else itself alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from msgspec.structs import replace
from sqlalchemy import ColumnElement, CompoundSelect, Connection, Row, Select, and_, select, union_all

from veilleur.model.identity import MentionId
from veilleur.model.mention import Mention
from veilleur.model.qualification import Qualification, Qualifier, Said, Tone
from veilleur.model.scope import Scope
from veilleur.query.expression import State
from veilleur.query.tokens import fold
from veilleur.store.among import among_named, listed
from veilleur.store.instants import from_ms
from veilleur.store.mention_rows import mention_of
from veilleur.store.qualification_tables import qualification_acts, qualifications
from veilleur.store.snapshot import Readable
from veilleur.store.tables import mentions
from veilleur.store.visible import readable

YES: Final = "yes"
"""The value of what is only said or not."""
_STATES: Final = {State.TREATED: Said.TREATED, State.OFFTOPIC: Said.OFF_TOPIC}


def mentions_of(connection: Connection, rows: Sequence[Row[Any]]) -> tuple[Mention, ...]:
    """Return the mentions that rows of `mentions` hold, with what is said of them, by one query."""
    told = _said_of(connection, rows)
    read = map(mention_of, rows)
    if not told:
        return tuple(read)
    return tuple(
        mention if (said := told.get(_place(row))) is None else replace(mention, qualification=said)
        for row, mention in zip(rows, read, strict=True)
    )


def read_qualification(database: Readable, scope: Scope, mention_id: MentionId) -> Qualification | None:
    """Return what stands of a mention, also of one that its fold hides; None where nothing does."""
    is_it = (mentions.c.id == mention_id) & readable(scope)
    with database.reading() as connection:
        rows = connection.execute(select(mentions).where(is_it)).all()
        return next(iter(_said_of(connection, rows).values()), None)


def subject_of(mention_id: str, fold_id: str | None) -> str:
    """Return what is qualified where this mention is."""
    return fold_id or mention_id


def tagged(tags: Sequence[str]) -> CompoundSelect[int]:
    """Return the SELECT of the order numbers of the mentions that have one of these tags."""
    return _orders(Said.TAG, qualifications.c.term.in_(sorted(set(map(fold, tags)))))


def toned(tones: Sequence[str]) -> CompoundSelect[int]:
    """Return the SELECT of the order numbers of the mentions that have one of these tones."""
    return _orders(Said.TONE, qualifications.c.term == "", qualifications.c.value.in_(tones))


def in_state(state: State) -> CompoundSelect[int]:
    """Return the SELECT of the order numbers of the mentions that were said to be in a state."""
    return _orders(_STATES[state], qualifications.c.term == "")


def _orders(field: Said, *terms: ColumnElement[bool]) -> CompoundSelect[int]:
    # Begun from the few that are qualified, by id and by fold apart: together they would read every mention.
    said, member = qualifications.c, mentions.alias("member")
    stands = and_(said.field == field.value, said.value.is_not(None), *terms, said.project_id == member.c.project_id)
    by_id = select(member.c.ord).join(qualifications, said.subject == member.c.id).where(stands)
    by_fold = select(member.c.ord).join(qualifications, said.subject == member.c.fold_id).where(stands)
    return union_all(by_id, by_fold)


def _place(row: Row[Any]) -> tuple[str, str]:
    return row.project_id, subject_of(row.id, row.fold_id)


def _said_of(connection: Connection, rows: Sequence[Row[Any]]) -> dict[tuple[str, str], Qualification]:
    if not rows:
        return {}
    projects, subjects = map(list, map(set, zip(*map(_place, rows), strict=True)))
    is_sqlite = connection.dialect.name == "sqlite"
    asked = {name: listed(held, is_sqlite=is_sqlite) for name, held in (("projects", projects), ("subjects", subjects))}
    found: dict[tuple[str, str], list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(_standing(is_sqlite=is_sqlite), asked):
        found[row.project_id, row.subject].append(row)
    return {place: _qualification(entries) for place, entries in found.items()}


@cache
def _standing(*, is_sqlite: bool) -> Select[Any]:
    """Return what stands of `subjects`; made once, for to build it takes longer than to run it."""
    said, act = qualifications.c, qualification_acts.c
    columns = (said.project_id, said.subject, said.field, said.value, act.done_by, act.is_rule, act.done_at)
    query: Select[Any] = select(*columns).join(qualification_acts, act.id == said.act_id)
    is_of = (
        among_named(column, name, is_sqlite=is_sqlite)
        for column, name in ((said.project_id, "projects"), (said.subject, "subjects"))
    )
    return query.where(*is_of, said.value.is_not(None)).order_by(said.term)


def _qualification(entries: Sequence[Row[Any]]) -> Qualification:
    by_field = {row.field: row for row in entries}
    tone, note, treated = (by_field.get(field) for field in (Said.TONE, Said.NOTE, Said.TREATED))
    return Qualification(
        tone=Tone(tone.value) if tone else None,
        tone_by=Qualifier(tone.done_by, tone.is_rule) if tone else None,
        tags=tuple(row.value for row in entries if row.field == Said.TAG),
        is_off_topic=Said.OFF_TOPIC in by_field,
        treated_by=treated.done_by if treated else None,
        treated_at=from_ms(treated.done_at) if treated else None,
        note=note.value if note else None,
    )
