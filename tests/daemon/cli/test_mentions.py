"""`veilleur mentions`: what people read and what programs read back, whatever words others wrote."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.daemon.cli.conftest import BOTH_PLACES, Keep, Run
from tests.daemon.cli.pseudo_terminal import run_on_terminal
from tests.daemon.store.arrivals import NOON_MS, arrival, sighting
from veilleur.exports.columns import COLUMN_NAMES
from veilleur.model.kinds import MentionKind, Visibility
from veilleur.model.mention import Mention
from veilleur.model.scope import Scope
from veilleur.model.wire import mention_fields
from veilleur.query.expression import EVERYTHING
from veilleur.store.mentions import every_mention
from veilleur.store.opening import open_database

DAY_MS = 86_400_000
HOSTILE = "red \x1b[31m\x07 \u202egnp.exe\u202c \x9b2J end\r\nnext\u2028line\u0085more [bold]loud[/bold] :smile: \x7f"


@BOTH_PLACES
def test_a_table_shows_time_platform_kind_actor_with_others_and_words(run: Run, keep: Keep) -> None:
    keep(arrival(1, sighting("Le métro est en retard", sender="Nadia", others=1240)))

    ran = run("mentions", "--utc")

    header, _, row = ran.out.splitlines()
    assert header.split() == ["When", "Platform", "Kind", "Who", "What"]
    assert row.split("  ")[0] == "2026-11-10 12:00"
    assert [word for word in ("whatsapp", "comment", "Nadia +1,240", "Le métro est en retard") if word not in row] == []
    assert (ran.code, ran.err) == (0, "Not told whole in this time: 1,240 told as a number alone.\n")


@BOTH_PLACES
@pytest.mark.usefixtures("paris")
def test_times_are_shown_and_asked_in_the_viewers_zone_winter_and_summer(run: Run, keep: Keep) -> None:
    summer_ms = int(datetime(2026, 7, 1, 22, 30, tzinfo=UTC).timestamp()) * 1_000
    keep(arrival(1, sighting("winter")), arrival(2, sighting("summer", at_ms=summer_ms)))

    assert "2026-11-10 13:00" in run("mentions", "winter").out
    assert "2026-07-02 00:30" in run("mentions", "summer").out
    assert "2026-07-01 22:30" in run("mentions", "summer", "--utc").out
    assert "summer" in run("mentions", "since:2026-07-02", "until:2026-07-02").out
    assert "summer" not in run("mentions", "since:2026-07-02", "until:2026-07-02", "--utc").out


@BOTH_PLACES
def test_a_table_shows_20_and_says_how_to_see_the_rest(run: Run, keep: Keep) -> None:
    keep(*(arrival(n, sighting(f"word{n}", at_ms=NOON_MS + n)) for n in range(1, 26)))

    ran = run("mentions")

    assert sum("word" in line for line in ran.out.splitlines()) == 20
    assert ran.err == "20 of 25 mentions: --limit N shows more, --all shows every one\n"
    assert sum("word" in line for line in run("mentions", "--all").out.splitlines()) == 25
    assert run("mentions", "--limit", "3", "--format", "jsonl").out.count("\n") == 3
    assert run("mentions", "--format", "jsonl").out.count("\n") == 25


@BOTH_PLACES
def test_all_and_limit_exclude_each_other(run: Run) -> None:
    assert run("mentions", "--all", "--limit", "3").code == 2


@BOTH_PLACES
def test_public_leaves_out_what_is_private_or_of_a_group(run: Run, keep: Keep) -> None:
    keep(
        arrival(1, sighting("open", sender="A")),
        arrival(2, sighting("secret", sender="B", visibility=Visibility.PRIVATE)),
        arrival(3, sighting("among us", sender="C", visibility=Visibility.GROUP)),
    )

    public = run("mentions", "--public", "--format", "jsonl").out
    assert [json.loads(line)["body"] for line in public.splitlines()] == ["open"]
    assert run("mentions", "--format", "jsonl").out.count("\n") == 3


@BOTH_PLACES
def test_words_of_a_query_may_stand_apart(run: Run, keep: Keep) -> None:
    keep(arrival(1, sighting("grève du métro")), arrival(2, sighting("grève", kind=MentionKind.REPLY)))

    assert "métro" in run("mentions", "grève", "kind:comment").out
    assert "métro" not in run("mentions", "kind:reply").out


@BOTH_PLACES
@pytest.mark.parametrize(("query", "column"), [("kind:zzz", 6), ('metro "open', 7), ("AND x", 1)])
def test_a_wrong_query_ends_with_2_and_names_its_column(run: Run, query: str, column: int) -> None:
    ran = run("mentions", query)

    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert ran.err.startswith(f"veilleur: the query cannot be read: column {column}: expected ")


@BOTH_PLACES
def test_nothing_found_is_said_on_standard_error(run: Run) -> None:
    assert "replay" in run("mentions").err
    asked = run("mentions", "nothing")
    assert (asked.code, asked.out, asked.err) == (0, "", "No mention matches.\n")


@BOTH_PLACES
def test_json_lines_read_back_as_the_mentions_and_hold_no_control_characters(
    run: Run, keep: Keep, data_dir: Path
) -> None:
    keep(arrival(1, sighting(HOSTILE, sender="Zoé"), sighting("second " * 200, sender="B", at_ms=NOON_MS + DAY_MS)))

    ran = run("mentions", "--format", "jsonl", "--all")

    database = open_database(f"sqlite:///{data_dir / 'veilleur.db'}")
    kept = list(every_mention(database, Scope(may_read_private=True), EVERYTHING))
    database.close()
    assert [json.loads(line) for line in ran.out.split("\n")[:-1]] == [as_json(mention) for mention in kept]
    assert ran.err == ""
    assert not [char for char in ran.out if char in "\x7f\x85\u2028\u2029" or (char < " " and char != "\n")]
    assert len(ran.out.splitlines()) == 2


def as_json(mention: Mention) -> object:
    """Return a mention's fields as any JSON reader sees them."""
    return json.loads(json.dumps(mention_fields(mention)))


