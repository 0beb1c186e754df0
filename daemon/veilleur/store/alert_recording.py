"""What a rule found, added to the alerts that it belongs to: however much that is, each alert is written once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select, update

from veilleur.model.alert import MOST_EVIDENCE, AlertRule, Finding
from veilleur.store.alert_tables import alerts
from veilleur.store.instants import to_ms


class _Growing:
    """An alert as it grows: the values of its row, stored under `id` or not yet."""

    def __init__(self, values: dict[str, Any], alert_id: int | None = None) -> None:
        self.id = alert_id
        self.values = values
        self.evidence = dict.fromkeys(values["mention_ids"].split())
        self.is_changed = alert_id is None

    def gathers(self, now: datetime) -> bool:
        """Return whether what comes still belongs to it: nobody was told of it, nor is at once."""
        tell_at = self.values["tell_at"]
        return not self.values["told_count"] and tell_at is not None and tell_at > to_ms(now)

    def add(self, finding: Finding) -> None:
        self.values["match_count"] += finding.reason.count
        self.values["last_at"] = max(self.values["last_at"], to_ms(finding.at))
        self.evidence |= dict.fromkeys(finding.mention_ids)
        self.is_changed = True

    def row(self) -> dict[str, Any]:
        return {**self.values, "mention_ids": " ".join(list(self.evidence)[-MOST_EVIDENCE:])}


def record(
    connection: Connection, rule: AlertRule, findings: Sequence[Finding], *, first_at: datetime, now: datetime
) -> None:
    """Add findings, in order, to a rule's newest alert on their subject, or open one that is told at `first_at`."""
    newest: dict[str | None, _Growing | None] = {}
    touched: list[_Growing] = []
    for finding in findings:
        subject = finding.reason.subject
        if subject not in newest:
            newest[subject] = _newest(connection, rule, subject)
        before = newest[subject]
        if before is not None and (not finding.is_new or before.gathers(now)):
            if not before.is_changed:
                touched.append(before)
            before.add(finding)
        # What belongs to an alert that is not there (the rule was changed meanwhile) opens none.
        elif finding.is_new:
            newest[subject] = opened = _Growing(_opened(rule, finding, first_at, now))
            touched.append(opened)
    opened_rows = [one.row() for one in touched if one.id is None]
    if opened_rows:
        connection.execute(insert(alerts), opened_rows)
    for one in touched:
        if one.id is not None:
            connection.execute(update(alerts).where(alerts.c.id == one.id).values(one.row()))


def _opened(rule: AlertRule, finding: Finding, first_at: datetime, now: datetime) -> dict[str, Any]:
    return {
        "project_id": rule.project,
        "rule_id": rule.id,
        "severity": rule.draft.severity.value,
        "is_private": rule.may_read_private,
        "reason": msgspec.json.encode(finding.reason).decode(),
        "subject": finding.reason.subject,
        "match_count": finding.reason.count,
        "mention_ids": " ".join(finding.mention_ids),
        "opened_at": to_ms(now),
        "last_at": to_ms(finding.at),
        "tell_at": to_ms(first_at),
        "told_count": 0,
    }


def _newest(connection: Connection, rule: AlertRule, subject: str | None) -> _Growing | None:
    is_its = (alerts.c.rule_id == rule.id) & (
        alerts.c.subject.is_(None) if subject is None else alerts.c.subject == subject
    )
    row = connection.execute(select(alerts).where(is_its).order_by(alerts.c.id.desc()).limit(1)).first()
    if row is None:
        return None
    told = ("match_count", "mention_ids", "last_at", "tell_at", "told_count")
    return _Growing({name: row._mapping[name] for name in told}, row.id)  # noqa: SLF001 - SQLAlchemy's own way
