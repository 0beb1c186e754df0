"""Alert rules and what they were before: people's decisions, never rebuilt, and archived instead of deleted."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec.structs import replace
from sqlalchemy import ColumnElement, Connection, Row, Select, exists, func, select, true, update

from veilleur.model.alarms import AlarmCode, AlarmKey
from veilleur.model.alert import (
    AlertRule,
    AlertRuleDraft,
    AlertRuleId,
    AlertRuleVersion,
    AlertTrigger,
    RuleSaved,
)
from veilleur.model.scope import Scope
from veilleur.store.alarms import rules_subject
from veilleur.store.alert_tables import alert_rule_versions, alert_rules
from veilleur.store.database import Database
from veilleur.store.delivery_tables import receivers
from veilleur.store.instants import from_ms, to_ms
from veilleur.store.tables import projects
from veilleur.store.watch_tables import watches

# Made here, once: two threads that ask msgspec 0.22 for one type at the same time end the process (SIGSEGV).
_DRAFTS: Final = msgspec.json.Decoder(AlertRuleDraft)

BUILT_IN: Final = "apps gone silent"
"""The name of the rule that every project begins with."""
_MADE_BY: Final = "veilleur"
_UNHEARD: Final = "%d alert rules tell nobody: make a receiver, by `veilleur receiver add` or on the page of receivers"
_VERSIONED: Final = (alert_rule_versions.c.draft, alert_rule_versions.c.changed_by, alert_rule_versions.c.changed_at)


def list_alert_rules(database: Database, scope: Scope, *, with_archived: bool = False) -> tuple[AlertRule, ...]:
    """Return the project's rules by name, of which this reader may know: a rule's words may name people."""
    query = _today().where(_open_to(scope)).order_by(alert_rules.c.name)
    if not with_archived:
        query = query.where(alert_rules.c.archived_at.is_(None))
    with database.reading() as connection:
        return tuple(map(_rule, connection.execute(query)))


def get_alert_rule(database: Database, scope: Scope, name: str) -> AlertRule | None:
    """Return the rule of this name, archived or not, where this reader may know of it."""
    query = _today().where(_open_to(scope), alert_rules.c.name == name)
    with database.reading() as connection:
        return next(map(_rule, connection.execute(query)), None)


def active_rules(database: Database) -> tuple[AlertRule, ...]:
    """Return every project's rules that are not archived, nor on an archived watch."""
    with database.reading() as connection:
        return active_among(connection)


def active_among(
    connection: Connection, rule_ids: Collection[AlertRuleId] | None = None, *, is_locked: bool = False
) -> tuple[AlertRule, ...]:
    """Return active rules by id, all or those named; locked to the commit, two that move one wait for each other."""
    query = _today().where(alert_rules.c.archived_at.is_(None), watches.c.archived_at.is_(None))
    query = query.order_by(alert_rules.c.id)
    if rule_ids is not None:
        query = query.where(alert_rules.c.id.in_(rule_ids))
    if is_locked:
        query = query.with_for_update(of=alert_rules)
    return tuple(map(_rule, connection.execute(query)))


def save_rule(  # noqa: PLR0913 - what is written, where, by whom and when
    database: Database,
    scope: Scope,
    name: str,
    draft: AlertRuleDraft,
    *,
    by: str,
    now: datetime,
    new_name: str | None = None,
) -> RuleSaved:
    """Make a rule that sees what its maker sees, or a new version of it, perhaps under another name."""
    wanted = new_name or name
    with database.writing() as connection:
        known = _named(connection, scope, name)
        if known is not None and known.may_read_private and not scope.may_read_private:
            return RuleSaved.NAME_TAKEN
        if known is not None and known.archived_at is not None:
            return RuleSaved.ARCHIVED
        sees_private = scope.may_read_private if known is None else bool(known.may_read_private)
        watch_id = None
        if draft.watch is not None:
            watch_id = _watch_id(connection, Scope(scope.project, may_read_private=sees_private), draft.watch)
            if watch_id is None:
                return RuleSaved.NO_WATCH
        if (known is None or wanted != name) and _named(connection, scope, wanted) is not None:
            return RuleSaved.NAME_TAKEN
        if known is None:
            rule_id, version = _insert(connection, scope, wanted, watch_id, by, now), 1
        else:
            rule_id, version = known.id, known.version + 1
            changed = update(alert_rules).where(alert_rules.c.id == rule_id)
            connection.execute(changed.values(name=wanted, version=version, watch_id=watch_id))
        _write_version(connection, rule_id, version, wanted, draft, by, now)
    return RuleSaved.SAVED


def archive_alert_rule(database: Database, scope: Scope, name: str, *, by: str, now: datetime) -> bool:
    """Let a rule rest; False where none of this name is active."""
    return _mark(database, scope, name, is_archived=False, archived_by=by, archived_at=to_ms(now))


def restore_alert_rule(database: Database, scope: Scope, name: str) -> bool:
    """Let an archived rule go on; False where none of this name is archived."""
    return _mark(database, scope, name, is_archived=True, archived_by=None, archived_at=None)


def alert_rule_history(database: Database, scope: Scope, name: str) -> tuple[AlertRuleVersion, ...]:
    """Return what a rule was, the newest version first."""
    query = (
        select(alert_rule_versions)
        .join(alert_rules, alert_rules.c.id == alert_rule_versions.c.rule_id)
        .where(_open_to(scope), alert_rules.c.name == name)
    )
    with database.reading() as connection:
        rows = connection.execute(query.order_by(alert_rule_versions.c.version.desc())).all()
    return tuple(
        AlertRuleVersion(
            version=row.version,
            name=row.name,
            draft=_DRAFTS.decode(row.draft),
            changed_by=row.changed_by,
            changed_at=from_ms(row.changed_at),
        )
        for row in rows
    )


