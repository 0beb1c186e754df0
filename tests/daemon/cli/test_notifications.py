"""`veilleur notifications`: the raw log with what became of it."""

from __future__ import annotations

import csv
import io
import json

from tests.daemon.cli.conftest import BOTH_PLACES, Keep, Run
from tests.daemon.store.arrivals import arrival, sighting
from veilleur.model.kinds import OutcomeKind, Visibility


@BOTH_PLACES
def test_every_raw_notification_is_a_line_with_what_became_of_it(run: Run, keep: Keep) -> None:
    shown = sighting("hello")
    keep(arrival(1, shown), arrival(2, outcome=OutcomeKind.IGNORED), arrival(3, outcome=OutcomeKind.QUARANTINED))

    rows = [json.loads(line) for line in run("notifications", "--format", "jsonl", "--all").out.splitlines()]

    assert [(row["seq"], row["outcome"], row["reason"], row["mention_ids"]) for row in rows] == [
        (1, "parsed", None, [shown.id]),
        (2, "ignored", "because", []),
        (3, "quarantined", "because", []),
    ]
    assert {"envelope_id", "device", "epoch", "package"} <= set(rows[0])


@BOTH_PLACES
def test_they_can_be_narrowed_to_one_outcome(run: Run, keep: Keep) -> None:
    keep(arrival(1, sighting("hello")), arrival(2, outcome=OutcomeKind.QUARANTINED))

    table = run("notifications", "--outcome", "quarantined").out

    assert "quarantined" in table
    assert "parsed" not in table
    assert run("notifications", "--outcome", "ignored").err == "No such notification.\n"
    assert run("notifications", "--outcome", "lost").code == 2


@BOTH_PLACES
def test_public_leaves_out_what_may_be_private(run: Run, keep: Keep) -> None:
    keep(arrival(1, sighting("a")), arrival(2, sighting("b", visibility=Visibility.PRIVATE)))

    [row] = csv.DictReader(io.StringIO(run("notifications", "--public", "--format", "csv").out))

    assert row["seq"] == "1"


@BOTH_PLACES
def test_a_table_shows_the_latest_20_and_says_how_to_see_the_rest(run: Run, keep: Keep) -> None:
    keep(*(arrival(n, outcome=OutcomeKind.IGNORED) for n in range(1, 23)))

    ran = run("notifications")

    assert ran.out.count("ignored") == 20
    assert ran.out.splitlines()[2].split()[0] == "22"
    assert "--all shows every one" in ran.err
