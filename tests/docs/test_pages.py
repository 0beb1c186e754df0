"""Every page that people wrote: its links arrive, and the commands and settings that it names exist."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import Any

import pytest
import typer.main

from tests.architecture.source_file import PROJECT, project_files
from tests.docs.markdown_page import Page
from veilleur.app.settings import Settings
from veilleur.cli.root import build_cli

PAGES = [Page(PROJECT / path) for path in project_files() if path.suffix == ".md" and "reference" not in path.parts]
COMMANDS: Any = typer.main.get_command(build_cli())
TABLE_COMMANDS = {"up", "replay", "mentions", "notifications", "device", "token", "reparse", "doctor"}

_COMMAND = re.compile(r"""(?<![\w./-])veilleur [a-z](?:'[^']*'|"[^"]*"|[^'"|<>;&#()`])*""")
_PLACEHOLDER = re.compile(r"[A-Z]+|…")
_SETTING = re.compile(r"\bVEILLEUR_[A-Z_]*[A-Z]\b")


def named(page: Page) -> Iterator[str]:
    """Yield each `veilleur …` that a page names, in a sentence or in a block."""
    lines = [line for block in page.blocks for line in block.lines]
    for text in [*page.inline_code, *lines]:
        yield from (found[0].strip() for found in _COMMAND.finditer(text))


def fault(command: str) -> str | None:
    """Say what of a command line the program does not know; None where it knows everything."""
    known = COMMANDS
    words = shlex.split(command)[1:]
    while words and hasattr(known, "commands"):
        if words[0].startswith("-") and known.invoke_without_command:
            break
        word = words.pop(0)
        if _PLACEHOLDER.fullmatch(word):
            return None
        if word not in known.commands:
            return f"no command {word}"
        known = known.commands[word]
    options = {option for parameter in known.params for option in parameter.opts} | {"--help"}
    unknown = [word for word in words if re.match(r"--?[a-z]", word) and word.partition("=")[0] not in options]
    return f"no option {unknown}" if unknown else None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.path.relative_to(PROJECT)))
def test_every_link_leads_somewhere(page: Page) -> None:
    assert [target for target in page.links if not page.leads_to(target)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.path.relative_to(PROJECT)))
def test_every_command_and_option_exists(page: Page) -> None:
    assert {command: said for command in named(page) if (said := fault(command))} == {}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.path.relative_to(PROJECT)))
def test_every_setting_exists(page: Page) -> None:
    known = {f"VEILLEUR_{name.upper()}" for name in Settings.model_fields}

    assert set(_SETTING.findall(page.text)) - known == set()


def test_readme_names_the_commands_that_people_need() -> None:
    readme = Page(PROJECT / "README.md")

    assert {command.split()[1] for command in named(readme)} >= TABLE_COMMANDS


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("veilleur mentionz", "no command mentionz"),
        ("veilleur token make NAME", "no command make"),
        ("veilleur replay --dryrun FILE", "no option ['--dryrun']"),
        ("veilleur mentions '#tag --x' --format=csv", None),
        ("veilleur COMMAND --help", None),
    ],
)
def test_what_does_not_exist_would_be_found(command: str, said: str | None) -> None:
    assert fault(command) == said


def test_a_link_to_nowhere_would_be_found() -> None:
    page = Page(PROJECT / "README.md")

    assert not page.leads_to("docs/nowhere.md")
    assert not page.leads_to("ARCHITECTURE.md#no-such-heading")
    assert page.leads_to("ARCHITECTURE.md#the-life-of-one-notification")
