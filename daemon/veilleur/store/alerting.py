"""Rules moved on, alerts opened and receivers told, all within the transaction of whoever moves them."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, Protocol

from msgspec import Struct
from sqlalchemy import Connection, Row, Select, bindparam, insert, select, update

from veilleur.model.alert import Alert, AlertRule, AlertRuleDraft, AlertRuleId, Digest, Finding
from veilleur.model.delivery import Notice, ReceiverId, Severity
from veilleur.model.identity import MentionId
from veilleur.model.mention import Mention
from veilleur.store.alert_recording import record
from veilleur.store.alert_rows import alert_of
from veilleur.store.alert_rules import active_among
from veilleur.store.alert_tables import alert_links, alert_rules, alert_states, alerts
from veilleur.store.among import among
from veilleur.store.database import Database
from veilleur.store.deliveries import queue
from veilleur.store.delivery_tables import receivers
from veilleur.store.instants import to_ms
from veilleur.store.qualified import mentions_of
from veilleur.store.tables import mentions

_SECRET_BYTES: Final = 16
_MOST_TOLD_AT_ONCE: Final = 200

Advance = Callable[[AlertRule, str | None], tuple[str, Sequence[Finding]]]
"""What moves a rule on: from how it stood (None: it begins) to how it stands, with what it found on the way."""


class ReceiverLink(Struct, frozen=True):
    """The secret of the link by which one receiver takes an alert on."""

    receiver_id: ReceiverId
    secret: str


class ToldAlert(Struct, frozen=True):
    """An alert as one receiver is to be told of it, with the mentions that may be shown."""

    rule: AlertRule
    alert: Alert
    mentions: Sequence[Mention]
    link: ReceiverLink

    @property
    def is_gathered(self) -> bool:
        """Whether it waited to be told with others; what is urgent did not, and neither does the next of a list."""
        draft = self.rule.draft
        return draft.digest is not Digest.NONE and draft.severity is not Severity.URGENT and not self.alert.told_count


class Telling(Protocol):
    """When people are told of alerts, and in which words."""

    def first_at(self, draft: AlertRuleDraft, opened_at: datetime) -> datetime: ...

    def next_at(self, draft: AlertRuleDraft, told_at: datetime, told_count: int) -> datetime | None: ...

    def names(self, draft: AlertRuleDraft, told_count: int) -> tuple[str, ...]:
        """Return who is told; nobody means every receiver of the project."""

    def notice(self, told: ToldAlert, *, now: datetime) -> Notice: ...

    def digest(self, told: Sequence[ToldAlert], *, now: datetime) -> Notice:
        """Return the one message to a receiver of what waited for the same hour."""
        ...


class Move(Struct, frozen=True):
    """Which rules are to be moved on, and how."""

    rule_ids: frozenset[AlertRuleId]
    advance: Advance


def write_move(connection: Connection, move: Move, *, telling: Telling, clock: Callable[[], datetime]) -> None:
    """Move rules on with the transaction of a consumer of changes."""
    advance_rules(connection, move.rule_ids, move.advance, telling, now=clock())


def advance_rules(
    connection: Connection,
    rule_ids: Collection[AlertRuleId],
    advance: Advance,
    telling: Telling,
    *,
    now: datetime,
) -> None:
    """Move rules on, keep how they stand and what they found, and queue what is due by now.

    Rules are locked to the commit: of two processes that move one, the later sees where the earlier left it.
    """
    rules = active_among(connection, rule_ids, is_locked=True)
    kept, moved = _kept_states(connection, rules), list[tuple[AlertRule, str]]()
    for rule in rules:
        row = kept.get(rule.id)
        before = row.state if row is not None and row.version == rule.version else None
        state, findings = advance(rule, before)
        if state != before:
            moved.append((rule, state))
        record(connection, rule, findings, first_at=telling.first_at(rule.draft, now), now=now)
    _keep_states(connection, moved, kept)
    tell_due(connection, telling, now=now)


def rule_states(database: Database) -> dict[AlertRuleId, str]:
    """Return how rules stand, each as its newest version."""
    is_newest = (alert_rules.c.id == alert_states.c.rule_id) & (alert_rules.c.version == alert_states.c.version)
    with database.reading() as connection:
        rows = connection.execute(select(alert_states.c.rule_id, alert_states.c.state).join(alert_rules, is_newest))
        return {AlertRuleId(row.rule_id): row.state for row in rows}


def is_due(database: Database, *, now: datetime) -> bool:
    """Return whether somebody is to be told of an alert by now."""
    with database.reading() as connection:
        return (
            connection.execute(select(alerts.c.id).where(alerts.c.tell_at <= to_ms(now)).limit(1)).first() is not None
        )


def move_rules(database: Database, move: Move, telling: Telling, *, now: datetime) -> None:
    """Move rules on in a transaction of their own."""
    with database.writing() as connection:
        advance_rules(connection, move.rule_ids, move.advance, telling, now=now)


def tell_due(connection: Connection, telling: Telling, *, now: datetime) -> None:
    """Queue notices of the alerts whose time has come, and say when the next on their list are told.

    What waited for the same hour is one message to each receiver, of however many rules.
    """
    due = (
        select(alerts.c.id, alerts.c.rule_id)
        .where(alerts.c.tell_at <= to_ms(now))
        .order_by(alerts.c.id)
        .limit(_MOST_TOLD_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    found = connection.execute(due).all()
    rules = {rule.id: rule for rule in active_among(connection, {row.rule_id for row in found})} if found else {}
    notices: list[Notice] = []
    gathered: dict[ReceiverId, list[ToldAlert]] = {}
    for row in found:
        rule = rules.get(row.rule_id)
        values: dict[str, object] = {"tell_at": None}
        if rule is not None:
            alert = _alert(connection, row.id)
            told = _whom_to_tell(connection, rule, alert, telling)
            for one in told:
                if one.is_gathered:
                    gathered.setdefault(one.link.receiver_id, []).append(one)
                else:
                    notices.append(telling.notice(one, now=now))
            if told:
                next_at = telling.next_at(rule.draft, now, alert.told_count + 1)
                next_ms = None if next_at is None else to_ms(next_at)
                values = {"tell_at": next_ms, "told_count": alert.told_count + 1, "told_at": to_ms(now)}
        connection.execute(update(alerts).where(alerts.c.id == row.id).values(values))
    queue(connection, [*notices, *(telling.digest(told, now=now) for told in gathered.values())])


def _whom_to_tell(connection: Connection, rule: AlertRule, alert: Alert, telling: Telling) -> list[ToldAlert]:
    """Return whose turn it is, or everybody where those were removed, each with a link of its own."""
    there = _receivers(connection, rule.project, telling.names(rule.draft, alert.told_count))
    there = there or _receivers(connection, rule.project, ())
    shown = evidence(connection, alert.mention_ids) if there else ()
    told = []
    for row in there:
        secret = secrets.token_urlsafe(_SECRET_BYTES)
        link = {"secret_hash": link_hash(secret), "alert_id": alert.id, "receiver": row.name}
        connection.execute(insert(alert_links).values(link))
        told.append(ToldAlert(rule, alert, shown, ReceiverLink(ReceiverId(row.id), secret)))
    return told


def queue_trials(database: Database, rule: AlertRule, notice_of: Callable[[ReceiverId], Notice]) -> tuple[str, ...]:
    """Queue a notice to everybody whom a rule may tell, and return their names."""
    with database.writing() as connection:
        there = _receivers(connection, rule.project, rule.draft.receivers)
        queue(connection, [notice_of(ReceiverId(row.id)) for row in there])
    return tuple(row.name for row in there)


def unknown_receivers(database: Database, project: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return those of the names that no receiver of the project has."""
    with database.reading() as connection:
        there = {row.name for row in _receivers(connection, project, tuple(names))} if names else set()
    return tuple(name for name in names if name not in there)


