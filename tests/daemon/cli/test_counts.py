"""`veilleur facets` and `veilleur timeline`: the same here and of a server, as tables and for programs."""

from __future__ import annotations

import json

from tests.daemon.cli.conftest import BOTH_PLACES, Keep, Run
from tests.daemon.store.arrivals import NOON_MS, arrival, sighting
from veilleur.model.kinds import MentionKind

DAY_MS = 86_400_000
LOG = (
    arrival(1, sighting("froid #resto", hashtags=("resto",), language="fr")),
    arrival(2, sighting("froid", at_ms=NOON_MS + 1, kind=MentionKind.REPLY)),
    arrival(3, sighting("chaud", at_ms=NOON_MS + DAY_MS)),
)


@BOTH_PLACES
def test_facets_are_counted_the_most_frequent_first(run: Run, keep: Keep) -> None:
    keep(*LOG)
    ran = run("facets", "--by", "kind", "--by", "hashtag", "--utc")
    rows = [line.split()[:3] for line in ran.out.splitlines()[2:]]
    assert rows == [["kind", "comment", "2"], ["reply", "1", rows[1][2]], ["hashtag", "resto", "1"], ["none", "2"]]
    assert (ran.code, ran.err) == (0, "")


@BOTH_PLACES
def test_programs_read_a_line_for_each_key(run: Run, keep: Keep) -> None:
    keep(*LOG)
    ran = run("facets", "froid", "--by", "kind", "--format", "jsonl", "--utc")
    lines = [json.loads(line) for line in ran.out.splitlines()]
    assert lines == [
        {"facet": "kind", "key": "comment", "count": 1, "label": None},
        {"facet": "kind", "key": "reply", "count": 1, "label": None},
    ]


@BOTH_PLACES
def test_a_timeline_counts_days(run: Run, keep: Keep) -> None:
    keep(*LOG)
    ran = run("timeline", "until:2026-11-12", "--utc", "--format", "csv")
    rows = [line.split(",") for line in ran.out.splitlines()]
    assert rows[0] == ["starts_at", "ends_at", "count", "is_whole"]
    assert [(row[0][:10], row[2]) for row in rows[1:3]] == [("2026-11-10", "2"), ("2026-11-11", "1")]


@BOTH_PLACES
def test_what_fits_best_comes_first_where_it_is_asked_for(run: Run, keep: Keep) -> None:
    keep(arrival(1, sighting("froid")), arrival(2, sighting("froid et très long à lire encore", at_ms=NOON_MS + 1)))
    ran = run("mentions", "froid", "--by", "relevance", "--format", "jsonl", "--utc")
    assert next(json.loads(line)["body"] for line in ran.out.splitlines()) == "froid"
