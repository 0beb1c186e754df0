"""Alert rules follow changes: what comes is held against every rule on a watch.

What a rule makes of it is written together with how far the consumer has come: a process that dies loses no alert and
makes none twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from veilleur.alerts.asking import AskedRule, AskedRules
from veilleur.alerts.evaluation import Matched, RuleState, take_matches
from veilleur.alerts.newcomers import Newcomers
from veilleur.alerts.pasts import Pasts
from veilleur.alerts.spillway import shared_sign, told_of
from veilleur.alerts.states import moved, read_state
from veilleur.model.alert import AlertRule, AlertRuleId, AlertTrigger, Finding
from veilleur.model.changes import Change
from veilleur.model.kinds import ChangeKind, Visibility
from veilleur.model.mention import Mention
from veilleur.query.matching import Matchable, matchable
from veilleur.store.alert_rules import active_rules
from veilleur.store.alerting import Move, Telling, read_evidence, rule_states, write_move
from veilleur.store.consumers import Consumer
from veilleur.store.database import Database
from veilleur.store.rules import every_rule
from veilleur.store.watches import active_watches
from veilleur.trends.bursts import Past

CONSUMER: Final = "alerts"

Clock = Callable[[], datetime]
_Created = tuple[Mention, Matchable]


def alert_consumer(database: Database, telling: Telling, clock: Clock) -> Consumer[Move]:
    """Return what opens alerts on mentions as they come; replayed ones, and what people say, open none."""
    judging = _Judging(database, clock)
    write = partial(write_move, telling=telling, clock=clock)
    return Consumer(CONSUMER, judging.judge, write, partial(_has_watched_rule, database))


def _has_watched_rule(database: Database) -> bool:
    return any(rule.draft.watch for rule in active_rules(database))


class _Judging:
    """Finds what each rule asked for; what is usual is read now and then."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._rules = AskedRules()
        self._pasts = Pasts(database)
        self._newcomers = Newcomers(database)

    def judge(self, changes: Sequence[Change]) -> Move:
        # Each is made ready once for all rules: that costs more than to hold it against one.
        created = [
            (change.mention, matchable(change.mention))
            for change in changes
            if change.mention is not None and change.op is ChangeKind.CREATED and not change.is_said
        ]
        if any(change.op is ChangeKind.ERASED for change in changes):
            self._newcomers.forget()
        now, matched, pasts = self._clock(), defaultdict[AlertRuleId, list[Matched]](list), dict[AlertRuleId, Past]()
        for asked in self._asked(now) if created else ():
            rule = asked.rule
            found = self._spilt(asked, created) if rule.draft.trigger is AlertTrigger.SPILLWAY else []
            found = found or [_matched(one) for one in self._of(asked, created)]
            if not found:
                continue
            matched[rule.id] = found
            if rule.draft.trigger is AlertTrigger.BURST and (past := self._pasts.of(asked, now)) is not None:
                pasts[rule.id] = past

        def step(rule: AlertRule, state: RuleState) -> tuple[RuleState, list[Finding]]:
            return take_matches(rule, state, matched[rule.id], pasts.get(rule.id))

        return Move(frozenset(matched), partial(moved, step=step))

    def _asked(self, now: datetime) -> list[AskedRule]:
        return self._rules.at(
            active_rules(self._database), active_watches(self._database), every_rule(self._database), now
        )

    def _of(self, asked: AskedRule, created: Iterable[_Created]) -> list[Mention]:
        rule = asked.rule
        found = [one for one, words in created if _sees(rule, one) and asked.matches(words)]
        if rule.draft.trigger is not AlertTrigger.NEW_ACTOR:
            return found
        return self._newcomers.among(asked, found)

    def _spilt(self, asked: AskedRule, created: Sequence[_Created]) -> list[Matched]:
        """Return complaints, and public mentions that tell one, in the order in which they came."""
        rule, found = asked.rule, list[Matched]()
        state = read_state(rule, rule_states(self._database).get(rule.id))
        known = [one.mention_id for one in state.complaints if not one.is_out]
        waiting = [told_of(one) for one in read_evidence(self._database, known)]
        complaints = {one.id for one in self._of(asked, created) if one.visibility is not Visibility.PUBLIC}
        for mention, _ in created:
            if mention.id in complaints:
                found.append(_matched(mention))
                waiting.append(told_of(mention))
            elif waiting and mention.visibility is Visibility.PUBLIC and _sees(rule, mention):
                shown = told_of(mention)
                found += [
                    Matched(mention.happened_at, mention.id, complaint_id=complaint.mention.id, sign=sign)
                    for complaint in waiting
                    if (sign := shared_sign(complaint, shown)) is not None
                ]
        return found


def _matched(mention: Mention) -> Matched:
    place, actor = mention.conversation, mention.actor
    writer = None if place is None else f"{place.id} {actor.name if actor else ''}"
    return Matched(mention.happened_at, mention.id, writer=writer)


def _sees(rule: AlertRule, mention: Mention) -> bool:
    return mention.project == rule.project and (rule.may_read_private or mention.visibility is Visibility.PUBLIC)
