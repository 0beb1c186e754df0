"""Alerts as people read them, and as somebody takes one on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, update

from veilleur.model.alert import Alert, AlertId, AlertPage
from veilleur.model.scope import Scope
from veilleur.store.alert_rows import alert_of
from veilleur.store.alert_tables import alert_links, alert_rules, alerts
from veilleur.store.alerting import link_hash
from veilleur.store.database import Database
from veilleur.store.instants import to_ms
from veilleur.store.sealed_cursors import Feed, SealedCursors


def page_alerts(  # noqa: PLR0913 - which alerts, and from where on
    database: Database,
    scope: Scope,
    *,
    limit: int,
    cursor: str | None = None,
    is_open: bool | None = None,
    rule: str | None = None,
) -> AlertPage:
    """Return the project's alerts that this reader may see, the newest first; open ones nobody has taken on.

    Raises StaleCursor.
    """
    cursors = SealedCursors(database, Feed.ALERTS)
    query = _visible(scope).order_by(alerts.c.id.desc()).limit(limit + 1)
    if cursor is not None:
        query = query.where(alerts.c.id < cursors.open(cursor))
    if is_open is not None:
        query = query.where(alerts.c.acknowledged_at.is_(None) if is_open else alerts.c.acknowledged_at.is_not(None))
    if rule is not None:
        query = query.where(alert_rules.c.name == rule)
    with database.reading() as connection:
        rows = connection.execute(query).all()
    shown = rows[:limit]
    return AlertPage(tuple(map(alert_of, shown)), cursors.seal(shown[-1].id) if len(rows) > limit else None)


def get_alert(database: Database, scope: Scope, alert_id: AlertId) -> Alert | None:
    """Return one alert, where this reader may see it."""
    with database.reading() as connection:
        row = connection.execute(_visible(scope).where(alerts.c.id == alert_id)).first()
    return None if row is None else alert_of(row)


def acknowledge(database: Database, scope: Scope, alert_id: AlertId, *, by: str, now: datetime) -> bool:
    """Take an alert on: nobody further is told. Who was first stays; False where there is no such alert."""
    if get_alert(database, scope, alert_id) is None:
        return False
    _take_on(database, alert_id, by, now)
    return True


def linked_alert(database: Database, secret: str) -> tuple[Alert, str] | None:
    """Return the alert that a link's secret stands for, and the receiver that was given it."""
    query = _selected().add_columns(alert_links.c.receiver)
    query = query.join(alert_links, alert_links.c.alert_id == alerts.c.id)
    with database.reading() as connection:
        row = connection.execute(query.where(alert_links.c.secret_hash == link_hash(secret))).first()
    return None if row is None else (alert_of(row), row.receiver)


def acknowledge_by_link(database: Database, secret: str, *, now: datetime) -> tuple[Alert, str] | None:
    """Take on the alert that a link's secret stands for, in the name of its receiver; None for an unknown one."""
    found = linked_alert(database, secret)
    if found is None:
        return None
    alert, receiver = found
    _take_on(database, alert.id, receiver, now)
    return linked_alert(database, secret)


def _take_on(database: Database, alert_id: AlertId, by: str, now: datetime) -> None:
    is_open = (alerts.c.id == alert_id) & alerts.c.acknowledged_at.is_(None)
    values = {"acknowledged_by": by, "acknowledged_at": to_ms(now), "tell_at": None}
    with database.writing() as connection:
        connection.execute(update(alerts).where(is_open).values(values))


def _selected() -> Select[Any]:
    named = select(*alerts.columns, alert_rules.c.name.label("rule_name"))
    return named.join(alert_rules, alert_rules.c.id == alerts.c.rule_id)


def _visible(scope: Scope) -> Select[Any]:
    query = _selected().where(alerts.c.project_id == scope.project)
    return query if scope.may_read_private else query.where(alerts.c.is_private.is_(False))
