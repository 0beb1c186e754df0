"""What the clock finds: silences, complaints that waited, alarms, bursts that were kept, and who is told now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from veilleur.alerts.consuming import CONSUMER
from veilleur.alerts.evaluation import RuleState, hear_alarms, hear_bursts, pass_time
from veilleur.alerts.listening import AppListener
from veilleur.alerts.states import Step, moved, read_state
from veilleur.model.alert import OF_ALARMS, AlertRule, AlertRuleId, AlertTrigger, Finding
from veilleur.model.identity import MentionId
from veilleur.model.scope import Scope
from veilleur.store.alarms import list_alarms
from veilleur.store.alert_rules import active_rules, add_built_in_rules
from veilleur.store.alerting import Move, Telling, is_due, move_rules, read_evidence, rule_states
from veilleur.store.consumers import is_caught_up
from veilleur.store.database import Database
from veilleur.store.trend_bursts import bursts_after

_LISTENS_FIRST: Final = timedelta(minutes=2)


class AlertTurn:
    """Looks at every rule as time passes; nothing is written where nothing was found."""

    def __init__(
        self, database: Database, telling: Telling, *, started_at: datetime, zone: str = "UTC", language: str = "en"
    ) -> None:
        """`zone` and `language` are those of the rules that nobody wrote."""
        self._database = database
        self._add_built_in = partial(add_built_in_rules, database, zone=zone, language=language)
        self._telling = telling
        self._started_at = started_at
        self._listener = AppListener(database)

    def look(self, now: datetime) -> None:
        """Find what the clock brings by `now`, and queue what is due."""
        self._add_built_in(now=now)
        if self._has_listened(now):
            self._listener.look(now)
        states = rule_states(self._database)
        looks = {rule.id: look for rule in active_rules(self._database) if (look := self._look_at(rule, states, now))}
        if not looks and not is_due(self._database, now=now):
            return

        def step(rule: AlertRule, state: RuleState) -> tuple[RuleState, list[Finding]]:
            return looks[rule.id](rule, state)

        move_rules(self._database, Move(frozenset(looks), partial(moved, step=step)), self._telling, now=now)

    def _look_at(self, rule: AlertRule, states: Mapping[AlertRuleId, str], now: datetime) -> Step | None:
        """Return the step that a rule is to make; None where it would find nothing."""
        step = self._step_of(rule, states, now)
        if step is None:
            return None
        before = read_state(rule, states.get(rule.id))
        after, findings = step(rule, before)
        is_further = after.alarms != before.alarms or after.through_burst != before.through_burst
        return step if findings or is_further else None

    def _step_of(self, rule: AlertRule, states: Mapping[AlertRuleId, str], now: datetime) -> Step | None:
        match rule.draft.trigger:
            case AlertTrigger.SILENCE if self._has_listened(now):
                return partial(pass_time, now=now)
            case AlertTrigger.SPILLWAY:
                return partial(pass_time, now=now, answered=self._answered(rule, states))
            case AlertTrigger.BURST if rule.draft.watch is None:
                known = read_state(rule, states.get(rule.id)).through_burst
                return partial(hear_bursts, bursts=bursts_after(self._database, rule.project, known))
            case trigger if trigger in OF_ALARMS:
                alarms = list_alarms(self._database, Scope(rule.project, may_read_private=True), is_open=True)
                return partial(hear_alarms, alarms=alarms, silences=self._listener.silences)
            case _:
                return None

    def _has_listened(self, now: datetime) -> bool:
        """Say whether what came while nobody listened had the time to be stored: who was not heard is not silent."""
        return now - self._started_at >= _LISTENS_FIRST and is_caught_up(self._database, CONSUMER)

    def _answered(self, rule: AlertRule, states: Mapping[AlertRuleId, str]) -> frozenset[MentionId]:
        """Return the complaints that somebody treated, and those that are gone."""
        waiting = [one.mention_id for one in read_state(rule, states.get(rule.id)).complaints]
        if not waiting:
            return frozenset()
        there = read_evidence(self._database, waiting)
        open_ones = {one.id for one in there if one.qualification is None or one.qualification.treated_at is None}
        return frozenset(waiting) - open_ones