def add_built_in_rules(database: Database, *, now: datetime, zone: str = "UTC", language: str = "en") -> None:
    """Give each project that never had a rule on silent apps one; whoever does not want it archives it.

    It tells in `language`, and by the clock of `zone`, until somebody changes that.
    """
    has_one = select(alert_rules.c.project_id).where(alert_rules.c.made_by == _MADE_BY)
    lacking = select(projects.c.id).where(projects.c.id.not_in(has_one))
    with database.reading() as connection:
        if not connection.execute(lacking).first():
            return
    draft = AlertRuleDraft(trigger=AlertTrigger.APP_SILENT, zone=zone, language=language)
    with database.writing() as connection:
        for project in connection.execute(lacking).scalars().all():
            scope = Scope(project)
            if _named(connection, scope, BUILT_IN) is None:
                rule_id = _insert(connection, scope, BUILT_IN, None, _MADE_BY, now)
                _write_version(connection, rule_id, 1, BUILT_IN, draft, _MADE_BY, now)


def unheard_rules(database: Database) -> dict[AlarmKey, str]:
    """Return the alarm of each project whose people made rules, and that has no receiver to tell."""
    of_project = receivers.c.project_id == alert_rules.c.project_id
    has_receiver = exists().where(of_project, receivers.c.removed_at.is_(None))
    is_theirs = alert_rules.c.archived_at.is_(None) & (alert_rules.c.made_by != _MADE_BY)
    query = select(alert_rules.c.project_id, func.count().label("count")).where(is_theirs, ~has_receiver)
    with database.reading() as connection:
        rows = connection.execute(query.group_by(alert_rules.c.project_id)).all()
    return {AlarmKey(AlarmCode.NO_RECEIVER, rules_subject(row.project_id)): _UNHEARD % row.count for row in rows}


def _today() -> Select[Any]:
    is_newest = (alert_rule_versions.c.rule_id == alert_rules.c.id) & (
        alert_rule_versions.c.version == alert_rules.c.version
    )
    return (
        select(*alert_rules.columns, *_VERSIONED, watches.c.name.label("watch_name"))
        .join(alert_rule_versions, is_newest)
        .outerjoin(watches, watches.c.id == alert_rules.c.watch_id)
    )


def _open_to(scope: Scope) -> ColumnElement[bool]:
    of_project = alert_rules.c.project_id == scope.project
    return of_project & (true() if scope.may_read_private else alert_rules.c.may_read_private.is_(False))


def _named(connection: Connection, scope: Scope, name: str) -> Row[Any] | None:
    is_it = (alert_rules.c.project_id == scope.project) & (alert_rules.c.name == name)
    return connection.execute(select(alert_rules).where(is_it).with_for_update()).first()


def _watch_id(connection: Connection, scope: Scope, name: str) -> int | None:
    """Return the active watch of this name; one that is hidden from who makes the rule is not there for it."""
    is_it = (watches.c.project_id == scope.project) & (watches.c.name == name) & watches.c.archived_at.is_(None)
    is_open = true() if scope.may_read_private else watches.c.may_read_private.is_(False)
    return connection.execute(select(watches.c.id).where(is_it, is_open)).scalar()


def _insert(  # noqa: PLR0913, PLR0917 - a row's values
    connection: Connection, scope: Scope, name: str, watch_id: int | None, by: str, now: datetime
) -> int:
    values = {
        "project_id": scope.project,
        "name": name,
        "watch_id": watch_id,
        "may_read_private": scope.may_read_private,
        "version": 1,
        "made_by": by,
        "created_at": to_ms(now),
    }
    return int(connection.execute(alert_rules.insert().values(values).returning(alert_rules.c.id)).scalar_one())


def _write_version(  # noqa: PLR0913, PLR0917 - a row's values
    connection: Connection, rule_id: int, version: int, name: str, draft: AlertRuleDraft, by: str, now: datetime
) -> None:
    values = {
        "rule_id": rule_id,
        "version": version,
        "name": name,
        "draft": msgspec.json.encode(draft).decode(),
        "changed_by": by,
        "changed_at": to_ms(now),
    }
    connection.execute(alert_rule_versions.insert().values(values))


def _mark(database: Database, scope: Scope, name: str, *, is_archived: bool, **values: object) -> bool:
    is_so = alert_rules.c.archived_at.is_not(None) if is_archived else alert_rules.c.archived_at.is_(None)
    is_it = _open_to(scope) & (alert_rules.c.name == name) & is_so
    with database.writing() as connection:
        return connection.execute(update(alert_rules).where(is_it).values(values)).rowcount == 1


def _rule(row: Row[Any]) -> AlertRule:
    draft = _DRAFTS.decode(row.draft)
    return AlertRule(
        id=AlertRuleId(row.id),
        name=row.name,
        project=row.project_id,
        draft=replace(draft, watch=row.watch_name),
        may_read_private=row.may_read_private,
        version=row.version,
        made_by=row.made_by,
        created_at=from_ms(row.created_at),
        changed_by=row.changed_by,
        changed_at=from_ms(row.changed_at),
        archived_by=row.archived_by,
        archived_at=from_ms(row.archived_at),
    )
