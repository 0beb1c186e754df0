"""Rules follow changes: what comes is qualified as it comes, each thing by the last rule that says it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy import Connection, select

from veilleur.model.changes import Change
from veilleur.model.errors import QualificationError, QueryError
from veilleur.model.identity import MentionId
from veilleur.model.kinds import Visibility
from veilleur.model.mention import Mention
from veilleur.model.qualification import QualificationAct, Qualifier
from veilleur.model.rules import QualificationRule
from veilleur.model.scope import Scope
from veilleur.query.matching import Matches, matchable, matcher
from veilleur.query.rule_queries import read_rule_query
from veilleur.store.among import among
from veilleur.store.consumers import Consumer
from veilleur.store.counters import Counter, hold
from veilleur.store.database import Database
from veilleur.store.merging import record_said
from veilleur.store.qualified import subject_of
from veilleur.store.qualifying import begin_act, count_act
from veilleur.store.rules import every_rule, has_rules
from veilleur.store.saying import Speech, Target, Thing, say, statements_of
from veilleur.store.tables import mentions

_NAME: Final = "rules"

log = structlog.get_logger()

Verdicts = list[tuple[QualificationRule, dict[MentionId, dict[Thing, str | None]]]]
"""What each rule says of which mentions."""


def rules_consumer(database: Database, clock: Callable[[], datetime]) -> Consumer[Verdicts]:
    """Return what lets rules speak of mentions as they come; replayed ones are left to `veilleur rule apply`."""

    def judge(changes: Sequence[Change]) -> Verdicts:
        return verdicts(every_rule(database), changes, now=clock())

    def write(connection: Connection, found: Verdicts) -> None:
        write_verdicts(connection, found, now=clock())

    return Consumer(_NAME, judge, write, lambda: has_rules(database))


def verdicts(rules: Sequence[QualificationRule], changes: Sequence[Change], *, now: datetime) -> Verdicts:
    """Return what rules say of changed mentions: of two that say the same thing the later made stands."""
    rules, asked = _asked(rules, now)
    given = [statements_of(rule.change) for rule in rules]
    found: dict[int, dict[MentionId, dict[Thing, str | None]]] = defaultdict(lambda: defaultdict(dict))
    # What is said of a mention makes no rule speak: it would say again at once what somebody takes back.
    for mention in filter(None, (change.mention for change in changes if not change.is_said)):
        one = matchable(mention)
        speaks: dict[Thing, int] = {}
        for number, rule in enumerate(rules):
            if _sees(rule, mention) and asked[number](one):
                speaks |= dict.fromkeys(given[number], number)
        for thing, number in speaks.items():
            found[number][mention.id][thing] = given[number][thing]
    return [(rules[number], said) for number, said in sorted(found.items())]


def _asked(rules: Sequence[QualificationRule], now: datetime) -> tuple[list[QualificationRule], list[Matches]]:
    """Return the rules that this release can read, and what each asks: one that it cannot read silences no other."""
    readable: list[QualificationRule] = []
    asked: list[Matches] = []
    for rule in rules:
        try:
            asked.append(matcher(read_rule_query(rule.query, rule.words, now=now)))
        except (QueryError, QualificationError) as error:
            log.warning("a rule cannot be read", project=rule.project, reason=type(error).__name__)
            continue
        readable.append(rule)
    return readable, asked


def write_verdicts(connection: Connection, found: Verdicts, *, now: datetime) -> None:
    """Let rules speak: an act for each of them that changes something."""
    if found:
        hold(connection, Counter.NOTIFICATIONS)
    for rule, said in found:
        query = select(mentions.c.id, mentions.c.fold_id).where(among(connection, mentions.c.id, list(said)))
        targets = {Target(row.id, subject_of(row.id, row.fold_id)): said[row.id] for row in connection.execute(query)}
        by, scope = Qualifier(rule.name, is_rule=True), Scope(rule.project, rule.may_read_private)
        act = QualificationAct(id=0, done_at=now, done_by=by, change=rule.change, query=None, mention_count=0)
        act = begin_act(connection, scope, act)
        changed = say(connection, Speech(rule.project, act.id, is_rule=True), targets)
        record_said(connection, changed)
        count_act(connection, act, len(changed))


def _sees(rule: QualificationRule, mention: Mention) -> bool:
    return mention.project == rule.project and (rule.may_read_private or mention.visibility is Visibility.PUBLIC)
