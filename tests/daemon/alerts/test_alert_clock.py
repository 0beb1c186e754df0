"""The rule that nobody wrote speaks as the machine does that it was made on."""

from __future__ import annotations

import pytest

from veilleur.alerts.telling import Teller
from veilleur.app.alerting import AlertClock
from veilleur.store.alert_rules import active_rules
from veilleur.store.database import Database


def test_the_built_in_rule_tells_in_the_machine_s_language_and_by_its_clock(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Broken line: the turn without zone and language; it reported ('UTC', 'en')."""
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    monkeypatch.setenv("TZ", "Europe/Paris")
    clock = AlertClock(database, Teller("http://127.0.0.1:8787"))
    clock.turn()
    clock.close()

    (rule,) = active_rules(database)

    assert (rule.draft.zone, rule.draft.language) == ("Europe/Paris", "fr")
