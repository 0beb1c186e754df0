"""`veilleur watch …`: kept, asked, changed, archived, followed and tried on the past, here and on a server."""

from __future__ import annotations

import json
import shlex
import signal
import subprocess
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from tests.daemon.cli.conftest import BOTH_PLACES, Keep, Run
from tests.daemon.store.arrivals import NOON_MS, arrival, sighting
from tests.waiting import until
from veilleur.store.consumers import consume, register
from veilleur.store.opening import open_database
from veilleur.watches.coming_in import CONSUMER, watch_consumer


def listed(run: Run, *options: str) -> list[tuple[str, str]]:
    """Return name and query of each watch."""
    found = map(json.loads, run("watch", "list", "--format", "jsonl", *options).out.splitlines())
    return [(one["watch"]["name"], one["watch"]["query"]) for one in found]


def shown(run: Run, name: str) -> list[str]:
    """Return the words of the mentions that a watch holds."""
    lines = run("watch", "show", name, "--format", "jsonl").out.splitlines()
    return [json.loads(line)["body"] for line in lines]


@BOTH_PLACES
def test_a_watch_is_kept_and_holds_what_came_before_it(run: Run, keep: Keep) -> None:
    keep(arrival(1, sighting("strike today")), arrival(2, sighting("sunny")))
    assert run("watch", "add", "strike", "strike", "--zone", "Europe/Paris").code == 0
    assert listed(run) == [("strike", "strike")]
    assert shown(run, "strike") == ["strike today"]
    table = run("watch", "show", "strike")
    assert (table.code, "strike today" in table.out, "sunny" in table.out) == (0, True, False)


@BOTH_PLACES
def test_a_command_that_is_proposed_can_be_pasted_whatever_the_name(run: Run) -> None:
    """Broken line: `{name}` without `quote` in `add`; it reported `$(date)` as the last word."""
    name = "Bistrot: ce qu'on dit de l'été; $(date)"
    for made in (
        run("watch", "add", name, "bistrot"),
        run("watch", "remove", name),
        run("alert", "add", name, "--on", "burst"),
        run("alert", "remove", name, "--yes"),
    ):
        assert made.code == 0
        program, *words = shlex.split(made.err.split("`")[1])
        assert (program, words[-1]) == ("veilleur", name)


def test_a_watch_is_edited_and_what_is_not_named_stays(run: Run, keep: Keep) -> None:
    keep(arrival(1, sighting("strike today")), arrival(2, sighting("sunny")))
    run("watch", "add", "strike", "strike", "--description", "Why", "--zone", "Europe/Paris")
    assert run("watch", "edit", "strike", "--query", "sunny", "--name", "sun").code == 0
    assert shown(run, "sun") == ["sunny"]
    [one] = [json.loads(line)["watch"] for line in run("watch", "list", "--format", "jsonl").out.splitlines()]
    assert (one["description"], one["zone"], one["version"]) == ("Why", "Europe/Paris", 2)
    assert run("watch", "edit", "sun", "--description", "").code == 0
    assert json.loads(run("watch", "list", "--format", "jsonl").out)["watch"]["description"] is None
    assert run("watch", "edit", "sun").code == 2


@BOTH_PLACES
def test_a_removed_watch_rests_and_can_be_restored(run: Run) -> None:
    run("watch", "add", "strike", "strike")
    assert run("watch", "remove", "strike").code == 0
    assert listed(run) == []
    assert listed(run, "--archived") == [("strike", "strike")]
    for refused in (("add", "strike", "x"), ("edit", "strike", "--query", "x"), ("follow", "strike")):
        ran = run("watch", *refused)
        assert (ran.code, "watch restore strike" in ran.err) == (2, True)
    assert run("watch", "restore", "strike").code == 0
    assert listed(run) == [("strike", "strike")]


@BOTH_PLACES
def test_a_wrong_query_name_or_zone_is_refused_and_nothing_is_kept(run: Run) -> None:
    wrong = run("watch", "add", "strike", "(strike")
    assert (wrong.code, wrong.err.count("\n"), "the query cannot be read" in wrong.err) == (2, 1, True)
    for name in ("a/b", " strike", "x" * 101, ""):
        assert run("watch", "add", name, "strike").code == 2
    assert run("watch", "add", "strike", "strike", "--zone", "Nowhere/Land").code != 0
    assert listed(run) == []


@BOTH_PLACES
@pytest.mark.parametrize("command", ["show", "remove", "restore", "follow", "backtest"])
def test_a_watch_that_is_not_there_is_said_so(run: Run, command: str) -> None:
    ran = run("watch", command, "none")
    assert (ran.code, ran.out, "watch list" in ran.err) == (2, "", True)


