"""Alert rules as people write them: held against what a rule needs before they are kept."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from veilleur.model.alert import (
    LONGEST_RULE_NAME,
    MOST_RECEIVERS,
    MOST_RULES,
    WITHOUT_WATCH,
    AlertRuleDraft,
    AlertTrigger,
    RuleSaved,
)
from veilleur.model.condition import LONGEST_MINUTES, MOST_IN_WINDOW
from veilleur.model.errors import AlertRuleError, QualificationError
from veilleur.model.scope import Scope
from veilleur.query.rule_queries import any_word
from veilleur.store.alert_rules import list_alert_rules, save_rule
from veilleur.store.alerting import unknown_receivers
from veilleur.store.database import Database
from veilleur.wording import refusals
from veilleur.wording.languages import Language

_DAY_MINUTES: Final = 24 * 60


def write_alert_rule(  # noqa: PLR0913 - what is written, where, by whom and when
    database: Database,
    scope: Scope,
    name: str,
    draft: AlertRuleDraft,
    *,
    by: str,
    now: datetime,
    new_name: str | None = None,
) -> RuleSaved:
    """Make or change a rule; raises AlertRuleError, and nothing is written, where it could not do what it says."""
    _check(draft, now)
    if unknown := unknown_receivers(database, scope.project, draft.receivers):
        raise AlertRuleError(refusals.NO_RECEIVER, name=unknown[0])
    wanted = new_name or name
    if not 0 < len(wanted.strip()) <= LONGEST_RULE_NAME or "/" in wanted:
        raise AlertRuleError(refusals.RULE_NAME, most=LONGEST_RULE_NAME)
    if len(list_alert_rules(database, Scope(scope.project, may_read_private=True), with_archived=True)) >= MOST_RULES:
        raise AlertRuleError(refusals.MANY_RULES, most=MOST_RULES)
    return save_rule(database, scope, name, draft, by=by, now=now, new_name=new_name)


def _check(draft: AlertRuleDraft, now: datetime) -> None:
    if draft.trigger in WITHOUT_WATCH and draft.watch is not None:
        raise AlertRuleError(refusals.TAKES_NO_WATCH, trigger=draft.trigger)
    if draft.trigger not in WITHOUT_WATCH and draft.watch is None and draft.trigger is not AlertTrigger.BURST:
        raise AlertRuleError(refusals.NEEDS_WATCH, trigger=draft.trigger)
    if draft.watch is None and draft.words:
        raise AlertRuleError(refusals.WORDS_NEED_WATCH)
    if not 1 <= draft.at_least <= MOST_IN_WINDOW or not 1 <= draft.window_minutes <= LONGEST_MINUTES:
        raise AlertRuleError(refusals.OUT_OF_RANGE, most=MOST_IN_WINDOW, longest=LONGEST_MINUTES)
    waits = (draft.cool_down_minutes, draft.group_minutes, draft.escalate_minutes or 0)
    if not all(0 <= minutes <= LONGEST_MINUTES for minutes in waits):
        raise AlertRuleError(refusals.LONG_WAIT, longest=LONGEST_MINUTES)
    if len(draft.receivers) > MOST_RECEIVERS or len(set(draft.receivers)) < len(draft.receivers):
        raise AlertRuleError(refusals.RECEIVERS_ONCE, most=MOST_RECEIVERS)
    if draft.escalate_minutes == 0 or (draft.escalate_minutes is not None and not draft.receivers):
        raise AlertRuleError(refusals.ON_CALL)
    quiet = () if draft.quiet is None else (draft.quiet.from_minute, draft.quiet.until_minute)
    if not all(0 <= minute < _DAY_MINUTES for minute in (*quiet, draft.digest_minute)):
        raise AlertRuleError(refusals.NO_HOUR)
    _check_texts(draft, now)


def _check_texts(draft: AlertRuleDraft, now: datetime) -> None:
    try:
        ZoneInfo(draft.zone)
    except (KeyError, ValueError, OSError) as error:
        raise AlertRuleError(refusals.NO_ZONE, zone=draft.zone) from error
    if draft.language not in set(Language):
        raise AlertRuleError(refusals.NO_LANGUAGE, languages=tuple(Language))
    if not draft.words:
        return
    try:
        any_word(draft.words, now=now)
    except QualificationError as error:
        raise AlertRuleError(error.why, **error.values) from error
