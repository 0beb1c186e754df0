"""Lists on a terminal of 80 columns: names stay whole, sentences have room, nothing runs over the edge."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from io import StringIO

import pytest
from rich.console import Console

from tests.architecture.source_file import PROJECT
from tests.daemon.cli.conftest import Run
from veilleur.cli.output.coverage import coverage_table
from veilleur.model.coverage import WHOLE_DEVICE, CoverageCause, CoverageInterval, GapKind

SAMPLE = PROJECT / "samples" / "restaurant-week.jsonl"
INTERVALS = [
    CoverageInterval(
        device="salle-1",
        cause=cause,
        subject=subject,
        since_at=datetime(2026, 11, 21, 8, 30, tzinfo=UTC),
        until_at=until_at,
        count=3,
        detail=detail,
    )
    for cause, subject, until_at, detail in (
        (CoverageCause.OFFLINE, WHOLE_DEVICE, None, "it left the broker"),
        (CoverageCause.SATURATED, "com.zhiliaoapp.musically", datetime(2026, 11, 21, 9, tzinfo=UTC), None),
        (CoverageCause.GAP, "e1:4-6", datetime(2026, 11, 21, 9, tzinfo=UTC), GapKind.MISSING.value),
    )
]


@pytest.fixture(autouse=True)
def _narrow(data_dir: object, monkeypatch: pytest.MonkeyPatch) -> None:
    assert data_dir
    monkeypatch.setenv("COLUMNS", "80")


def fits(shown: str) -> bool:
    return max(map(len, shown.splitlines())) <= 80


def has_line(shown: str, words: Sequence[str]) -> bool:
    return any(all(word in line for word in words) for line in shown.splitlines())


def test_apps_have_a_line_each_and_what_is_verified_has_room_for_sentences(run: Run) -> None:
    """Broken line: `_tables` with `width >= 0`; it reported apps in two lines and a column of eleven letters."""
    shown = run("parsers").out
    assert fits(shown)
    assert has_line(shown, ("meta_business 2", "built in", "reads"))
    assert has_line(shown, ("gmail 1", "The subject of Google Alerts in English, which public programs"))


def test_apps_and_what_is_verified_stand_side_by_side_where_there_is_room(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Broken line: `_tables` with `width < 0`; it reported no line with both."""
    monkeypatch.setenv("COLUMNS", "160")
    assert has_line(run("parsers").out, ("facebook 2", "built in", "nothing: every wording is supposed"))


@pytest.mark.parametrize("listed", [("notifications",), ("quarantine", "list"), ("quarantine", "rates")])
def test_an_apps_name_stands_in_one_line(run: Run, listed: tuple[str, ...]) -> None:
    """Broken line: `is_wide = True` in each table; it reported names in two lines and more."""
    assert run("replay", str(SAMPLE)).code == 0
    shown = run(*listed).out
    assert fits(shown)
    assert has_line(shown, ("com.zhiliaoapp.musically",))


def test_what_was_not_seen_is_told_in_whole_words() -> None:
    """Broken line: `is_wide = True`; it reported no line with the app's name."""
    out = StringIO()
    Console(file=out, width=80).print(coverage_table(INTERVALS, UTC, 80))
    shown = out.getvalue()
    assert fits(shown)
    assert has_line(shown, ("2026-11-21 08:30", "away"))
    assert has_line(shown, ("com.zhiliaoapp.musically",))
    assert has_line(shown, ("the device may still",))


def test_alerts_that_are_none_yet_are_told_to_be_none(run: Run) -> None:
    """Broken line: `listed` without its last two; it reported an empty text."""
    assert run("alert", "list").err == "No alert yet: `veilleur alert add NAME` makes a rule.\n"
    assert run("alert", "list", "--open").err == "No alert waits for somebody.\n"
    assert run("alert", "list", "--format", "jsonl").out == ""
