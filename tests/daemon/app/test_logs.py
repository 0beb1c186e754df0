"""Logs go to standard error at the wanted level and in the wanted form, never to standard output."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

PROGRAM = """
import logging, sys
import structlog
from veilleur.app.logs import configure_logs
from veilleur.app.settings import load_settings

logger = structlog.get_logger()
configure_logs(load_settings(), is_brief="brief" in sys.argv)
for level in ("debug", "info", "warning", "error"):
    getattr(logger, level)("event", level_said=level)
    getattr(logging.getLogger("library"), level)("record %s", level)
"""


def logged(*arguments: str, **settings: str) -> list[str]:
    """Return the lines on standard error of a program that logs once at each level."""
    environment = {f"VEILLEUR_{name.upper()}": value for name, value in settings.items()}
    command = [sys.executable, "-c", PROGRAM, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment, cwd="/")
    assert done.stdout == ""
    return done.stderr.splitlines()


@pytest.mark.parametrize(
    ("level", "own", "libraries"),
    [
        ("debug", ["debug", "info", "warning", "error"], ["warning", "error"]),
        ("info", ["info", "warning", "error"], ["warning", "error"]),
        ("error", ["error"], ["error"]),
    ],
)
def test_the_wanted_level_is_logged_and_libraries_are_quieter(level: str, own: list[str], libraries: list[str]) -> None:
    lines = logged(log_level=level, log_format="json")
    events = [json.loads(line) for line in lines if line.startswith("{")]
    assert [event["level"] for event in events] == [event["level_said"] for event in events] == own
    assert all(event["timestamp"].endswith("Z") for event in events)
    assert [line for line in lines if not line.startswith("{")] == [
        f"{one.upper()} library record {one}" for one in libraries
    ]


def test_a_brief_command_keeps_to_warnings_unless_more_was_asked_for() -> None:
    assert [line for line in logged("brief") if "level_said=info" in line] == []
    assert [line for line in logged("brief", log_level="debug") if "level_said=debug" in line] != []


def test_text_in_a_file_has_no_colours() -> None:
    lines = logged(log_format="text")
    assert any("level_said=info" in line for line in lines)
    assert not any("\x1b" in line for line in lines)
