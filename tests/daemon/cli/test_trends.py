"""What stands out, on the command line: here and on a server, and the names that people give communities."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from tests.daemon.cli.conftest import BOTH_PLACES, Keep, Run
from tests.daemon.store.arrivals import arrival, sighting
from veilleur.model.arrival import Arrival
from veilleur.model.parts import Conversation
from veilleur.store.instants import to_ms

_TAGS = ("witchtok", "tarot", "lune")
_RUMOUR = "attention l eau du robinet sera coupée demain dans tout le quartier de la gare"


def story() -> list[Arrival]:
    """Return twenty-four mentions of one community over three weeks, and one message that three conversations show."""
    now_ms = to_ms(datetime.now(UTC))
    hour_ms = 3_600_000
    made = [
        sighting(f"lune {number}", at_ms=now_ms - (number + 1) * 20 * hour_ms, sender=f"W{number % 4}", hashtags=_TAGS)
        for number in range(24)
    ]
    made += [
        sighting(f"autre {number}", at_ms=now_ms - (number + 1) * hour_ms, hashtags=(f"noise{number}",))
        for number in range(300)
    ]
    for number, place in enumerate(("a", "b", "c")):
        one = sighting(f"{_RUMOUR} {place}", at_ms=now_ms - (number + 1) * hour_ms, sender=f"F{number}")
        made.append(replace(one, draft=replace(one.draft, conversation=Conversation(place, f"Groupe {place}"))))
    return [arrival(number + 1, one) for number, one in enumerate(made)]


def rows(run: Run, *arguments: str) -> list[Any]:
    ran = run(*arguments, "--format", "jsonl")
    assert ran.code == 0, ran.err
    return [json.loads(line) for line in ran.out.splitlines()]


@BOTH_PLACES
def test_a_community_is_named_renamed_and_unnamed_and_its_weeks_are_told(run: Run, keep: Keep) -> None:
    """Catches `name_community` that leaves the name `instead_of` there."""
    keep(*story())
    (found,) = rows(run, "communities", "list")
    assert (found["is_named"], sorted(found["hashtags"]), found["mention_count"]) == (False, sorted(_TAGS), 24)
    assert found["actor_count"] == 4
    assert len(found["weeks"]) in {3, 4}
    assert sum(week["mention_count"] for week in found["weeks"]) == 24
    begins = [datetime.fromisoformat(week["starts_at"]) for week in found["weeks"]]
    assert all(begin.weekday() == 0 for begin in begins)
    assert begins == [begins[0] + number * timedelta(days=7) for number in range(len(begins))]

    assert run("communities", "name", "Sorcières", "#witchtok", "tarot", "lune").code == 0
    assert [(one["name"], one["is_named"]) for one in rows(run, "communities", "list")] == [("Sorcières", True)]
    assert run("communities", "rename", "Sorcières", "WitchTok").code == 0
    assert [one["name"] for one in rows(run, "communities", "list")] == ["WitchTok"]
    unnamed = run("communities", "unname", "WitchTok")
    assert "veilleur communities name WitchTok witchtok tarot lune" in " ".join(unnamed.err.split())
    assert [one["is_named"] for one in rows(run, "communities", "list")] == [False]
    assert run("communities", "rename", "WitchTok", "x").code == 2
    assert run("communities", "unname", "Sorcières").code == 2


@BOTH_PLACES
def test_what_rises_and_what_is_passed_on_is_listed_with_what_was_not_seen(run: Run, keep: Keep) -> None:
    keep(*story())
    assert set(_TAGS) <= {one["value"] for one in rows(run, "trends", "--since", "7d")}
    assert "lune" in {one["value"] for one in rows(run, "trends", "--kind", "word", "--since", "7d")}
    (forward,) = rows(run, "forwards")
    assert sorted(forward["conversation_ids"]) == ["a", "b", "c"]
    assert rows(run, "bursts") == rows(run, "crossings") == []
    for command in ("trends", "bursts", "forwards", "crossings"):
        assert "completeness" in json.loads(run(command, "--format", "json").out)
        assert run(command, "--since", "yesterdayish").code == 2
    shown = run("communities", "list").out
    assert "#tarot" in shown
    assert "█" in shown
