"""How many notifications of each app, version, language, channel and day had words that no pattern knows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, Connection, bindparam, func, select, update

from veilleur.model.arrival import Arrival
from veilleur.model.drift import ParseRate, ReadName, RecentWordings
from veilleur.model.outcome import UNKNOWN_WORDING
from veilleur.model.scope import Scope
from veilleur.store.among import among
from veilleur.store.bulk import insert_rows
from veilleur.store.database import Database
from veilleur.store.instants import from_ms, to_ms
from veilleur.store.tables import mentions, notifications, outcomes
from veilleur.store.tally_tables import parse_rates

_DAY_MS: Final = 86_400_000
_LAST_DAY: Final = 2**42 // _DAY_MS
_KEYS: Final = ("project_id", "package", "app_version", "language", "channel", "day")
_COUNTS: Final = ("total", "unknown")
_WINDOW: Final = 50
_LOOKED_THROUGH: Final = 2_000
# What is posted is removed as well: that has no words.
_EVENTS_A_WORDING: Final = 3
_GENERIC: Final = "generic"
RateKey = tuple[str, str, str, str, str, int]


def count_wordings(connection: Connection, fresh: Iterable[tuple[str, Arrival]]) -> None:
    """Add new notifications, each with its project, to the rates."""
    totals: Counter[RateKey] = Counter()
    unknown: Counter[RateKey] = Counter()
    for project, one in fresh:
        if (key := rate_key(project, one)) is not None:
            totals[key] += 1
            if one.reading.reason == UNKNOWN_WORDING:
                unknown[key] += 1
    rows = [(*key, totals[key], unknown[key]) for key in sorted(totals)]
    insert_rows(connection, parse_rates, (*_KEYS, *_COUNTS), rows, adding=_COUNTS)


def correct_unknown(connection: Connection, corrections: Counter[RateKey]) -> None:
    """Add to (or take from) how many were unknown; what was never counted stays so."""
    rows = [
        dict(zip((f"of_{name}" for name in _KEYS), key, strict=True), more=more)
        for key, more in sorted(corrections.items())
        if more
    ]
    if rows:
        held, more = parse_rates.c, bindparam("more", type_=BigInteger)
        is_key = [held[name] == bindparam(f"of_{name}") for name in _KEYS]
        is_possible = (held.unknown + more).between(0, held.total)
        connection.execute(update(parse_rates).where(*is_key, is_possible).values(unknown=held.unknown + more), rows)


def rate_key(project: str, one: Arrival) -> RateKey | None:
    """Return where an arrival is counted, None where no parser was asked."""
    source = one.wording
    if source is None:
        return None
    day = min(max(one.captured_at_ms // _DAY_MS, 0), _LAST_DAY) * _DAY_MS
    return (project, one.package, source.app_version or "", source.language or "", source.channel or "", day)


def list_parse_rates(  # noqa: PLR0913 - what rates are asked by
    database: Database,
    scope: Scope,
    *,
    limit: int | None,
    offset: int = 0,
    since_at: datetime | None = None,
    package: str | None = None,
) -> tuple[ParseRate, ...]:
    """Return the rates of a project, the newest day first, and of a day those with most unknown words first.

    A day that `since_at` is in counts whole. They count private notifications too: a reader without those is told none.
    """
    if not scope.may_read_private:
        return ()
    held = parse_rates.c
    query = select(parse_rates).where(held.project_id == scope.project).limit(limit).offset(offset)
    if since_at is not None:
        query = query.where(held.day > to_ms(since_at) - _DAY_MS)
    if package is not None:
        query = query.where(held.package == package)
    told_apart = (held.package, held.channel, held.language, held.app_version)
    order = (held.day.desc(), held.unknown.desc(), held.total.desc(), *told_apart)
    with database.reading() as connection:
        rows = connection.execute(query.order_by(*order)).all()
    return tuple(
        ParseRate(
            package=row.package,
            app_version=row.app_version or None,
            language=row.language or None,
            channel=row.channel or None,
            day_at=from_ms(row.day),
            total=row.total,
            unknown=row.unknown,
        )
        for row in rows
    )


def recent_wordings(database: Database) -> tuple[RecentWordings, ...]:
    """Return, of each app among the newest notifications, the last 50 that a parser read, beside all before them.

    Of those that came live: how an app spoke when a log was written is no news.
    """
    log, read = notifications.c, outcomes.c
    live = select(log.id).where(~log.is_replayed).order_by(log.id.desc()).limit(_LOOKED_THROUGH * _EVENTS_A_WORDING)
    newest = (
        select(log.package, read.reason, read.mention_ids)
        .select_from(notifications.join(outcomes, read.notification_id == log.id))
        .where(log.id.in_(live), read.parser != _GENERIC, log.event != "removed", log.event != "lost")
        .order_by(log.id.desc())
        .limit(_LOOKED_THROUGH)
    )
    counted = select(parse_rates.c.package, func.sum(parse_rates.c.total), func.sum(parse_rates.c.unknown)).group_by(
        parse_rates.c.package
    )
    with database.reading() as connection:
        rows = connection.execute(newest).all()
        every = {package: (int(total), int(unknown)) for package, total, unknown in connection.execute(counted)}
        names = _names_read(connection, [row.mention_ids for row in rows if row.mention_ids and row.reason is None])
    by_package: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        by_package[row.package].append(row)
    return tuple(_recent(package, own, every.get(package, (0, 0)), names) for package, own in by_package.items())


def _names_read(connection: Connection, ids_of_one: Sequence[str]) -> dict[str, ReadName]:
    """Return the actors of notifications that show one mention, by its id: more are a thread's, and no wording's."""
    of_one = [ids for ids in ids_of_one if " " not in ids]
    held = mentions.c
    query = select(held.id, held.pattern, held.actor_name).where(
        among(connection, held.id, of_one), held.actor_name.is_not(None)
    )
    return {row.id: ReadName(row.pattern, row.actor_name) for row in connection.execute(query)}


def _recent(package: str, rows: Sequence[Any], every: tuple[int, int], names: Mapping[str, ReadName]) -> RecentWordings:
    """Return what the rows of one app tell, the newest first."""
    newest, before = rows[:_WINDOW], rows[_WINDOW:]
    unknown = sum(row.reason == UNKNOWN_WORDING for row in newest)
    return RecentWordings(
        package,
        total=len(newest),
        unknown=unknown,
        before_total=max(every[0] - len(newest), 0),
        before_unknown=max(every[1] - unknown, 0),
        named=_named(newest, names),
        named_before=_named(before, names),
    )


def _named(rows: Sequence[Any], names: Mapping[str, ReadName]) -> tuple[ReadName, ...]:
    """Return the names read in these rows, the oldest first."""
    return tuple(names[row.mention_ids] for row in reversed(rows) if row.reason is None and row.mention_ids in names)
