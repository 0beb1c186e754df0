"""The help: every command has examples, and each can be typed as it stands."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Any

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from tests.daemon.cli.conftest import Run
from veilleur.cli.root import build_cli


def command_lines(command: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the words of every command and group, the root's being none."""
    yield path
    if isinstance(command, TyperGroup):
        for name, inner in command.commands.items():
            yield from command_lines(inner, (*path, name))


COMMANDS = list(command_lines(get_command(build_cli())))


def test_the_commands_are_those_of_the_first_release() -> None:
    assert {" ".join(path) for path in COMMANDS} == {
        "",
        *("up", "serve", "ingest", "broker", "replay", "reparse", "mentions", "notifications", "doctor", "config"),
        "export",
        *("parsers", "parsers wordings", "parsers new", "parsers allow", "parsers disallow", "parsers resume"),
        *("broker open", "broker close", "broker certificate"),
        *("device", "device add", "device close-gap", "device list"),
        *("device pair", "device show", "device rename", "device revoke"),
        *("coverage", "device config", "device config show", "device config allow", "device config disallow"),
        *("device config set", "device config import", "device config export", "device config undo"),
        *("token", "token create", "token list", "token revoke"),
        *("db", "db upgrade"),
        *("quarantine", "quarantine list", "quarantine show", "quarantine retry", "quarantine rates"),
        *("campaign", "campaign add", "campaign list", "campaign show"),
        *("campaign rename", "campaign remove", "campaign propose"),
        *("qualify", "qualify set", "qualify journal", "qualify undo"),
        *("facets", "timeline", "person", "person add", "person link", "person list", "person role", "person remove"),
        *("rule", "rule add", "rule list", "rule apply", "rule remove"),
        *("watch", "watch add", "watch list", "watch show", "watch edit", "watch remove", "watch restore"),
        *("watch history", "watch follow", "watch backtest"),
        *("feed", "feed create", "feed list", "feed renew", "feed revoke"),
        *("receiver", "receiver add", "receiver list", "receiver test", "receiver remove"),
        *("receiver subscribe", "receiver subscriptions", "receiver unsubscribe", "delivery", "delivery list"),
        *("delivery retry", "broker reader", "broker reader add", "broker reader list", "broker reader remove"),
        *("report", "report make", "report schedule", "report list", "report remove"),
        *("alert", "alert list", "alert ack", "alert rules", "alert add", "alert edit"),
        *("trends", "bursts", "forwards", "crossings", "communities", "communities list"),
        *("communities name", "communities rename", "communities unname"),
        *("alert remove", "alert restore", "alert test"),
        *("project", "project add", "project list", "project rename", "project take", "project let-in"),
        *("project let-go", "project remove"),
        *("plan", "plan show", "plan add", "plan remove", "plan import", "plan export"),
        *("patterns", "patterns suggest", "patterns test", "patterns accept"),
    }


def example_lines(help_text: str) -> list[str]:
    """Return the command lines of a help's examples."""
    _, _, examples = help_text.partition("Examples")
    return [line.strip() for line in examples.splitlines() if line.startswith("   ") and line.strip()]


def typed_words(line: str) -> list[str]:
    """Return the words that a shell would hand to `veilleur`."""
    shell = shlex.shlex(line.partition("$(")[2].rstrip(")") or line, punctuation_chars="|<>", posix=True)
    shell.whitespace_split = True
    words = list(shell)
    own = words[words.index("veilleur") + 1 :]
    return own[: next((at for at, word in enumerate(own) if word[0] in "|<>"), None)]


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_help_holds_examples_of_that_command(
    run: Run, path: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")

    shown = run(*path, "--help")

    examples = [typed_words(line) for line in example_lines(shown.out)]
    assert shown.code == 0
    assert examples
    assert all(tuple(words[: len(path)]) == path for words in examples)


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_example_can_be_typed_as_it_stands(
    run: Run, path: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    for line in example_lines(run(*path, "--help").out):
        command: Any = get_command(build_cli())
        words = typed_words(line)
        while isinstance(command, TyperGroup) and words and words[0] in command.commands:
            command = command.commands[words.pop(0)]
        command.make_context(line, words)


@pytest.mark.parametrize("arguments", [("frobnicate",), ("mentions", "--limit", "0"), ("replay",), ("token", "revoke")])
def test_wrong_usage_ends_with_2_and_says_so_on_standard_error(run: Run, arguments: tuple[str, ...]) -> None:
    ran = run(*arguments)

    assert ran.code == 2
    assert ran.out == ""
    assert "Error" in ran.err


@pytest.mark.parametrize(
    ("tried", "meant"), [(("search",), ("mentions",)), (("plan", "list"), ("plan", "show"))], ids=["search", "plan"]
)
def test_a_word_that_people_try_is_taken_for_the_command_and_not_shown(
    run: Run, tried: tuple[str, ...], meant: tuple[str, ...]
) -> None:
    """Broken line: the groups of before; it reported 2 and `No such command`."""
    assert (done := run(*tried, "--format", "csv")) == run(*meant, "--format", "csv")
    assert (done.code, run(*tried, "--help")) == (0, run(*meant, "--help"))
    assert tried not in COMMANDS
    shown = run(*tried[:-1], "--help").out
    assert not [line for line in shown.splitlines() if line.strip("│ ").startswith(f"{tried[-1]} ")]


@pytest.mark.parametrize("arguments", [("plan", "add", "#pouletrose"), ("parsers", "--format", "#pouletrose")])
def test_a_value_is_refused_without_the_name_of_an_exception(run: Run, arguments: tuple[str, ...]) -> None:
    """Broken line: the commands of before; it reported `Value error, '#pouletrose' is not one of`."""
    ran = run(*arguments)

    assert (ran.code, "'#pouletrose' is not one of" in ran.err) == (2, True)
    assert "Value error" not in ran.err
