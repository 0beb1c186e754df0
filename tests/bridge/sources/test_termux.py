"""A look by Termux:API is a list, a part of one, or a sentence that says what to do."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from veilleur_bridge.sources.command_run import CommandRun
from veilleur_bridge.sources.look import Look, Problem
from veilleur_bridge.sources.termux import TermuxList

ONE = {"id": 1, "key": "0|a.b|1|null|10", "packageName": "a.b", "title": "Nadia", "content": "a commenté"}


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """Give a `termux-notification-list` that does what the files `list`, `seconds` and `code` beside it say."""
    path = tmp_path / "termux-notification-list"
    path.write_text(
        f"#!{sys.executable} -SI\n"
        "import sys, time\nfrom pathlib import Path\nhere = Path(__file__).parent\n"
        "sys.stdout.buffer.write((here / 'list').read_bytes())\nsys.stdout.flush()\n"
        "time.sleep(float((here / 'seconds').read_text()))\nsys.exit(int((here / 'code').read_text()))\n"
    )
    path.chmod(0o755)
    return path


def look(program: Path, printed: bytes, *, seconds: float = 0, code: int = 0) -> Look:
    (program.parent / "list").write_bytes(printed)
    (program.parent / "seconds").write_text(str(seconds))
    (program.parent / "code").write_text(str(code))
    return TermuxList(CommandRun(timeout_seconds=1.0 if seconds else 20.0), program=str(program)).look()


def test_a_list_is_read_whole(program: Path) -> None:
    seen = look(program, json.dumps([ONE, {**ONE, "key": "0|a.b|2|null|10"}], indent=2).encode())

    assert seen.shown is not None
    assert [found.notification.title for found in seen.shown.notifications] == ["Nadia", "Nadia"]
    assert seen.shown.is_whole
    assert seen.trouble is None


def test_an_empty_list_is_a_list(program: Path) -> None:
    seen = look(program, b"[]\n")

    assert seen.shown is not None
    assert seen.shown.is_whole


def test_a_list_of_a_program_that_failed_may_lack_something(program: Path) -> None:
    seen = look(program, b"[]\n", code=3)

    assert seen.shown is not None
    assert not seen.shown.is_whole


@pytest.mark.fault
@pytest.mark.parametrize(
    ("printed", "seconds", "problem"),
    [
        (b"", 0, Problem.TERMUX_API_SILENT),
        (b"", 30, Problem.TERMUX_API_SILENT),
        (b"Usage: termux-notification-list\n", 0, Problem.LIST_GARBLED),
        (b"\xff\xfe" * 40, 0, Problem.LIST_GARBLED),
    ],
)
def test_what_is_no_list_says_what_to_allow(program: Path, printed: bytes, seconds: float, problem: Problem) -> None:
    seen = look(program, printed, seconds=seconds)

    assert seen.shown is None
    assert seen.trouble is not None
    assert seen.trouble.problem is problem
    assert "Termux:API" in seen.trouble.advice


@pytest.mark.fault
def test_wherever_a_list_breaks_off_only_what_came_whole_is_taken(program: Path) -> None:
    printed = json.dumps([ONE, {**ONE, "key": "0|a.b|2|null|10"}]).encode()
    for cut_at in range(printed.index(b"packageName") + 20, len(printed) - 1, 23):
        seen = look(program, printed[:cut_at])

        assert seen.shown is not None
        assert not seen.shown.is_whole
        assert len(seen.shown.notifications) in (0, 1)
        assert seen.trouble is not None
        assert seen.trouble.problem is Problem.DUMP_CUT


def test_one_bad_entry_costs_itself(program: Path) -> None:
    seen = look(program, json.dumps([{"key": 3, "packageName": "a.b"}, ONE]).encode())

    assert seen.shown is not None
    assert len(seen.shown.notifications) == 1
    assert seen.trouble is not None
    assert seen.trouble.problem is Problem.RECORD_UNREADABLE


def test_a_missing_termux_api_is_said(tmp_path: Path) -> None:
    seen = TermuxList(CommandRun(timeout_seconds=5), program=str(tmp_path / "nowhere")).look()

    assert seen.trouble is not None
    assert seen.trouble.problem is Problem.TERMUX_API_MISSING
