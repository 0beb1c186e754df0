"""`python -m benchmarks.search`: how fast a large store is searched and counted, beside other engines.

The store is made once in `--data` and used again. Ends with 1 where a bound is missed or an engine is missing.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from benchmarks.search_api import measure_api
from benchmarks.search_data import fill
from benchmarks.search_engines import ENGINES
from veilleur.model.counts import Facet, Grain
from veilleur.model.errors import QueryTooCostly
from veilleur.model.listing import Order
from veilleur.model.scope import Scope
from veilleur.query.reading import read_query
from veilleur.store.database import Database
from veilleur.store.facets import read_facets
from veilleur.store.mentions import page_mentions
from veilleur.store.opening import open_database
from veilleur.store.search import search
from veilleur.store.tables import mentions
from veilleur.store.timeline import read_timeline

_MENTIONS: Final = 1_000_000
_ROWS: Final = 50
_RUNS: Final = 100
_OVER_HTTP: Final = 800
_LONGEST_S: Final = 4.0
_NOW: Final = datetime(2026, 12, 1, tzinfo=UTC)
_PARIS: Final = ZoneInfo("Europe/Paris")
_EVERYONE: Final = Scope(may_read_private=True)
_PUBLIC: Final = Scope()
_ASKED: Final = ("#tag0", "#tag0 bus NOT #tag1", '"en retard"')
_MOST_MS: Final[dict[str, tuple[float, float | None]]] = {
    "#tag0": (1, None),
    "#tag0 bus NOT #tag1": (2, 20),
    '"en retard"': (20, 20),
}
"""The most milliseconds for the order numbers of the newest 50: p50, p95."""
_PATHOLOGICAL: Final = (
    "",
    "#tag7000",
    "zzzz",
    "bu*",
    "NOT bus",
    "NOT bus NOT #tag0",
    "#tag900 bus",
    "#tag0 OR #tag1 OR #tag2 OR bus OR merci",
    "kind:order",
    "lang:ja kind:comment",
    "region:XX",
    "has:voice",
    "from:@person.7",
    "bus since:7d",
    "bus until:2026-01-05",
    "(bus since:7d) OR 城市",
    "confidence:<0.5",
    "count:>1000",
    "is:deleted",
    "app:com.none",
)


def main() -> int:
    """Run the measurements and return the exit code."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    options.add_argument("--mentions", type=int, default=_MENTIONS, help="how many (%(default)s; long: 5000000)")
    options.add_argument("--data", type=Path, required=True, help="the folder that keeps the stores")
    options.add_argument("--alone", action="store_true", help="without the other engines")
    chosen = options.parse_args()
    folder: Path = chosen.data / str(chosen.mentions)
    database = _opened(folder, chosen.mentions)
    is_met = _search(database)
    is_met &= _counting(database)
    _every_kind(database)
    if not chosen.alone:
        is_met &= _others(database, folder)
    is_met &= _api(database)
    return 0 if is_met else 1


def _opened(folder: Path, count: int) -> Database:
    file = folder / "veilleur.sqlite3"
    is_new = not file.exists()
    database = open_database(f"sqlite:///{file}")
    if is_new:
        begun, begun_cpu = time.perf_counter(), time.process_time()
        fill(database, count)
        took, cpu = time.perf_counter() - begun, time.process_time() - begun_cpu
        _say(f"{count:,} mentions made and committed: {count / took:,.0f} /s, {cpu / count * 1e6:.0f} µs of CPU each")
    return database


def _search(database: Database) -> bool:
    _say(f"the newest {_ROWS}, ms                              p50      p95")
    is_met = True
    for text in _ASKED:
        query = read_query(text, now=_NOW)
        newest = search(query, _EVERYONE, is_sqlite=True).newest([mentions.c.ord], _ROWS)

        def found(statement: Any = newest) -> Sequence[Any]:  # noqa: ANN401 - a SELECT of whatever columns
            with database.reading() as connection:
                return connection.execute(statement).all()

        is_met &= _measured(f"  {text}", found, *_MOST_MS[text])
        _measured(f"  {text}, as records", partial(page_mentions, database, _EVERYONE, query, limit=_ROWS))
    return is_met