@BOTH_PLACES
def test_a_name_that_another_watch_has_is_not_taken(run: Run) -> None:
    run("watch", "add", "strike", "strike")
    run("watch", "add", "sun", "sunny")
    assert run("watch", "add", "sun", "other").code == 2
    assert run("watch", "edit", "strike", "--name", "sun").code == 2
    assert listed(run) == [("strike", "strike"), ("sun", "sunny")]


@BOTH_PLACES
def test_a_condition_is_tried_on_the_past(run: Run, keep: Keep) -> None:
    keep(*(arrival(n + 1, sighting(f"strike {n}", at_ms=_minutes_ago(90 - n))) for n in range(4)))
    run("watch", "add", "strike", "strike")
    ran = run("watch", "backtest", "strike", "--condition", "count", "--at-least", "3", "--days", "1", "-f", "jsonl")
    [told] = [json.loads(line) for line in ran.out.splitlines()]
    assert told["evidence_count"] == 3
    assert "4 mentions, and 1 alerts" in ran.err
    assert run("watch", "backtest", "strike", "--days", "1").code == 0


@BOTH_PLACES
@pytest.mark.parametrize(
    ("options", "tried"),
    [
        ((), "every mention (--condition count or silence tries another)"),
        (("--condition", "count", "--at-least", "3"), "at least 3 within 60 minutes"),
        (
            ("--condition", "silence", "--minutes", "1440", "--cool-down", "30"),
            "none for 1,440 minutes, at least 30 minutes from one alert to the next",
        ),
    ],
)
def test_the_last_line_of_a_backtest_says_what_was_tried(run: Run, options: tuple[str, ...], tried: str) -> None:
    """Broken line: the last line of before; it reported `In 30 days 0 mentions, and 0 alerts.` alone."""
    run("watch", "add", "strike", "strike")

    ran = run("watch", "backtest", "strike", *options)

    assert ran.err.splitlines()[-1].endswith(f"alerts. Tried: {tried}.")


@BOTH_PLACES
def test_what_is_followed_is_shown_as_it_comes_and_interrupting_it_ends_well(
    run: Run, keep: Keep, reach: tuple[str, ...], data_dir: Path, tmp_path: Path
) -> None:
    run("watch", "add", "strike", "strike")
    register_consumer(data_dir)
    out, err = tmp_path / "out", tmp_path / "err"
    command = [sys.executable, "-m", "veilleur.cli.entry", "watch", "follow", *reach, "strike", "--format", "jsonl"]
    with out.open("wb") as lines, err.open("wb") as words:
        process = subprocess.Popen(command, stdout=lines, stderr=words)
    try:
        until(lambda: "Ctrl+C" in err.read_text(), within_seconds=60, what="that it follows")
        for n, text in enumerate(("strike one", "sunny", "strike two"), start=1):
            keep(arrival(n, sighting(text, at_ms=NOON_MS + n)))
            note(data_dir)
            if text != "sunny":
                until(partial(holds, out, text), within_seconds=60, what=text)
        process.send_signal(signal.SIGINT)
        code = process.wait(60)
    finally:
        process.kill()
        process.wait(30)
    assert [json.loads(line)["body"] for line in out.read_text().splitlines()] == ["strike one", "strike two"]
    assert (code, "Traceback" in err.read_text()) == (0, False)


@BOTH_PLACES
def test_what_has_no_end_is_no_json_object_and_no_csv(run: Run) -> None:
    run("watch", "add", "strike", "strike")
    for form in ("json", "csv"):
        assert run("watch", "follow", "strike", "--format", form).code == 2


def holds(file: Path, text: str) -> bool:
    """Return whether a file holds this text by now."""
    return text in file.read_text()


def register_consumer(data_dir: Path) -> None:
    """Let watches hear of what comes from now on, as a daemon that starts does."""
    database = open_database(f"sqlite:///{data_dir / 'veilleur.db'}")
    register(database, CONSUMER)
    database.close()


def note(data_dir: Path) -> None:
    """Note what came in, as a running daemon does."""
    database = open_database(f"sqlite:///{data_dir / 'veilleur.db'}")
    while consume(database, watch_consumer(database, lambda: datetime.now(UTC))):
        pass
    database.close()


def _minutes_ago(minutes: int) -> int:
    return int(datetime.now(UTC).timestamp() * 1_000) - minutes * 60_000
