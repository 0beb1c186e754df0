"""Rules that qualify: kept by name, and applied to the past by their query."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Row, delete, func, select

from veilleur.model.errors import QualificationError
from veilleur.model.qualification import QualificationAct, QualificationChange, Qualifier, checked_change
from veilleur.model.rules import LONGEST_RULE_NAME, MOST_RULES, QualificationRule
from veilleur.model.scope import Scope
from veilleur.query.rule_queries import read_rule_query
from veilleur.store.database import Database
from veilleur.store.instants import from_ms, to_ms
from veilleur.store.mentions import total_mentions
from veilleur.store.qualification_tables import qualification_rules
from veilleur.store.qualifying import Deed, qualify, query_ids
from veilleur.wording import refusals

_CHANGES: Final = msgspec.json.Decoder(QualificationChange)

_LINE = "\n"


def add_rule(database: Database, scope: Scope, rule: QualificationRule) -> bool:
    """Keep a rule, which sees what its maker sees; False where one has its name.

    Raises QualificationError and QueryError.
    """
    read_rule_query(rule.query, rule.words, now=rule.created_at)
    change = checked_change(rule.change)
    if change.is_treated is not None or change.note is not None or change.clear or change.remove_tags:
        raise QualificationError(refusals.RULE_SAYS)
    if not 0 < len(rule.name.strip()) <= LONGEST_RULE_NAME or "/" in rule.name:
        raise QualificationError(refusals.RULE_NAME, most=LONGEST_RULE_NAME)
    values = {
        "project_id": scope.project,
        "name": rule.name,
        "query": rule.query,
        "words": _LINE.join(rule.words) or None,
        "change": msgspec.json.encode(change).decode(),
        "may_read_private": scope.may_read_private,
        "created_by": rule.created_by,
        "created_at": to_ms(rule.created_at),
    }
    with database.writing() as connection:
        names = select(qualification_rules.c.name).where(qualification_rules.c.project_id == scope.project)
        taken = set(connection.execute(names).scalars())
        if len(taken) >= MOST_RULES:
            raise QualificationError(refusals.MANY_SAYING_RULES, most=MOST_RULES)
        if rule.name not in taken:
            connection.execute(qualification_rules.insert().values(values))
        return rule.name not in taken


def list_rules(database: Database, scope: Scope) -> tuple[QualificationRule, ...]:
    """Return the rules of which this reader may know, the oldest first.

    One who may not read private mentions is told only of rules of such: others' queries may name people and groups.
    """
    with database.reading() as connection:
        query = select(qualification_rules).where(_open_to(scope)).order_by(qualification_rules.c.id)
        return tuple(map(_rule, connection.execute(query)))


def every_rule(database: Database) -> tuple[QualificationRule, ...]:
    """Return the rules of all projects, the oldest first: for what applies them."""
    with database.reading() as connection:
        return tuple(map(_rule, connection.execute(select(qualification_rules).order_by(qualification_rules.c.id))))


def has_rules(database: Database) -> bool:
    """Whether there is any rule."""
    with database.reading() as connection:
        return bool(connection.execute(select(func.count()).select_from(qualification_rules)).scalar_one())


def find_rule(database: Database, scope: Scope, name: str) -> QualificationRule | None:
    """Return the rule of this name, where this reader may know of it."""
    return next((rule for rule in list_rules(database, scope) if rule.name == name), None)


def remove_rule(database: Database, scope: Scope, name: str) -> bool:
    """Take a rule out; what it said stays, and can be undone."""
    with database.writing() as connection:
        is_it = _open_to(scope) & (qualification_rules.c.name == name)
        return connection.execute(delete(qualification_rules).where(is_it)).rowcount == 1


def count_for_rule(database: Database, scope: Scope, rule: QualificationRule, *, now: datetime) -> int:
    """Return how many mentions of the past a rule would speak of."""
    return total_mentions(database, rule_scope(scope, rule), read_rule_query(rule.query, rule.words, now=now))


def apply_rule(database: Database, scope: Scope, rule: QualificationRule, *, now: datetime) -> QualificationAct | None:
    """Let a rule speak of the past; None where nothing changed. Raises QualificationError beyond MOST_QUALIFIED."""
    seen = rule_scope(scope, rule)
    ids = query_ids(database, seen, read_rule_query(rule.query, rule.words, now=now))
    deed = Deed(by=Qualifier(rule.name, is_rule=True), change=rule.change, at=now, query_text=rule.query or None)
    return qualify(database, seen, ids, deed)


def rule_scope(scope: Scope, rule: QualificationRule) -> Scope:
    """Return what a rule sees where this reader applies it: no more than either."""
    return Scope(rule.project, may_read_private=rule.may_read_private and scope.may_read_private)


def _open_to(scope: Scope) -> ColumnElement[bool]:
    of_project = qualification_rules.c.project_id == scope.project
    return of_project if scope.may_read_private else of_project & qualification_rules.c.may_read_private.is_(False)


def _rule(row: Row[Any]) -> QualificationRule:
    return QualificationRule(
        name=row.name,
        project=row.project_id,
        query=row.query,
        words=tuple(row.words.split(_LINE)) if row.words else (),
        change=_CHANGES.decode(row.change),
        may_read_private=row.may_read_private,
        created_by=row.created_by,
        created_at=from_ms(row.created_at),
    )
