"""How many notifications of each app, version, language, channel and day had words that no pattern knows."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import BigInteger, Connection, bindparam, func, select, update

from veilleur.model.arrival import Arrival
from veilleur.model.drift import ParseRate, RecentWordings
from veilleur.model.outcome import UNKNOWN_WORDING
from veilleur.model.scope import Scope
from veilleur.store.bulk import insert_rows
from veilleur.store.database import Database
from veilleur.store.instants import from_ms
from veilleur.store.tables import notifications, outcomes, parse_rates

_DAY_MS: Final = 86_400_000
_LAST_DAY: Final = 2**42 // _DAY_MS
_KEYS: Final = ("project_id", "package", "app_version", "language", "channel", "day")
_COUNTS: Final = ("total", "unknown")
_WINDOW: Final = 50
_LOOKED_THROUGH: Final = 2_000
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


def list_parse_rates(database: Database, scope: Scope, *, limit: int) -> tuple[ParseRate, ...]:
    """Return the rates of a project, the newest day first, and of a day those with most unknown words first.

    They count private notifications too: a reader without those is told none.
    """
    if not scope.may_read_private:
        return ()
    held = parse_rates.c
    query = select(parse_rates).where(held.project_id == scope.project).limit(limit)
    order = (held.day.desc(), held.unknown.desc(), held.total.desc(), held.package, held.channel, held.language)
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
    """Return, of each app among the newest notifications, the last 50 that a parser read, beside all before them."""
    log = notifications.c
    newest = (
        select(log.package, outcomes.c.reason)
        .select_from(notifications.join(outcomes, outcomes.c.notification_id == log.id))
        .where(outcomes.c.parser != _GENERIC, log.event != "removed", log.event != "lost")
        .order_by(log.id.desc())
        .limit(_LOOKED_THROUGH)
    )
    counted = select(parse_rates.c.package, func.sum(parse_rates.c.total), func.sum(parse_rates.c.unknown)).group_by(
        parse_rates.c.package
    )
    with database.reading() as connection:
        rows = connection.execute(newest).all()
        every = {package: (int(total), int(unknown)) for package, total, unknown in connection.execute(counted)}
    return tuple(_recent(package, flags, every.get(package, (0, 0))) for package, flags in _by_package(rows).items())


def _by_package(rows: Sequence[Any]) -> dict[str, deque[bool]]:
    found: dict[str, deque[bool]] = {}
    for package, reason in rows:
        flags = found.setdefault(package, deque())
        if len(flags) < _WINDOW:
            flags.append(reason == UNKNOWN_WORDING)
    return found


def _recent(package: str, flags: deque[bool], every: tuple[int, int]) -> RecentWordings:
    total, unknown = len(flags), sum(flags)
    return RecentWordings(package, total, unknown, max(every[0] - total, 0), max(every[1] - unknown, 0))
