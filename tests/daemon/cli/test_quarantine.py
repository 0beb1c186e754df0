"""`veilleur quarantine list|show|rates|retry`: what was not understood or could not be read, here and on a server."""

from __future__ import annotations

import json
from pathlib import Path

from tests.bridge.envelopes import good_envelope, payload_of
from tests.daemon.cli.conftest import BOTH_PLACES, Keep, Run
from tests.daemon.store.arrivals import arrival, dead, sighting
from veilleur.model.kinds import OutcomeKind

BYTES = b"\xff\xfe no text \x1b[2J"
OWN_PATTERN = """
[[pattern]]
id = "like_kitchen"
pattern = "{actor} zelva brondi your kitchen"
kind = "like"
example = "Lou Marchand zelva brondi your kitchen"
evidence = "seen"
"""


@BOTH_PLACES
def test_what_is_in_quarantine_is_listed_the_latest_first_and_with_all_in_its_order(run: Run, keep: Keep) -> None:
    keep(arrival(1, sighting("hello")), *(arrival(n, outcome=OutcomeKind.QUARANTINED) for n in range(2, 24)))

    table = run("quarantine", "list")
    rows = [json.loads(line) for line in run("quarantine", "list", "--format", "jsonl").out.splitlines()]

    assert table.out.count("quarantined") == 20
    assert "--all shows every one" in table.err
    assert [row["seq"] for row in rows] == list(range(2, 24))


@BOTH_PLACES
def test_nothing_is_said_to_be_nothing(run: Run) -> None:
    assert run("quarantine", "list").err == "Nothing is in quarantine.\n"
    assert run("quarantine", "list", "--dead").err == "Nothing is dead.\n"
    assert "was counted" in run("quarantine", "rates").err


@BOTH_PLACES
def test_dead_letters_are_listed_and_shown_to_the_byte(run: Run, keep: Keep) -> None:
    keep(dead(BYTES), dead(b'{"v": 1}'))

    rows = [json.loads(line) for line in run("quarantine", "list", "--dead", "--format", "jsonl").out.splitlines()]
    shown = run("quarantine", "show", "--dead", str(rows[0]["id"]))
    readable = run("quarantine", "show", "--dead", str(rows[1]["id"]))

    assert [row["size_bytes"] for row in rows] == [len(BYTES), 8]
    assert shown.out == f"{BYTES!r}\n"
    assert readable.out == '{\n  "v": 1\n}\n'


def test_dead_letters_that_this_release_can_read_take_their_place_once(run: Run, keep: Keep) -> None:
    readable = payload_of(good_envelope(device="salle-1", epoch="e1", seq=7))
    keep(dead(BYTES), dead(readable, seq=7))

    tried, again = run("quarantine", "retry", "--dead"), run("quarantine", "retry", "--dead")

    assert (tried.out, again.out) == ("1 of 2 dead letters could be read\n", "0 of 1 dead letters could be read\n")
    rows = [json.loads(line) for line in run("notifications", "--format", "jsonl", "--all").out.splitlines()]
    assert [(row["device"], row["epoch"], row["seq"], row["outcome"]) for row in rows] == [
        ("salle-1", "e1", 7, "parsed")
    ]
    assert len(run("mentions", "--format", "jsonl", "--all").out.splitlines()) == 1
    left = run("quarantine", "list", "--dead", "--format", "jsonl").out.splitlines()
    assert [json.loads(line)["size_bytes"] for line in left] == [len(BYTES)]


def test_one_that_held_no_place_is_marked_when_it_is_read(run: Run, keep: Keep) -> None:
    """Seen to fail without `mark_read`: it was tried, and said to be read, at every retry."""
    keep(dead(payload_of(good_envelope(device="salle-1", epoch="e1", seq=7))))

    tried, again = run("quarantine", "retry", "--dead"), run("quarantine", "retry", "--dead")

    assert (tried.out, again.out) == ("1 of 1 dead letters could be read\n", "0 of 0 dead letters could be read\n")
    assert run("quarantine", "list", "--dead").err == "Nothing is dead.\n"


def test_one_of_another_devices_name_stays_dead(run: Run, keep: Keep) -> None:
    """Seen to fail where the device that sent the bytes was not handed on: bar-9 was believed."""
    keep(dead(payload_of(good_envelope(device="bar-9", epoch="e1", seq=7))))

    assert run("quarantine", "retry", "--dead").out == "0 of 1 dead letters could be read\n"
    assert run("notifications", "--format", "jsonl", "--all").out == ""


def test_one_whose_place_another_holds_stays_dead(run: Run, keep: Keep) -> None:
    """Seen to fail where the log was not asked (`is_in_log`): it was marked as read, and nothing held it."""
    readable = payload_of(good_envelope(device="salle-1", epoch="e1", seq=7))
    keep(arrival(7, sighting("hello")), dead(readable))

    assert run("quarantine", "retry", "--dead").out == "0 of 1 dead letters could be read\n"
    [left] = map(json.loads, run("quarantine", "list", "--dead", "--format", "jsonl").out.splitlines())
    assert left["size_bytes"] == len(readable)


def test_what_a_catalogue_of_ones_own_knows_since_is_read_again(run: Run, keep: Keep, data_dir: Path) -> None:
    shown = {"key": "k", "title": "TikTok", "text": "Lou zelva brondi your kitchen", "posted_at_ms": 1_790_000_000_000}
    tree = good_envelope(device="salle-1", epoch="e1", seq=7, locale="en", notification=shown)
    keep(dead(payload_of(tree), seq=7))
    assert run("quarantine", "retry", "--dead").code == 0
    assert quarantined(run) == ["unknown_wording"]
    own = data_dir / "catalogues" / "tiktok"
    own.mkdir(parents=True)
    (own / "en.toml").write_text(OWN_PATTERN, encoding="utf-8")

    assert run("quarantine", "retry").code == 0

    assert quarantined(run) == []
    [told] = map(json.loads, run("mentions", "--format", "jsonl", "--all").out.splitlines())
    assert (told["kind"], told["actor"]["name"], told["pattern"]) == ("like", "Lou", "en/like_kitchen")


def quarantined(run: Run) -> list[str]:
    return [json.loads(line)["reason"] for line in run("quarantine", "list", "--format", "jsonl").out.splitlines()]


@BOTH_PLACES
def test_what_is_not_there_ends_with_1_and_says_how_to_find_others(run: Run) -> None:
    for options in (("9",), ("9", "--dead")):
        ran = run("quarantine", "show", *options)
        assert (ran.code, ran.out) == (1, "")
        assert "quarantine list" in ran.err
