"""README keeps its word: the five minutes are played as they are printed, and what it names exists."""

from __future__ import annotations

from pathlib import Path

from tests.architecture.source_file import PROJECT
from tests.docs.markdown_page import Page
from tests.docs.newcomer import Newcomer
from tests.servers.daemon import running_daemon

README = Page(PROJECT / "README.md")


def test_the_five_minutes_show_what_is_printed(tmp_path: Path) -> None:
    with running_daemon(tmp_path) as daemon:
        Newcomer(daemon).follow(README)

    assert "make up" in [step.command for step in README.steps]