def _counting(database: Database) -> bool:
    def timeline(text: str) -> Callable[[], object]:
        query = read_query(text, now=_NOW, zone=_PARIS)
        return lambda: read_timeline(database, _EVERYONE, query, grain=Grain.DAY, zone=_PARIS, now=_NOW)

    is_met = _measured("timeline, 30 days", timeline("since:2026-11-01"), 1)
    for text in ("#tag0", "bus", "lang:fr", "kind:comment"):
        is_met &= _measured(f"timeline, 30 days of {text}", timeline(f"{text} since:2026-11-01"), 50)
    _measured("timeline, all days of bus", timeline("bus"))
    for name, facets in (("kinds", [Facet.KIND]), ("languages", [Facet.LANGUAGE]), ("all nine", list(Facet))):
        query = read_query("bus since:2026-11-01", now=_NOW)
        _measured(f"facets of bus, 30 days, {name}", partial(read_facets, database, _EVERYONE, query, facets))
    return is_met


def _every_kind(database: Database) -> None:
    _say("pages of every kind of query, ms: whoever may read private ones, and who may not")
    for text in _PATHOLOGICAL:
        query = read_query(text, now=_NOW)
        for scope in (_EVERYONE, _PUBLIC):
            name = f"  {text or '(everything)'}{'' if scope.may_read_private else ', public'}"
            _measured_or_given_up(name, partial(page_mentions, database, scope, query, limit=_ROWS))
    for text in ("#tag0", "bus retard"):
        query = read_query(text, now=_NOW)
        _measured_or_given_up(
            f"  {text}, by relevance",
            partial(page_mentions, database, _EVERYONE, query, limit=_ROWS, order=Order.RELEVANCE),
        )


def _others(database: Database, folder: Path) -> bool:
    """Measure the other engines; False where one is not there to be measured."""
    is_complete = True
    for engine in ENGINES:
        opened = engine(database, folder)
        if opened is None:
            _say(f"{engine.__name__}: not installed (`make bench` installs it)")
            is_complete = False
            continue
        for text, run in opened.items():
            _measured(f"  {engine.__name__}: {text}", run)
    return is_complete


def _api(database: Database) -> bool:
    kinds = {
        "every one another question": [f"#tag{number}" for number in range(_OVER_HTTP)],
        "the same question again": ["#tag0"] * _OVER_HTTP,
    }
    is_met = True
    for kind, answered in zip(kinds, measure_api(database, list(kinds.values())), strict=True):
        _say(f"first page over HTTP, {kind}: {answered.server_cpu_ms:.2f} ms of the server's CPU time each")
        is_met &= _told(f"  8 clients, {kind}", answered.took_ms, None, 25)
    return is_met


def _measured_or_given_up(name: str, run: Callable[[], object]) -> None:
    """Measure what has no bound, and may be more than one answer is allowed to take (`VEILLEUR_ANSWER_LIMIT_S`)."""
    try:
        _measured(name, run)
    except QueryTooCostly:
        _say(f"{name:44} given up: more work than one answer may take")


def _measured(
    name: str, run: Callable[[], object], most_p50: float | None = None, most_p95: float | None = None
) -> bool:
    run()
    took: list[float] = []
    until = time.perf_counter() + _LONGEST_S
    while len(took) < _RUNS and time.perf_counter() < until:
        begun = time.perf_counter()
        run()
        took.append((time.perf_counter() - begun) * 1e3)
    return _told(name, took, most_p50, most_p95)


def _told(name: str, took: Sequence[float], most_p50: float | None, most_p95: float | None) -> bool:
    ordered = sorted(took)
    p50, p95 = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
    bounds = [f"{which} at most {most:g}" for which, most in (("p50", most_p50), ("p95", most_p95)) if most is not None]
    _say(f"{name:44} {p50:8.2f} {p95:8.2f}  {', '.join(bounds)}")
    return (most_p50 is None or p50 <= most_p50) and (most_p95 is None or p95 <= most_p95)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
