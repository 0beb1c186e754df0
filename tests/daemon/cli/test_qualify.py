"""`veilleur qualify …` and `veilleur rule …`: counted first, said, told in the journal, undone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.daemon.cli.conftest import BOTH_PLACES, Keep, Run
from tests.daemon.store.arrivals import arrival, sighting


def said_of(run: Run) -> list[object]:
    return [
        json.loads(line)["qualification"] for line in run("mentions", "--format", "jsonl", "--all").out.splitlines()
    ]


@BOTH_PLACES
def test_a_query_is_counted_qualified_told_and_undone(run: Run, keep: Keep) -> None:
    keep(arrival(1, sighting("le colis"), sighting("merci", sender="Bo")))
    counted = run("qualify", "set", "--query", "colis", "--tone", "negative", "--tag", "livraison", "--dry-run")
    assert (counted.code, "Would qualify 1 mention: tone negative, +livraison." in counted.err) == (0, True)
    assert said_of(run) == [None, None]
    asked = run("qualify", "set", "--query", "colis", "--tone", "negative")
    assert (asked.code, "--yes qualifies without asking" in asked.err) == (1, True)
    done = run("qualify", "set", "--query", "colis", "--tone", "negative", "--tag", "livraison", "--yes")
    assert (done.code, "veilleur qualify undo 1" in done.err) == (0, True)
    found = [json.loads(line) for line in run("mentions", "tag:livraison", "--format", "jsonl").out.splitlines()]
    assert [one["qualification"]["tone_by"] for one in found] == [{"name": "cli", "is_rule": False}]
    journal = [json.loads(line) for line in run("qualify", "journal", "--format", "jsonl").out.splitlines()]
    assert [(one["id"], one["mention_count"], one["query"]) for one in journal] == [(1, 1, "colis")]
    entries = run("qualify", "journal", found[0]["id"], "--format", "csv").out.splitlines()
    assert len(entries) == 3
    assert "cli" in run("qualify", "journal").out
    assert "1 mention." in run("qualify", "undo", "1").err
    assert said_of(run) == [None, None]
    assert run("qualify", "undo", "1").code == 2


@BOTH_PLACES
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--tone", "negative"), "by their ids, or give --query"),
        (("abc", "--query", "x", "--tone", "negative"), "by their ids, or give --query"),
        (("--query", "x"), "say something"),
        (("--query", "x", "--tag", "two words"), "a tag is one word"),
        (("--query", "x AND", "--tag", "a"), "column"),
    ],
)
def test_what_cannot_be_said_is_refused_with_what_can(run: Run, arguments: tuple[str, ...], expected: str) -> None:
    ran = run("qualify", "set", *arguments)
    assert (ran.code, expected in " ".join(ran.err.replace("│", " ").split())) == (2, True)


@BOTH_PLACES
def test_a_rule_is_made_from_a_file_applied_to_the_past_and_removed(run: Run, keep: Keep, tmp_path: Path) -> None:
    keep(arrival(1, sighting("c'est honteux"), sighting("merci", sender="Bo")))
    words = tmp_path / "words.txt"
    words.write_text("\ufeff# mots\nhonteu*\n\nplus jamais\n", encoding="utf-8")
    made = run("rule", "add", "colère", "--words", str(words), "--tone", "negative")
    assert (made.code, "would qualify 1" in made.err) == (0, True)
    assert run("rule", "add", "colère", "--word", "x", "--tone", "negative").code == 2
    [rule] = [json.loads(line) for line in run("rule", "list", "--format", "jsonl").out.splitlines()]
    assert (rule["words"], rule["change"]) == (["honteu*", "plus jamais"], {"tone": "negative"})
    assert "colère" in run("rule", "list").out
    assert "Would qualify 1 mention: tone negative." in run("rule", "apply", "colère", "--dry-run").err
    assert run("rule", "apply", "colère", "--yes").code == 0
    assert [one for one in said_of(run) if one] != []
    assert run("rule", "remove", "colère", "--yes").code == 0
    assert run("rule", "apply", "colère").code == 2
    assert run("rule", "add", "x", "--query", "tag:y", "--tone", "negative").code == 2