@BOTH_PLACES
def test_json_is_one_object_with_mentions_and_completeness(run: Run, keep: Keep) -> None:
    nothing = json.loads(run("mentions", "--format", "json").out)
    keep(arrival(1, sighting("a", sender="A"), sighting("b", sender="B")))

    found = json.loads(run("mentions", "--format", "json").out)

    assert nothing == {
        "mentions": [],
        "completeness": {"known": False, "intervals": [], "omitted": 0, "shortfalls": []},
    }
    assert {mention["body"] for mention in found["mentions"]} == {"a", "b"}
    assert list(found) == ["mentions", "completeness"]


@pytest.mark.attack
@pytest.mark.parametrize(
    "words", ["=1+1", "+33 6 00", "-1", "@SUM(A1)", "＝1", "'quoted", "'=1", HOSTILE, 'a;"b",c', "plain\ttab", "é\n=2"]
)
@BOTH_PLACES
def test_csv_calculates_nothing_and_gives_the_exact_words_back(run: Run, keep: Keep, words: str) -> None:
    keep(arrival(1, sighting(words)))

    ran = run("mentions", "--format", "csv")

    [row] = csv.DictReader(io.StringIO(ran.out, newline=""))
    assert tuple(row) == COLUMN_NAMES
    assert not row["body"].startswith(tuple("=+-@＝＋－＠\t\r\n"))
    assert row["body"].removeprefix("'") == words
    assert row["body"].startswith("'") is words.startswith(tuple("=+-@＝'"))


@BOTH_PLACES
def test_csv_has_a_column_for_every_field_of_a_mention(run: Run, keep: Keep) -> None:
    keep(arrival(1, sighting("x", hashtags=("ratp", "metro"), others=3)))

    [row] = csv.DictReader(io.StringIO(run("mentions", "--format", "csv").out))
    [mention] = json.loads(run("mentions", "--format", "json").out)["mentions"]

    nested = {"actor", "conversation", "media", "open", "origin", "qualification"}
    said = {"tone", "tags", "off_topic", "treated_by", "treated_at", "note"}
    flat = {name for name in mention if name not in nested}
    assert flat | said | {name for name in COLUMN_NAMES if name.partition("_")[0] in nested} == set(COLUMN_NAMES)
    assert (row["hashtags"], row["actor_others_count"], row["deleted"], row["media_kind"]) == (
        "ratp metro",
        "3",
        "false",
        "",
    )


@BOTH_PLACES
@pytest.mark.attack
@pytest.mark.parametrize("width", ["40", "79", "120", "400"])
def test_hostile_text_cannot_drive_the_terminal_or_the_markup(
    run: Run, keep: Keep, monkeypatch: pytest.MonkeyPatch, width: str
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    keep(arrival(1, sighting(HOSTILE, sender="\x1b]0;title\x07Eve[red] \u202eevil " + "名" * 40)))

    out = run("mentions").out

    assert not [
        char
        for char in out
        if char in "\x7f\u2028\u202e\u202c" or (char < " " and char != "\n") or "\x80" <= char < "\xa0"
    ]
    shown = "".join(out.split())
    assert "⏎" in shown
    if width == "400":
        assert [
            part for part in (r"\x1b[31m\x07", r"\u202egnp.exe", "[bold]loud[/bold]", ":smile:") if part not in out
        ] == []


@pytest.mark.attack
@pytest.mark.parametrize("format", ["table", "csv", "json", "jsonl"])
def test_no_format_lets_words_drive_a_terminal(keep: Keep, format: str) -> None:  # noqa: A002 - the flag's name
    keep(arrival(1, sighting("\x1b]0;owned\x07 \x9b2J \x1b[2J")))

    shown = run_on_terminal("mentions", "--format", format, stream="stdout")

    assert shown.code == 0
    assert [part for part in ("\x1b]", "\x1b[2J", "\x07", "\x9b") if part in shown.terminal] == []
    assert "owned" in shown.terminal
