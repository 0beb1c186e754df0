"""What a report shows: mentions that were spoken of, that reached many, that fit best; and the alerts of a watch."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import chain
from typing import Any, Final

from sqlalchemy import Row, Select, func, select, union

from veilleur.model.mention import Mention
from veilleur.model.report import Period, ReportedAlert
from veilleur.model.scope import Scope
from veilleur.query.expression import Query
from veilleur.store.alert_rows import alert_of
from veilleur.store.alert_tables import alert_rules, alerts
from veilleur.store.counted import Counted, counted
from veilleur.store.instants import from_ms, to_ms
from veilleur.store.qualification_tables import qualifications
from veilleur.store.qualified import mentions_of
from veilleur.store.relevance import most_relevant
from veilleur.store.search import search
from veilleur.store.snapshot import Readable
from veilleur.store.tables import devices, mentions
from veilleur.store.tally_tables import tallies
from veilleur.store.watch_tables import watches

MOST_LOOKED_AT: Final = 50_000
_QUALIFIED: Final = 500
_FAR: Final = 100
_RELEVANT: Final = 100
_MOST_ALERTS: Final = 50
# A notification states a number of likes, or names one person and how many others.
_REACH: Final = func.coalesce(mentions.c["count"], mentions.c.actor_others_count + 1)


def worth_telling(database: Readable, scope: Scope, query: Query) -> tuple[Mention, ...]:
    """Return mentions that may be notable, the most relevant last of those that nothing else speaks for.

    Of many: the newest 500 that were qualified, the 100 of greatest reach among the newest 50,000, the 100 that are
    most relevant.
    """
    with database.reading() as connection:
        found = counted(connection, search(query, scope, is_sqlite=database.is_sqlite), MOST_LOOKED_AT)
        rows = chain(
            connection.execute(_qualified(found)),
            connection.execute(_far(found)),
            most_relevant(connection, scope, query, limit=_RELEVANT),
        )
        return mentions_of(connection, _once(rows))


def told_as_numbers(database: Readable, scope: Scope, query: Query) -> int:
    """Return how many people a query's mentions tell as a number alone, of the newest 50,000."""
    with database.reading() as connection:
        found = counted(connection, search(query, scope, is_sqlite=database.is_sqlite), MOST_LOOKED_AT)
        others = found.asked.rows([mentions.c.actor_others_count.label("others")], found.since).subquery()
        return int(connection.execute(select(func.coalesce(func.sum(others.c.others), 0))).scalar_one())


def first_seen_at(database: Readable, scope: Scope) -> datetime | None:
    """Return since when a project can have seen something: its first mention, or its first device before that."""
    slots = select(func.min(tallies.c.slot_at)).where(tallies.c.project_id == scope.project)
    heard = select(func.min(devices.c.first_seen_at)).where(devices.c.project_id == scope.project)
    with database.reading() as connection:
        times = [connection.execute(query).scalar() for query in (slots, heard)]
    return from_ms(min((at for at in times if at is not None), default=None))


def alerts_of_watch(database: Readable, scope: Scope, name: str, period: Period) -> tuple[ReportedAlert, ...]:
    """Return the latest 50 alerts that rules on a watch opened in a period, the first first."""
    opened = alerts.c.opened_at
    query = (
        select(alerts, alert_rules.c.name.label("rule_name"))
        .join(alert_rules, alert_rules.c.id == alerts.c.rule_id)
        .join(watches, watches.c.id == alert_rules.c.watch_id)
        .where(alerts.c.project_id == scope.project, watches.c.name == name)
        .where(opened >= to_ms(period.since_at), opened < to_ms(period.until_at))
        .order_by(alerts.c.id.desc())
        .limit(_MOST_ALERTS)
    )
    if not scope.may_read_private:
        query = query.where(alerts.c.is_private.is_(False))
    with database.reading() as connection:
        found = [alert_of(row) for row in connection.execute(query)]
    return tuple(
        ReportedAlert(
            rule=one.rule,
            severity=one.severity,
            opened_at=one.opened_at,
            match_count=one.match_count,
            acknowledged_by=one.acknowledged_by,
        )
        for one in reversed(found)
    )


def _qualified(found: Counted) -> Select[Any]:
    said, member = qualifications.c, mentions.alias("member")
    stands = said.value.is_not(None) & (said.project_id == member.c.project_id)
    by_id = select(member.c.ord).join(qualifications, said.subject == member.c.id).where(stands)
    by_fold = select(member.c.ord).join(qualifications, said.subject == member.c.fold_id).where(stands)
    rows = found.asked.rows(list(mentions.columns), found.since)
    return rows.where(mentions.c.ord.in_(union(by_id, by_fold))).order_by(found.asked.order.desc()).limit(_QUALIFIED)


def _far(found: Counted) -> Select[Any]:
    rows = found.asked.rows(list(mentions.columns), found.since).where(_REACH.is_not(None))
    return rows.order_by(_REACH.desc(), found.asked.order.desc()).limit(_FAR)


def _once(rows: Iterable[Row[Any]]) -> list[Row[Any]]:
    return list({row.ord: row for row in rows}.values())
