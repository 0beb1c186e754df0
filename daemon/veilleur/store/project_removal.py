"""Removes a project that holds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, Table, delete, func, select, true

from veilleur.model.errors import ProjectRefused
from veilleur.model.scope import DEFAULT_PROJECT
from veilleur.store.alert_rules import BUILT_IN
from veilleur.store.alert_tables import alert_rule_versions, alert_rules, alert_states
from veilleur.store.database import Database
from veilleur.store.people_tables import invitations, memberships, web_sessions
from veilleur.store.report_tables import report_logos
from veilleur.store.schema import metadata
from veilleur.store.tables import projects, tokens
from veilleur.store.tally_tables import kind_tallies, parse_rates, tallies
from veilleur.wording import refusals

_OF_PROJECT: Final = "project_id"
_GOES: Final = (
    web_sessions,
    invitations,
    memberships,
    tokens,
    kind_tallies,
    tallies,
    parse_rates,
    alert_rules,
    report_logos,
)
"""What goes with an empty project: who belonged to it, revoked tokens, its built-in rule, its logo, and counts."""

_WORDS: Final = {memberships: refusals.LONE_PEOPLE, tokens: refusals.VALID_TOKENS}


def remove_project(database: Database, project_id: str) -> bool:
    """Remove a project that nothing was captured, kept or made in; False where there is none of this id.

    Raises ProjectRefused for one that holds something, which the message names, and for the first of all.
    """
    if project_id == DEFAULT_PROJECT:
        raise ProjectRefused(refusals.FIRST_STAYS)
    with database.writing() as connection:
        if connection.execute(select(projects.c.id).where(projects.c.id == project_id)).first() is None:
            return False
        if held := tuple(_held(connection, project_id)):
            raise ProjectRefused(refusals.PROJECT_HOLDS, held=held)
        _remove(connection, project_id)
    return True


def _held(connection: Connection, project_id: str) -> Iterator[str]:
    """Yield what a project holds, in words."""
    alone = select(memberships.c.person_id).group_by(memberships.c.person_id).having(func.count() == 1)
    needed = {
        tokens: tokens.c.revoked_at.is_(None),
        memberships: memberships.c.person_id.in_(alone),
        alert_rules: alert_rules.c.name != BUILT_IN,
    }
    for table in _owned():
        if table not in _GOES or table in needed:
            held = select(true()).where(table.c[_OF_PROJECT] == project_id, needed.get(table, true())).limit(1)
            if connection.execute(held).first() is not None:
                yield _WORDS.get(table, table.name.replace("_", " "))


def _remove(connection: Connection, project_id: str) -> None:
    built_in = select(alert_rules.c.id).where(alert_rules.c.project_id == project_id)
    for child in (alert_states, alert_rule_versions):
        connection.execute(delete(child).where(child.c.rule_id.in_(built_in)))
    for table in _GOES:
        connection.execute(delete(table).where(table.c[_OF_PROJECT] == project_id))
    connection.execute(delete(projects).where(projects.c.id == project_id))


def _owned() -> Iterator[Table]:
    return (table for table in metadata.sorted_tables if _OF_PROJECT in table.c)
