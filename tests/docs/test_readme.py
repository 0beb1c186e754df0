"""README keeps its word: the five minutes show what is printed, and what its tables name exists."""

from __future__ import annotations

from tests.architecture.source_file import PROJECT
from tests.docs.markdown_page import Page
from tests.docs.newcomer import Newcomer
from tests.servers.daemon import Daemon

README = Page(PROJECT / "README.md")


def test_the_five_minutes_show_what_is_printed(daemon: Daemon) -> None:
    Newcomer(daemon).follow(README)


def test_the_five_minutes_reach_from_one_command_to_a_live_notification() -> None:
    commands = [step.command for step in README.steps]

    assert commands[0] == "make up"
    assert [step.command for step in README.steps if not step.printed] == [". .venv/bin/activate", "TOKEN=veil_…"]
    assert any("--via mqtt" in command for command in commands)
    assert any(command.startswith("curl ") for command in commands)
