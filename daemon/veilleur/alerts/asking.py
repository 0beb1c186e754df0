"""What a rule asks for at a moment: its watch's query, narrowed by its words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import structlog
from msgspec import Struct

from veilleur.model.alert import AlertRule, AlertRuleId, AlertTrigger
from veilleur.model.errors import QualificationError, QueryError
from veilleur.model.qualification import Tone
from veilleur.model.rules import QualificationRule
from veilleur.model.watch import Watch
from veilleur.query.expression import Expression, Query, all_of, any_of
from veilleur.query.matching import Matches, matcher
from veilleur.query.rule_queries import any_word, read_rule_query
from veilleur.watches.asking import ANOTHER_TIME, asked_as_it_came, asked_now

log = structlog.get_logger()


class AskedRule(Struct, frozen=True):
    """A rule on a watch, what it asks for now, and of the past."""

    rule: AlertRule
    query: Query
    past_query: Query
    matches: Matches


class _Kept(Struct, frozen=True):
    """A rule that was read, and of what: the same is read again only where it counts from now."""

    rule: AlertRule
    watch: Watch
    qualifying: tuple[QualificationRule, ...]
    asked: AskedRule | None


class AskedRules:
    """Reads the queries of rules once for each version of what they are made of."""

    def __init__(self) -> None:
        self._kept: dict[AlertRuleId, _Kept] = {}

    def at(
        self,
        rules: Iterable[AlertRule],
        watches: Iterable[Watch],
        qualifying: Sequence[QualificationRule],
        now: datetime,
    ) -> list[AskedRule]:
        """Return the rules on a watch ready to be asked; one that this release cannot read holds up no other."""
        named = {(watch.project, watch.name): watch for watch in watches}
        found: list[AskedRule | None] = []
        for rule in rules:
            watch = named.get((rule.project, rule.draft.watch or ""))
            if watch is not None:
                found.append(self._asked(rule, watch, tuple(qualifying), now))
        return [one for one in found if one is not None]

    def _asked(
        self, rule: AlertRule, watch: Watch, qualifying: tuple[QualificationRule, ...], now: datetime
    ) -> AskedRule | None:
        kept = self._kept.pop(rule.id, None)
        if kept is None or (kept.rule, kept.watch, kept.qualifying) != (rule, watch, qualifying):
            asked = _read(rule, watch, qualifying, now)
            later = _read(rule, watch, qualifying, now + ANOTHER_TIME)
            if (asked and asked.query) != (later and later.query):
                return asked
            kept = _Kept(rule, watch, qualifying, asked)
        self._kept[rule.id] = kept
        return kept.asked


def _read(rule: AlertRule, watch: Watch, qualifying: Sequence[QualificationRule], now: datetime) -> AskedRule | None:
    try:
        narrow = _narrowed(rule, qualifying, now)
        if narrow is None:
            return None
        query = _joined(asked_now(watch.query, watch.zone, now), narrow)
        past = _joined(asked_as_it_came(watch.query, watch.zone, now), narrow)
    except (QueryError, QualificationError) as error:
        log.warning("an alert rule cannot be read", rule=rule.id, reason=type(error).__name__)
        return None
    return AskedRule(rule, query, past, matcher(query))


def _narrowed(rule: AlertRule, qualifying: Sequence[QualificationRule], now: datetime) -> tuple[Expression, ...] | None:
    """Return what must stand beside the watch's query; None where a rule on tone has no list of words to go by."""
    if rule.draft.words:
        return (any_word(rule.draft.words, now=now),)
    if rule.draft.trigger is not AlertTrigger.NEGATIVE:
        return ()
    lists = [
        read_rule_query(one.query, one.words, now=now).expression
        for one in qualifying
        if one.project == rule.project and one.change.tone is Tone.NEGATIVE
    ]
    found = [one for one in lists if one is not None]
    return (any_of(found),) if found else None


def _joined(query: Query, narrow: tuple[Expression, ...]) -> Query:
    parts = (*query.demands, *narrow)
    return Query(all_of(parts)) if parts else query
