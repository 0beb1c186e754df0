"""`veilleur alert …`: rules are made, changed, listed and rest; a wrong one says what would be right."""

from __future__ import annotations

import json

import pytest

from tests.daemon.cli.conftest import BOTH_PLACES, Run


@BOTH_PLACES
def test_a_rule_is_made_changed_listed_and_rests_and_every_project_has_one_to_begin_with(run: Run) -> None:
    run("watch", "add", "plastique", "plastique")
    count = ("alert", "add", "nombre", "--on", "count", "--watch", "plastique", "--at-least", "5")
    made = run(*count)
    assert (made.code, "no receiver yet" in made.err) == (0, True)
    assert "already" in run(*count).err
    assert run("alert", "edit", "nombre", "--quiet", "22:00-07:30", "--zone", "Europe/Paris").code == 0
    (rule,) = [json.loads(line) for line in run("alert", "rules", "--format", "jsonl").out.splitlines()]
    assert (rule["version"], rule["draft"]["at_least"]) == (2, 5)
    assert rule["draft"]["quiet"] == {"from_minute": 22 * 60, "until_minute": 7 * 60 + 30}
    assert "no receiver" in run("alert", "test", "nombre").err
    assert run("alert", "remove", "nombre").code == 1
    assert run("alert", "remove", "nombre", "--yes").code == 0
    assert "rests" in run("alert", "rules").out
    assert run("alert", "restore", "nombre").code == 0
    assert run("alert", "list").code == 0
    assert "no alert 7" in run("alert", "ack", "7").err


@BOTH_PLACES
@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--on", "count"), "needs a watch"),
        (("--on", "count", "--watch", "nothing"), "no watch of this name"),
        (("--on", "parser_drift", "--watch", "plastique"), "takes no watch"),
        (("--on", "burst", "--to", "nobody"), "no receiver nobody"),
        (("--on", "burst", "--next-after", "5"), "on-call"),
        (("--on", "burst", "--zone", "Mars/Olympus"), "time zone"),
        (("--on", "burst", "--quiet", "late"), "22:00-07:00"),
        ((), "--on"),
    ],
)
def test_a_rule_that_could_not_do_what_it_says_is_refused(run: Run, options: tuple[str, ...], reason: str) -> None:
    refused = run("alert", "add", "rule", *options)
    assert refused.code == 2
    assert reason in " ".join(refused.err.split())
