"""Writes what is said of subjects: each thing stands until another is said, a person's word over a rule's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple

from msgspec import Struct
from sqlalchemy import Connection, Row, Select, and_, bindparam, delete, select, update

from veilleur.model.identity import MentionId
from veilleur.model.qualification import QualificationChange, Said
from veilleur.query.tokens import fold
from veilleur.store.among import among
from veilleur.store.bulk import insert_rows
from veilleur.store.qualification_tables import qualification_acts, qualification_journal, qualifications
from veilleur.store.qualified import YES
from veilleur.store.tables import mentions

_JOURNAL: Final = ("act_id", "subject", "field", "term", "mention_id", "value", "before_value", "before_act_id")
_KEY: Final = ("project_id", "subject", "field", "term")
_BOUND: Final = tuple(f"the_{name}" for name in _KEY)


class Thing(NamedTuple):
    """What is said: a field, and of tags which one, folded."""

    field: str
    term: str = ""


class Target(NamedTuple):
    """A mention that something is said of, and the subject that it holds for."""

    mention_id: MentionId
    subject: str


class Standing(Struct, frozen=True):
    """What stands of one thing: its value (None: taken back), of which mention it was said, and by which act."""

    value: str | None
    mention_id: MentionId
    act_id: int
    is_rule: bool

    @property
    def weight(self) -> tuple[bool, int]:
        """Return what decides between two: a person's stands over a rule's, then the later."""
        return not self.is_rule, self.act_id


class Speech(Struct, frozen=True):
    """The act that says something in a project."""

    project: str
    act_id: int
    is_rule: bool


Statements = Mapping[Thing, str | None]
"""What is to stand of each thing; None: nothing."""
Place = tuple[str, Thing]
"""A subject, and what is said of it."""


def statements_of(change: QualificationChange) -> dict[Thing, str | None]:
    """Return what a change says, thing by thing."""
    said: dict[Thing, str | None] = {Thing(Said(field)): None for field in change.clear}
    if change.tone is not None:
        said[Thing(Said.TONE)] = change.tone.value
    if change.note is not None:
        said[Thing(Said.NOTE)] = change.note
    for field, flag in ((Said.OFF_TOPIC, change.is_off_topic), (Said.TREATED, change.is_treated)):
        if flag is not None:
            said[Thing(field)] = YES if flag else None
    said |= {Thing(Said.TAG, fold(tag)): None for tag in change.remove_tags}
    return said | {Thing(Said.TAG, fold(tag)): tag for tag in change.add_tags}


def say(connection: Connection, speech: Speech, said: Mapping[Target, Statements]) -> list[MentionId]:
    """Let these statements stand and keep what stood before; return the shown mentions that it changed.

    What stands already is left as it is, and with it who said it first.
    """
    standing = standing_of(connection, speech.project, {target.subject for target in said})
    fresh = {
        (target.subject, thing): Standing(value, target.mention_id, speech.act_id, speech.is_rule)
        for target, statements in said.items()
        for thing, value in statements.items()
        if _is_new(standing.get((target.subject, thing)), value, is_rule=speech.is_rule)
    }
    journal = []
    for (subject, thing), one in fresh.items():
        held = standing.get((subject, thing))
        before = (held.value, held.act_id) if held else (None, None)
        journal.append((speech.act_id, subject, *thing, one.mention_id, one.value, *before))
    insert_rows(connection, qualification_journal, _JOURNAL, journal)
    let_stand(connection, speech.project, fresh)
    return shown_changes(connection, speech.project, {subject for subject, _ in fresh})


def let_stand(connection: Connection, project: str, places: Mapping[Place, Standing | None]) -> None:
    """Let this stand of each thing; None: as if nothing was ever said."""
    keys = [dict(zip(_BOUND, (project, subject, *thing), strict=True)) for subject, thing in places]
    if keys:
        is_it = and_(*(qualifications.c[name] == bindparam(bound) for name, bound in zip(_KEY, _BOUND, strict=True)))
        connection.execute(delete(qualifications).where(is_it), keys)
    rows = [
        (project, subject, *thing, one.value, one.mention_id, one.act_id)
        for (subject, thing), one in places.items()
        if one is not None
    ]
    insert_rows(connection, qualifications, (*_KEY, "value", "mention_id", "act_id"), rows)


def shown_changes(connection: Connection, project: str, subjects: Collection[str]) -> list[MentionId]:
    """Return the shown mentions of these subjects, in the order of time."""
    found: dict[MentionId, None] = {}
    is_shown = (mentions.c.project_id == project) & mentions.c.is_shown
    for key in (mentions.c.id, mentions.c.fold_id):
        query = select(mentions.c.id).where(is_shown & among(connection, key, subjects)).order_by(mentions.c.ord)
        found |= dict.fromkeys(connection.execute(query).scalars())
    return list(found)


def follow_mentions(connection: Connection, subjects: Mapping[MentionId, str]) -> None:
    """Take what was said of mentions along to the subjects in which they stand now.

    Where somebody said the same thing there already, the weightier stays.
    """
    said_of = among(connection, qualifications.c.mention_id, list(subjects))
    moved: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(_standing_rows().where(said_of)):
        if row.subject != subjects[row.mention_id]:
            moved[row.project_id].append(row)
    for project, coming in moved.items():
        _move(connection, project, coming, subjects)


def _move(connection: Connection, project: str, coming: Sequence[Row[Any]], subjects: Mapping[MentionId, str]) -> None:
    there = standing_of(connection, project, {subjects[row.mention_id] for row in coming})
    left: dict[Place, Standing | None] = {}
    for row in coming:
        thing = Thing(row.field, row.term)
        left[row.subject, thing] = None
        place = (subjects[row.mention_id], thing)
        arrived = Standing(row.value, row.mention_id, row.act_id, row.is_rule)
        there[place] = max(there.get(place, arrived), arrived, key=lambda one: one.weight)
        _move_journal(connection, row.subject, place, row.mention_id)
    let_stand(connection, project, left)
    let_stand(connection, project, there)


def _move_journal(connection: Connection, subject: str, place: Place, mention_id: MentionId) -> None:
    noted = qualification_journal.c
    is_it = (noted.subject == subject) & (noted.mention_id == mention_id)
    is_it &= (noted.field == place[1].field) & (noted.term == place[1].term)
    connection.execute(update(qualification_journal).where(is_it).values(subject=place[0]))


def _is_new(standing: Standing | None, value: str | None, *, is_rule: bool) -> bool:
    """Return whether this is said anew: a person may repeat what a rule said, no rule what a person did."""
    if standing is None:
        return value is not None
    if standing.is_rule == is_rule:
        return standing.value != value
    return standing.is_rule


def standing_of(connection: Connection, project: str, subjects: Collection[str]) -> dict[Place, Standing]:
    """Return what stands of these subjects, what was taken back included."""
    said = qualifications.c
    is_about = (said.project_id == project) & among(connection, said.subject, list(subjects))
    return {
        (row.subject, Thing(row.field, row.term)): Standing(row.value, row.mention_id, row.act_id, row.is_rule)
        for row in connection.execute(_standing_rows().where(is_about))
    }


def _standing_rows() -> Select[Any]:
    act = qualification_acts.c
    return select(qualifications, act.is_rule).join(qualification_acts, act.id == qualifications.c.act_id)
