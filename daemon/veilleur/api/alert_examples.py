"""What the operations on alert rules and alerts answer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from veilleur.api.writing import page_fields
from veilleur.model.alert import (
    Alert,
    AlertId,
    AlertRule,
    AlertRuleDraft,
    AlertRuleId,
    AlertRuleVersion,
    AlertTrigger,
    Reason,
)
from veilleur.model.coverage import Completeness
from veilleur.model.identity import MentionId
from veilleur.model.scope import DEFAULT_PROJECT
from veilleur.model.wire import alert_fields, alert_rule_fields, alert_rule_version_fields

_MADE_AT: Final = datetime(2026, 11, 14, 9, 30, tzinfo=UTC)
_TOLD_AT: Final = datetime(2026, 11, 14, 18, 12, 40, tzinfo=UTC)
_NAME: Final = "plastique en nombre"
DRAFT: Final = AlertRuleDraft(
    trigger=AlertTrigger.COUNT, watch="plastique", at_least=5, window_minutes=60, cool_down_minutes=60
)


def alert_examples(mention: dict[str, Any]) -> dict[str, Any]:
    """Return the answer of each operation, by operation id; `mention` is one of the sample's."""
    rule, alert = alert_rule_fields(_rule()), alert_fields(_alert(mention["id"]))
    return {
        "list_alert_rules": {"rules": [rule]},
        "read_alert_rule": rule,
        "write_alert_rule": rule,
        "remove_alert_rule": rule | {"archived_by": "dashboard", "archived_at": _TOLD_AT},
        "restore_alert_rule": rule,
        "read_alert_rule_history": {"versions": [alert_rule_version_fields(_version())]},
        "try_alert_rule": {"receivers": [{"receiver": "desk", "outcome": "delivered", "detail": None}]},
        "list_alerts": page_fields("alerts", [alert], None, Completeness()),
        "read_alert": {"alert": alert, "mentions": [mention]},
        "acknowledge_alert": alert | {"acknowledged_by": "lea", "acknowledged_at": _TOLD_AT, "tell_at": None},
    }


def alert_bodies() -> dict[str, Any]:
    """Return the body of each operation that takes one, by operation id."""
    given = ("trigger", "watch", "at_least", "window_minutes", "cool_down_minutes")
    draft = msgspec.to_builtins(DRAFT)
    return {"write_alert_rule": {name: draft[name] for name in given}}


def _rule() -> AlertRule:
    return AlertRule(
        id=AlertRuleId(1),
        name=_NAME,
        project=DEFAULT_PROJECT,
        draft=DRAFT,
        may_read_private=True,
        version=1,
        made_by="cli",
        created_at=_MADE_AT,
        changed_by="cli",
        changed_at=_MADE_AT,
        archived_by=None,
        archived_at=None,
    )


def _version() -> AlertRuleVersion:
    return AlertRuleVersion(version=1, name=_NAME, draft=DRAFT, changed_by="cli", changed_at=_MADE_AT)


def _alert(mention_id: str) -> Alert:
    reason = Reason(trigger=AlertTrigger.COUNT, watch="plastique", count=5, window_s=3_600)
    return Alert(
        id=AlertId(1),
        rule=_NAME,
        project=DEFAULT_PROJECT,
        severity=DRAFT.severity,
        title="plastique: 5 in 60 min",
        reason=reason,
        match_count=5,
        mention_ids=(MentionId(mention_id),),
        opened_at=_TOLD_AT,
        last_at=_TOLD_AT,
        tell_at=None,
        told_count=1,
        told_at=_TOLD_AT,
        acknowledged_by=None,
        acknowledged_at=None,
    )
