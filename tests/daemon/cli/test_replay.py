"""`veilleur replay` and `reparse`: exit codes, summaries, and nothing lost or counted twice."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source_file import PROJECT
from tests.daemon.cli.conftest import Run
from tests.daemon.cli.pseudo_terminal import run_on_terminal

WEEK = PROJECT / "samples" / "restaurant-week.jsonl"
LINES = WEEK.read_bytes().splitlines(keepends=True)


def counts(out: str) -> dict[str, int]:
    """Return the summary as numbers by name."""
    pairs = (line.rsplit(None, 1) for line in out.splitlines())
    return {name.strip(): int(number.replace(",", "")) for name, number in pairs}


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Give a log of forty good lines."""
    path = tmp_path / "log.jsonl"
    path.write_bytes(b"".join(LINES[:40]))
    return path


def test_the_sample_ends_with_every_envelope_accounted_for_and_twice_adds_nothing(run: Run) -> None:
    first, second = run("replay", str(WEEK)), run("replay", str(WEEK))

    expected = json.loads(WEEK.with_suffix(".expected.json").read_text())
    assert counts(first.out) == {
        "records": expected["envelopes"],
        **expected["notifications"],
        "dead": 0,
        "duplicate": 0,
        "mentions now": expected["mentions"]["total"],
    }
    assert counts(second.out)["duplicate"] == counts(second.out)["records"] == expected["envelopes"]
    assert counts(second.out)["mentions now"] == expected["mentions"]["total"]
    assert (first.code, second.code) == (0, 0)
    assert first.err.endswith("a second)\n")


def test_what_nobody_understood_in_a_log_is_told_beside_every_count(run: Run) -> None:
    run("replay", str(WEEK))
    expected = json.loads(WEEK.with_suffix(".expected.json").read_text())["notifications"]["quarantined"]
    told = json.loads(run("coverage", "--since", "2020-01-01", "--format", "json").out)
    counted = {one["cause"]: one["count"] for one in told["shortfalls"]}
    assert expected > 0
    assert counted["quarantined"] == expected
    assert sum(one["count"] for one in told["intervals"] if one["cause"] == "quarantined") == expected
    for command in ("mentions", "facets", "timeline", "coverage"):
        since = ("--since", "2020-01-01") if command == "coverage" else ()
        assert f"Not told whole in this time: {expected} notification" in run(command, *since).err


def test_a_dead_line_ends_with_1_is_named_and_costs_nothing_else(run: Run, log: Path) -> None:
    log.write_bytes(b"".join((*LINES[:3], b"nonsense\n", b'{"v":9}\n', *LINES[3:6])))

    ran = run("replay", str(log))

    assert ran.code == 1
    assert (counts(ran.out)["records"], counts(ran.out)["dead"]) == (8, 2)
    assert [line.split(": ")[0] for line in ran.err.splitlines()[:-1]] == ["log.jsonl:4", "log.jsonl:5"]
    assert run("notifications", "--format", "jsonl").out.count("\n") == 6


def test_a_log_that_ends_early_ends_with_1_and_what_came_before_is_kept(run: Run, log: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.jsonl.gz"
    whole = gzip.compress(b"".join(LINES))
    cut.write_bytes(whole[: len(whole) // 2])

    ran = run("replay", str(cut))

    assert ran.code == 1
    assert "cut.jsonl.gz" in ran.err
    kept = run("notifications", "--format", "jsonl").out.count("\n")
    assert 0 < kept < len(LINES)
    assert run("replay", str(log)).code == 0


def test_every_file_is_tried_and_a_missing_or_unknown_one_ends_with_2(run: Run, log: Path, tmp_path: Path) -> None:
    binary = tmp_path / "binary"
    binary.write_bytes(bytes(range(256)) * 100)

    ran = run("replay", str(tmp_path / "missing.jsonl"), str(binary), str(log))

    assert ran.code == 2
    assert counts(ran.out)["records"] == 40
    assert [part for part in ("missing.jsonl", "binary", "--format") if part not in ran.err] == []
    assert "Traceback" not in ran.err


def test_nothing_readable_prints_no_summary(run: Run, tmp_path: Path) -> None:
    ran = run("replay", str(tmp_path), str(tmp_path / "missing"))

    assert (ran.code, ran.out) == (2, "")
    assert all(line.startswith("veilleur: ") for line in ran.err.splitlines())


def test_a_dry_run_shows_what_would_be_captured_and_keeps_nothing(run: Run, log: Path) -> None:
    log.write_bytes(b"".join(LINES) + b"nonsense\n")

    ran = run("replay", "--dry-run", str(log))

    assert ran.code == 1
    assert ran.out.splitlines()[-1].startswith(f"log.jsonl:{len(LINES) + 1}  dead  ")
    assert "    comment  " in ran.out
    expected = json.loads(WEEK.with_suffix(".expected.json").read_text())
    assert f" 1 dead, {expected['mentions']['total']} mentions in them" in ran.err
    assert run("notifications", "--format", "jsonl").out == ""


@pytest.mark.usefixtures("data_dir")
def test_standard_input_is_a_log_too(log: Path) -> None:
    command = [sys.executable, "-m", "veilleur.cli.entry", "replay", "-"]

    done = subprocess.run(command, input=log.read_bytes(), capture_output=True, check=True)

    assert counts(done.stdout.decode())["records"] == 40
    assert done.stderr.count(b"\n") == 1


@pytest.mark.usefixtures("data_dir")
def test_a_terminal_sees_a_bar_with_rate_and_time_left(tmp_path: Path) -> None:
    log = tmp_path / "long.jsonl"
    log.write_bytes(b"".join(LINES) * 30)

    shown = run_on_terminal("replay", str(log), stream="stderr")

    assert shown.code == 0
    assert [part for part in ("long.jsonl", "%", "/s", "0:00:") if part not in shown.terminal] == []
    assert "\x1b" not in shown.other


def test_reparse_reproduces_the_same_mentions(run: Run) -> None:
    run("replay", str(WEEK))
    before = run("mentions", "--format", "jsonl", "--all").out

    ran = run("reparse")

    assert ran.code == 0
    assert counts(ran.out) == {"read": 300, "added": 0, "changed": 0, "dropped": 0}
    assert run("mentions", "--format", "jsonl", "--all").out == before
