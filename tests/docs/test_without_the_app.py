"""The guide for people without the app names sources, options and sayings that the program has."""

from __future__ import annotations

import argparse
import re

import pytest

from tests.architecture.source_file import PROJECT
from tests.docs.markdown_page import Page
from veilleur_bridge.command.entry import SUBCOMMANDS

PAGES = [Page(PROJECT / "docs" / "guides" / f"{name}.md") for name in ("without-the-app", "sans-l-application")]
EACH_PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path.stem)
_CALL = re.compile(r"veilleur-bridge(?:\.pyz)? ([a-z]+)([^`\n]*)")
_ROW = re.compile(r"^\| ([a-z][^|`]*) \| ", re.MULTILINE)


@EACH_PAGE
def test_every_source_and_option_exists(page: Page) -> None:
    helps = {subcommand.name: help_of(subcommand.add_arguments) for subcommand in SUBCOMMANDS}
    calls = _CALL.findall(page.text)
    unknown = [
        option for name, rest in calls for option in re.findall(r"--[a-z-]+", rest) if option not in helps.get(name, "")
    ]

    assert {name for name, _ in calls} == {"adb", "termux", "feed"}
    assert unknown == []


def help_of(add_arguments: object) -> str:
    parser = argparse.ArgumentParser()
    assert callable(add_arguments)
    add_arguments(parser)
    return parser.format_help()


@EACH_PAGE
def test_what_the_program_says_is_what_the_page_explains(page: Page) -> None:
    sources = "\n".join(path.read_text() for path in (PROJECT / "bridge" / "veilleur_bridge").rglob("*.py"))
    said = _ROW.findall(page.text.rpartition("\n|---|---|\n")[2])

    assert len(said) == 6
    assert [words for words in said if words not in sources] == []
