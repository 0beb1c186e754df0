"""Alerts and alert rules from the database here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from veilleur.alerts.keeping import write_alert_rule
from veilleur.alerts.telling import try_out_notice
from veilleur.app.clock import utc_now
from veilleur.delivery.keeping import Outgoing, try_receivers
from veilleur.model.alert import (
    WHY_UNSAVED,
    Alert,
    AlertId,
    AlertPage,
    AlertRule,
    AlertRuleDraft,
    AlertRuleVersion,
    RuleSaved,
    RuleTrial,
)
from veilleur.model.desk import LOCAL_NAME
from veilleur.model.errors import AlertRuleError
from veilleur.model.scope import Scope
from veilleur.store import alert_rules as stored
from veilleur.store.alerts import acknowledge, get_alert, page_alerts
from veilleur.store.database import Database


class LocalAlerts:
    """Answers `AlertDesk`."""

    def __init__(self, database: Database, scope: Scope) -> None:
        self._database = database
        self._scope = scope

    def page(self, *, limit: int, is_open: bool | None = None, rule: str | None = None) -> AlertPage:
        return page_alerts(self._database, self._scope, limit=limit, is_open=is_open, rule=rule)

    def acknowledge(self, alert_id: int) -> Alert | None:
        acknowledge(self._database, self._scope, AlertId(alert_id), by=LOCAL_NAME, now=utc_now())
        return get_alert(self._database, self._scope, AlertId(alert_id))


class LocalAlertRules:
    """Answers `AlertRuleDesk`."""

    def __init__(self, database: Database, scope: Scope, outgoing: Callable[[], Outgoing]) -> None:
        self._database = database
        self._scope = scope
        self._outgoing = outgoing

    def every(self, *, with_archived: bool = False) -> Sequence[AlertRule]:
        return stored.list_alert_rules(self._database, self._scope, with_archived=with_archived)

    def find(self, name: str) -> AlertRule | None:
        return stored.get_alert_rule(self._database, self._scope, name)

    def save(self, name: str, draft: AlertRuleDraft, *, new_name: str | None = None) -> None:
        saved = write_alert_rule(
            self._database, self._scope, name, draft, by=LOCAL_NAME, now=utc_now(), new_name=new_name
        )
        if saved is not RuleSaved.SAVED:
            raise AlertRuleError(WHY_UNSAVED[saved])

    def history(self, name: str) -> Sequence[AlertRuleVersion]:
        return stored.alert_rule_history(self._database, self._scope, name)

    def archive(self, name: str) -> bool:
        stored.archive_alert_rule(self._database, self._scope, name, by=LOCAL_NAME, now=utc_now())
        return self.find(name) is not None

    def restore(self, name: str) -> bool:
        stored.restore_alert_rule(self._database, self._scope, name)
        return self.find(name) is not None

    def try_out(self, name: str) -> Sequence[RuleTrial] | None:
        rule = self.find(name)
        if rule is None:
            return None
        notice = partial(try_out_notice, rule, now=utc_now())
        return try_receivers(self._database, self._scope, self._outgoing(), rule.draft.receivers, notice)
