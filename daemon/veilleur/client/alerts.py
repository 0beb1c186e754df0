"""Alerts and alert rules of a server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from veilleur.client.errors import Conflict
from veilleur.client.paging import every_page
from veilleur.client.refusals import wrong_as
from veilleur.client.transport import Transport, segment
from veilleur.model.alert import Alert, AlertPage, AlertRule, AlertRuleDraft, AlertRuleVersion, RuleTrial
from veilleur.model.errors import AlertRuleError
from veilleur.model.mention import Mention


class AlertWithMentions(Struct, frozen=True):
    """An alert, and those of its mentions that are still there, the newest first."""

    alert: Alert
    mentions: tuple[Mention, ...]


class _Rules(Struct, frozen=True):
    rules: tuple[AlertRule, ...]


class _Versions(Struct, frozen=True):
    versions: tuple[AlertRuleVersion, ...]


class _Trials(Struct, frozen=True):
    receivers: tuple[RuleTrial, ...]


class Alerts:
    """Operations on alerts; whoever takes one on needs a token with `write:cases`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def page(
        self, *, limit: int, is_open: bool | None = None, rule: str | None = None, cursor: str | None = None
    ) -> AlertPage:
        """Return alerts, the newest first; `is_open`: those that nobody has taken on, or only the others."""
        asked: Mapping[str, Any] = {"open": is_open, "rule": rule, "limit": limit, "cursor": cursor}
        return self._transport.read("/alerts", AlertPage, **asked)

    def every(self, *, is_open: bool | None = None, rule: str | None = None) -> Iterator[Alert]:
        """Yield every alert, the newest first."""

        def ask(rows: int, after: str | None) -> AlertPage:
            return self.page(limit=rows, is_open=is_open, rule=rule, cursor=after)

        for page in every_page(ask):
            yield from page.alerts

    def find(self, alert_id: int) -> AlertWithMentions | None:
        """Return one alert with its newest mentions."""
        return self._transport.find(f"/alerts/{alert_id}", AlertWithMentions)

    def acknowledge(self, alert_id: int) -> Alert | None:
        """Say "I'm on it", so that nobody further is told; return it as it stands then. Who was first stays."""
        return self._transport.change("POST", f"/alerts/{alert_id}/acknowledge", Alert)


class AlertRules:
    """Operations on alert rules; what changes them needs a token with `write:cases`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def every(self, *, with_archived: bool = False) -> Sequence[AlertRule]:
        """Return the project's rules by name."""
        return self._transport.read("/alert-rules", _Rules, archived=with_archived).rules

    def find(self, name: str) -> AlertRule | None:
        """Return the rule of this name, archived or not."""
        return self._transport.find(_path(name), AlertRule)

    def save(self, name: str, draft: AlertRuleDraft, *, new_name: str | None = None) -> None:
        """Make a rule or a new version of it; raises AlertRuleError where it could not do what it says."""
        fields: dict[str, Any] = msgspec.to_builtins(draft)
        try:
            with wrong_as(AlertRuleError):
                self._transport.write("PUT", _path(name), AlertRule, fields | {"name": new_name})
        except Conflict as error:
            raise AlertRuleError(error.detail) from error

    def archive(self, name: str) -> bool:
        """Let a rule rest; False where there is none."""
        return self._changed("DELETE", _path(name))

    def restore(self, name: str) -> bool:
        """Let an archived rule go on; False where there is none."""
        return self._changed("POST", f"{_path(name)}/restore")

    def history(self, name: str) -> Sequence[AlertRuleVersion]:
        """Return what a rule was, the newest version first; nothing where there is none."""
        found = self._transport.find(f"{_path(name)}/history", _Versions)
        return () if found is None else found.versions

    def try_out(self, name: str) -> Sequence[RuleTrial] | None:
        """Let the server send a test at once to everybody whom a rule may tell; None where there is no such rule."""
        changed = self._transport.change("POST", f"{_path(name)}/test", _Trials)
        return None if changed is None else changed.receivers

    def _changed(self, method: str, path: str) -> bool:
        return self._transport.change(method, path, AlertRule) is not None


def _path(name: str) -> str:
    return f"/alert-rules/{segment(name)}"