def _receivers(connection: Connection, project: str, names: tuple[str, ...]) -> list[Row[Any]]:
    """Return the receivers of these names, or all of the project's where none is named."""
    query: Select[Any] = select(receivers.c.id, receivers.c.name)
    query = query.where(receivers.c.project_id == project, receivers.c.removed_at.is_(None)).order_by(receivers.c.id)
    return [row for row in connection.execute(query) if not names or row.name in names]


def link_hash(secret: str) -> str:
    """Return what is kept of a link's secret."""
    return sha256(secret.encode()).hexdigest()


def evidence(connection: Connection, mention_ids: Collection[MentionId]) -> tuple[Mention, ...]:
    """Return those of the mentions that are still there, the newest first, as they stand now."""
    query = select(mentions).where(among(connection, mentions.c.id, list(mention_ids)))
    return tuple(mentions_of(connection, connection.execute(query.order_by(mentions.c.ord.desc())).all()))


def read_evidence(database: Database, mention_ids: Collection[MentionId]) -> tuple[Mention, ...]:
    """Return those of the mentions that are still there, the newest first."""
    if not mention_ids:
        return ()
    with database.reading() as connection:
        return evidence(connection, mention_ids)


def _kept_states(connection: Connection, rules: Sequence[AlertRule]) -> dict[AlertRuleId, Row[Any]]:
    ids = [rule.id for rule in rules]
    rows = connection.execute(select(alert_states).where(alert_states.c.rule_id.in_(ids))) if ids else ()
    return {AlertRuleId(row.rule_id): row for row in rows}


def _keep_states(
    connection: Connection, moved: Sequence[tuple[AlertRule, str]], kept: Mapping[AlertRuleId, Row[Any]]
) -> None:
    rows = [{"rule_id": rule.id, "version": rule.version, "state": state} for rule, state in moved]
    begun = [row for row in rows if row["rule_id"] not in kept]
    went_on = [{f"of_{name}": value for name, value in row.items()} for row in rows if row["rule_id"] in kept]
    if begun:
        connection.execute(insert(alert_states), begun)
    if went_on:
        changing = update(alert_states).where(alert_states.c.rule_id == bindparam("of_rule_id"))
        connection.execute(changing.values(version=bindparam("of_version"), state=bindparam("of_state")), went_on)


def _alert(connection: Connection, alert_id: int) -> Alert:
    query: Select[Any] = select(*alerts.columns, alert_rules.c.name.label("rule_name"))
    query = query.join(alert_rules, alert_rules.c.id == alerts.c.rule_id).where(alerts.c.id == alert_id)
    return alert_of(connection.execute(query).one())
