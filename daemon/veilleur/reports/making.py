"""Makes a report: one subject, one period, and what the store holds of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from veilleur.model.counts import Facet, Grain
from veilleur.model.coverage import Completeness, CoverageCause, CoverageFilter, Shortfall
from veilleur.model.qualification import Tone
from veilleur.model.report import MOST_NOTABLE, Period, Report, ToneCount, Volume
from veilleur.model.scope import Scope
from veilleur.model.watch import Watch
from veilleur.query.expression import Expression, Is, Not, OneOf, Query, Since, State, Until, ValueField, all_of
from veilleur.reports.notable import choose_notable
from veilleur.store.coverage import completeness
from veilleur.store.database import Database
from veilleur.store.facets import read_facets
from veilleur.store.mentions import total_mentions
from veilleur.store.reporting import alerts_of_watch, first_seen_at, told_as_numbers, worth_telling
from veilleur.store.snapshot import Readable
from veilleur.store.timeline import read_timeline
from veilleur.watches.asking import asked_as_it_came

_PUBLIC_FACETS: Final = (Facet.PLATFORM, Facet.KIND, Facet.HASHTAG, Facet.ACTOR)
_LISTED: Final = 8
_HOURLY: Final = timedelta(days=2)
_DAILY: Final = timedelta(days=70)


class Subject(Struct, frozen=True, kw_only=True):
    """What a report is about: a watch, or a query under a title; days begin in `zone`."""

    title: str
    query: str
    zone: str
    watch: str | None = None
    description: str | None = None


def subject_of(watch: Watch, *, zone: str | None = None) -> Subject:
    """Return what a report of a watch is about, in the watch's own zone unless another is given."""
    return Subject(
        title=watch.name,
        query=watch.query,
        zone=zone or watch.zone,
        watch=watch.name,
        description=watch.description,
    )


def make_report(database: Database, scope: Scope, subject: Subject, period: Period, *, now: datetime) -> Report:
    """Return what a subject held in a period, all of one state; raises QueryError where its query cannot be read.

    Its relative times are those that a mention met when it happened: `since:7d` leaves nothing of a month out.
    """
    asked = asked_as_it_came(subject.query, subject.zone, now)
    within = _with(asked, Since(period.since_at), Until(period.until_at))
    seen = CoverageFilter(since_at=period.since_at, until_at=period.until_at)
    facets = (*_PUBLIC_FACETS, Facet.CONVERSATION) if scope.may_read_private else _PUBLIC_FACETS
    grain, zone = _grain(period), ZoneInfo(subject.zone)
    with database.snapshot() as state:
        return Report(
            title=subject.title,
            watch=subject.watch,
            description=subject.description,
            query=subject.query,
            zone=subject.zone,
            made_at=now,
            period=period,
            with_private=scope.may_read_private,
            volume=_volume(state, scope, asked, period),
            timeline=read_timeline(state, scope, within, grain=grain, zone=zone, now=now),
            facets=read_facets(state, scope, within, facets, limit=_LISTED),
            notable=choose_notable(worth_telling(state, scope, within), limit=MOST_NOTABLE),
            alerts=None if subject.watch is None else alerts_of_watch(state, scope, subject.watch, period),
            completeness=_of_query(completeness(state, scope, seen), told_as_numbers(state, scope, within)),
        )


def _of_query(unseen: Completeness, as_numbers: int) -> Completeness:
    """Return what was not seen, with people told as a number counted in the query's mentions alone.

    To which query something belongs that nobody could read, nobody knows.
    """
    others = tuple(one for one in unseen.shortfalls if one.cause is not CoverageCause.COLLAPSED)
    counted = (Shortfall(CoverageCause.COLLAPSED, as_numbers),) if as_numbers else ()
    return replace(unseen, shortfalls=(*others, *counted))


def _volume(state: Readable, scope: Scope, asked: Query, period: Period) -> Volume:
    window = (Since(period.since_at), Until(period.until_at))
    is_open = (Not(Is(State.TREATED)), Not(Is(State.OFFTOPIC)))

    def total(*terms: Expression) -> int:
        return total_mentions(state, scope, _with(asked, *terms))

    count = total(*window)
    tones = tuple(
        ToneCount(tone, found) for tone in Tone if (found := total(*window, OneOf(ValueField.TONE, (tone.value,))))
    )
    first_at = first_seen_at(state, scope)
    earlier = CoverageFilter(since_at=period.before_since_at, until_at=period.before_until_at)
    unseen = completeness(state, scope, earlier)
    return Volume(
        count=count,
        before=total(Since(period.before_since_at), Until(period.before_until_at)),
        is_before_whole=unseen.known and not unseen.intervals and _is_by(first_at, period.before_since_at),
        is_before_seen=_is_by(first_at, period.before_until_at),
        treated=total(*window, Is(State.TREATED)),
        off_topic=total(*window, Is(State.OFFTOPIC)),
        open_negative=total(*window, *is_open, OneOf(ValueField.TONE, (Tone.NEGATIVE.value,))),
        to_read=total(*window, *is_open),
        without_tone=count - sum(one.count for one in tones),
        tones=tones,
    )


def _is_by(first_at: datetime | None, at: datetime) -> bool:
    return first_at is not None and first_at <= at


def _with(asked: Query, *terms: Expression) -> Query:
    return Query(all_of(terms if asked.expression is None else (*terms, asked.expression)))


def _grain(period: Period) -> Grain:
    length = period.until_at - period.since_at
    if length <= _HOURLY:
        return Grain.HOUR
    return Grain.DAY if length <= _DAILY else Grain.WEEK
