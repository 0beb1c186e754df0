"""What a plug-in does wrong costs its own records: those of the batch around them are read, and the line goes on."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from tests.daemon.app.plugins.conftest import PACKAGE, Read, saying
from tests.third_party.unruly.unruly_parser import RUBBISH
from tests.waiting import until
from veilleur.app.clock import utc_now
from veilleur.app.plugins.door import PluginDoor
from veilleur.app.plugins.installed import Plugin
from veilleur.app.plugins.messages import PluginChoice
from veilleur.app.plugins.standing import Standings
from veilleur.model.outcome import Parsed, Quarantined
from veilleur.parsers.protocol import Reading

GOOD = "parsed"


def told(readings: Sequence[Reading]) -> list[str]:
    """Return the reason of each reading that is no mention, "parsed" for the others."""
    outcomes = [one.outcome for one in readings]
    return [GOOD if isinstance(one, Parsed) else one.reason for one in outcomes]


def pids(readings: Sequence[Reading]) -> set[int]:
    """Return in which processes the readings were made."""
    bodies = [one.outcome.mentions[0].body for one in readings if isinstance(one.outcome, Parsed)]
    return {int((body or "").split()[-1]) for body in bodies}


def test_a_batch_is_read_in_one_other_process(read: Read) -> None:
    readings = read(["a", "b"]) + read(["c"])

    assert told(readings) == [GOOD] * 3
    assert {(one.parser, one.parser_version, one.platform) for one in readings} == {("veilleur-unruly", 4, "unruly")}
    assert len(pids(readings)) == 1
    assert os.getpid() not in pids(readings)


@pytest.mark.parametrize(
    ("act", "reason", "deaths"),
    [
        ("raise", "parser_failed", 0),
        ("loop", "parser_over_budget", 1),
        ("hang", "parser_over_budget", 1),
        ("eat", "parser_over_budget", 1),
        ("exit", "parser_died", 1),
        ("sys.exit", "parser_died", 1),
        ("fork", GOOD, 0),
        ("print", GOOD, 0),
    ],
)
def test_an_act_costs_the_record_that_it_was_done_over(
    act: str, reason: str, deaths: int, read: Read, installed: dict[str, Plugin], choice: PluginChoice
) -> None:
    assert told(read(["a", act, "b"])) == [GOOD, reason, GOOD]
    assert told(read(["c"])) == [GOOD]
    standing = Standings(choice.folder, utc_now).of(installed[PACKAGE])
    assert len(standing.deaths) == deaths
    assert standing.suspended_at is None


@pytest.mark.parametrize("rubbish", RUBBISH)
def test_rubbish_is_no_outcome_and_no_death(
    rubbish: str, read: Read, installed: dict[str, Plugin], choice: PluginChoice
) -> None:
    assert told(read(["a", rubbish, "b"])) == [GOOD, "parser_failed", GOOD]
    assert not Standings(choice.folder, utc_now).of(installed[PACKAGE]).deaths


def test_what_a_plug_in_started_ends_with_its_process(door: PluginDoor, read: Read) -> None:
    [child] = pids(read(["child"]))
    started = psutil.Process(child).children()
    assert len(started) == 1

    door.close()

    until(lambda: gone(started[0]), within_seconds=20, what="it is ended")


def gone(process: psutil.Process) -> bool:
    """Return whether a process has ended, also where nobody was told of it yet."""
    with suppress(psutil.NoSuchProcess):
        return process.status() == psutil.STATUS_ZOMBIE
    return True


def test_the_third_death_suspends_it_and_the_operator_lets_it_read_again(
    read: Read, installed: dict[str, Plugin], choice: PluginChoice
) -> None:
    assert told(read(["a", "exit", "exit", "exit", "b"])) == [
        "parser_suspended",
        *["parser_died"] * 3,
        "parser_suspended",
    ]
    assert told(read(["c"])) == ["parser_suspended"]
    standings = Standings(choice.folder, utc_now)

    assert standings.resume(installed[PACKAGE])
    assert not standings.resume(installed[PACKAGE])

    assert told(read(["a", "b"])) == [GOOD, GOOD]


def test_a_suspension_lasts_into_the_next_process_and_ends_with_the_version(
    installed: dict[str, Plugin], choice: PluginChoice
) -> None:
    plugin = installed[PACKAGE]
    with closing(PluginDoor([plugin], choice, utc_now)) as door:
        door.parsers[0].read([saying("exit", number) for number in range(3)])
    with closing(PluginDoor([plugin], choice, utc_now)) as door:
        assert told(door.parsers[0].read([saying("a")])) == ["parser_suspended"]
    newer = Plugin(plugin.distribution, "1.0.1", plugin.target, plugin.packages)
    with closing(PluginDoor([newer], choice, utc_now)) as door:
        assert told(door.parsers[0].read([saying("a")])) == [GOOD]


def test_deaths_of_different_days_do_not_add_up(installed: dict[str, Plugin], choice: PluginChoice) -> None:
    now = datetime(2026, 11, 22, 8, tzinfo=UTC)
    standings = Standings(choice.folder, lambda: now)
    for hours in (0, 10, 20):
        now = datetime(2026, 11, 22, 8, tzinfo=UTC) + timedelta(hours=2 * hours)
        assert standings.died(installed[PACKAGE], None).suspended_at is None


def test_a_record_that_was_under_way_at_two_deaths_is_not_read_a_third_time(
    read: Read, installed: dict[str, Plugin], choice: PluginChoice
) -> None:
    deadly = ["exit"]
    assert told(read(deadly) + read(deadly) + read(deadly)) == ["parser_died", "parser_died", "unread_after_two_deaths"]
    assert len(Standings(choice.folder, utc_now).of(installed[PACKAGE]).deaths) == 2


def test_after_an_unclean_end_the_first_batch_is_read_record_by_record(
    installed: dict[str, Plugin], choice: PluginChoice
) -> None:
    """Two readers died over one record: the marks that they left are of processes that are gone."""
    plugin, standings = installed[PACKAGE], Standings(choice.folder, utc_now)
    with closing(PluginDoor([plugin], choice, utc_now)) as first:
        assert told(first.parsers[0].read([saying("a")])) == [GOOD]
        assert standings.of(plugin).readers == {os.getpid(): ""}
    assert standings.of(plugin).readers == {}
    for _ in range(2):
        leave_marks_of_a_dead_reader(choice, record_of("b", plugin, choice))
        assert standings.begin(plugin)
        standings.end(plugin)

    with closing(PluginDoor([plugin], choice, utc_now)) as door:
        assert told(door.parsers[0].read([saying("a"), saying("b"), saying("c")])) == [
            GOOD,
            "unread_after_two_deaths",
            GOOD,
        ]


def leave_marks_of_a_dead_reader(choice: PluginChoice, record: str) -> None:
    pid = max(psutil.pids()) + 100_000
    [path] = choice.folder.glob("*.json")
    path.write_text(path.read_text().replace('"readers":{}', f'"readers":{{"{pid}":"{record}"}}'))


def record_of(text: str, plugin: Plugin, choice: PluginChoice) -> str:
    """Return by which name a record is remembered: that of the one over which somebody just died."""
    folder = choice.folder.parent / "another"
    with closing(PluginDoor([plugin], PluginChoice(folder, choice.budget), utc_now)) as door:
        door.parsers[0].read([replace(saying("exit"), id=saying(text).id)])
    [record] = Standings(folder, utc_now).of(plugin).records
    return record


def test_one_that_cannot_be_loaded_or_speaks_another_protocol_is_refused(read: Read) -> None:
    assert told(read(["a"], "org.example.unloadable")) == ["parser_refused"]
    assert told(read(["a"], "org.example.future")) == ["parser_refused"]
    assert told(read(["a"])) == [GOOD]


def test_a_number_that_no_message_holds_costs_its_own_record(door: PluginDoor) -> None:
    [parser] = [one for one in door.parsers if PACKAGE in one.packages]
    strange = saying("b")
    assert strange.notification is not None
    vars(strange.notification)["extras"] = {"count": 2**70}
    readings = parser.read([saying("a"), strange, saying("c")])
    assert told(readings) == [GOOD, "parser_failed", GOOD]
    assert isinstance(readings[1].outcome, Quarantined)


def test_the_time_that_a_plug_in_takes_to_start_is_none_of_its_batch(read: Read) -> None:
    """It takes longer to start than a batch may take."""
    assert told(read(["a", "exit", "b"], "org.example.slow")) == [GOOD, "parser_died", GOOD]


@pytest.mark.parametrize(
    ("falls", "reasons", "deaths"),
    [
        (1, [GOOD, GOOD, GOOD], 1),
        (2, ["parser_died", GOOD, GOOD], 2),
        (3, ["parser_died", "parser_died", "parser_suspended"], 3),
    ],
)
def test_one_that_falls_before_it_begins_is_asked_once_more_before_a_record_pays_for_it(
    falls: int,
    reasons: list[str],
    deaths: int,
    read: Read,
    installed: dict[str, Plugin],
    choice: PluginChoice,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "falls").write_text(str(falls))
    monkeypatch.setenv("UNRULY_FALLS", str(tmp_path / "falls"))

    assert told(read(["a", "b", "c"], "org.example.stumbling")) == reasons

    standing = Standings(choice.folder, utc_now).of(installed["org.example.stumbling"])
    assert (len(standing.deaths), standing.records) == (deaths, {})
