"""What is usual for what a rule asks for: made from what is stored, the same for half a day, so for every process."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from veilleur.alerts.asking import AskedRule
from veilleur.model.alert import AlertRuleId
from veilleur.model.scope import Scope
from veilleur.model.trends import TrendKind
from veilleur.query.expression import Query, Since, Until, all_of
from veilleur.store.database import Database
from veilleur.store.hours import hourly_counts
from veilleur.store.instants import to_ms
from veilleur.store.match_times import match_times
from veilleur.trends.bursts import PAST_MS, WINDOWS_MS, Past, past_of
from veilleur.trends.rates import profile_of

_HOLDS_MS: Final = 12 * 3_600_000


class Pasts:
    """Reads the past of each rule once for half a day."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[AlertRuleId, tuple[int, int, Past | None]] = {}

    def of(self, asked: AskedRule, now: datetime) -> Past | None:
        """Return what is usual at `now`; None where nothing at all is known of the past."""
        now_ms = to_ms(now)
        made_ms = now_ms - now_ms % _HOLDS_MS
        rule = asked.rule
        known = self._known.get(rule.id)
        if known is None or known[:2] != (made_ms, rule.version):
            self._known[rule.id] = known = (made_ms, rule.version, self._read(asked, made_ms))
        return known[2]

    def _read(self, asked: AskedRule, made_ms: int) -> Past | None:
        until_ms = made_ms - WINDOWS_MS[-1]
        since_at, until_at = _at(until_ms - PAST_MS), _at(until_ms)
        hours = hourly_counts(self._database, asked.rule.project, since_at=since_at, until_at=until_at)
        if not hours:
            return None
        window = (Since(_at(hours[0][0])), Until(until_at))
        query = Query(all_of((*window, *asked.past_query.demands)))
        scope = Scope(asked.rule.project, may_read_private=asked.rule.may_read_private)
        times = [to_ms(at) for some in match_times(self._database, scope, query) for at, _ in some]
        return past_of(TrendKind.HASHTAG, times, profile_of(hours), since_ms=hours[0][0], until_ms=until_ms)


def _at(ms: int) -> datetime:
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=ms)
