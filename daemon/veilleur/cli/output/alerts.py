"""How alerts and alert rules are listed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Any, Final

from rich.table import Table

from veilleur.cli.output.listing import Listing
from veilleur.cli.output.tables import bare_table, cell
from veilleur.cli.zones import shown_minute
from veilleur.model.alert import Alert, AlertRule
from veilleur.model.wire import alert_fields, alert_rule_fields

_ALERT_COLUMNS: Final = (
    *("id", "rule", "severity", "title", "match_count", "opened_at", "told_at", "acknowledged_by", "acknowledged_at"),
)
_RULE_COLUMNS: Final = ("name", "trigger", "watch", "severity", "receivers", "made_by", "created_at", "archived_at")


def _alert_table(alerts: Sequence[Alert], zone: tzinfo, _width: int) -> Table:
    table = bare_table()
    for header in ("No.", "When", "What", "Severity", "Taken on by"):
        table.add_column(header, overflow="fold")
    for one in alerts:
        shown = (str(one.id), shown_minute(one.opened_at, zone), one.title, one.severity.value, one.acknowledged_by)
        table.add_row(*map(cell, shown))
    return table


def _rule_table(rules: Sequence[AlertRule], _zone: tzinfo, _width: int) -> Table:
    table = bare_table()
    for header in ("Name", "Waits for", "Watch", "Severity", "Tells"):
        table.add_column(header, overflow="fold")
    for one in rules:
        draft = one.draft
        told = ", ".join(draft.receivers) or "every receiver"
        waits = "rests" if one.archived_at else draft.trigger.value
        table.add_row(*map(cell, (one.name, waits, draft.watch, draft.severity.value, told)))
    return table


def _flat_rule(rule: AlertRule) -> dict[str, Any]:
    draft = rule.draft
    shown = {"trigger": draft.trigger, "watch": draft.watch, "severity": draft.severity}
    return alert_rule_fields(rule) | shown | {"receivers": ", ".join(draft.receivers)}


ALERTS: Final = Listing("alerts", alert_fields, _ALERT_COLUMNS, _alert_table)
ALERT_RULES: Final = Listing("rules", alert_rule_fields, _RULE_COLUMNS, _rule_table, flat=_flat_rule)
