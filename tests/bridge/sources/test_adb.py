"""A look over adb is a list, a part of one, or a sentence that says what to do; never an exception."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.bridge.sources.dump_printer import LIST_HEAD, LIST_TAIL, Shown, print_dump
from tests.bridge.sources.log_reading import DUMPS
from tests.bridge.sources.stand_in_adb import PhoneState, StandInAdb
from veilleur_bridge.sources.adb import AdbList
from veilleur_bridge.sources.command_run import CommandRun
from veilleur_bridge.sources.look import Look, Problem

TWO = print_dump([Shown("Nadia", "a aimé votre vidéo"), Shown("Paul", "a commenté")])


@pytest.fixture
def adb(tmp_path: Path) -> StandInAdb:
    return StandInAdb(tmp_path / "adb")


def look(adb: StandInAdb, *, serial: str | None = None, timeout_seconds: float = 20.0, most_bytes: int = 10**7) -> Look:
    run = CommandRun(timeout_seconds=timeout_seconds, most_bytes=most_bytes)
    return AdbList(run, adb=str(adb.program), serial=serial).look()


def titles(seen: Look) -> list[str | None]:
    assert seen.shown is not None, seen.trouble
    return [found.notification.title for found in seen.shown.notifications]


def problem(seen: Look) -> Problem | None:
    return seen.trouble.problem if seen.trouble else None


def test_a_whole_dump_is_a_whole_list_with_the_phones_language(adb: StandInAdb) -> None:
    adb.plug(TWO)

    seen = look(adb)

    assert titles(seen) == ["Nadia", "Paul"]
    assert seen.shown is not None
    assert seen.shown.is_whole
    assert (seen.trouble, seen.locale) == (None, "fr-FR")


@pytest.mark.parametrize("name", ["android6.txt", "android9.txt", "android16.txt", "samsung13.txt"])
def test_recorded_dumps_come_whole(adb: StandInAdb, name: str) -> None:
    adb.plug((DUMPS / name).read_bytes())

    seen = look(adb)

    assert seen.shown is not None
    assert seen.shown.notifications
    assert seen.shown.is_whole


def test_a_phone_that_withholds_words_is_said(adb: StandInAdb) -> None:
    adb.plug((DUMPS / "hyperos15.txt").read_bytes())

    assert problem(look(adb)) is Problem.DUMP_REDACTED


def test_line_ends_of_old_adb_change_nothing(adb: StandInAdb) -> None:
    adb.plug(TWO.replace("\n", "\r\n"))

    assert titles(look(adb)) == ["Nadia", "Paul"]


def test_a_list_without_notifications_is_whole_and_empty(adb: StandInAdb) -> None:
    adb.plug(LIST_HEAD.splitlines(keepends=True)[0] + LIST_TAIL)

    seen = look(adb)

    assert titles(seen) == []
    assert seen.shown is not None
    assert seen.shown.is_whole


@pytest.mark.fault
def test_wherever_a_dump_breaks_off_nothing_half_is_taken_and_nothing_is_held_for_gone(adb: StandInAdb) -> None:
    """Broken: the last record was kept; a notification without its title was taken.

    Broken: every list was called whole; what a cut list did not show would have been told as removed.
    """
    for cut_at in range(len(LIST_HEAD), len(TWO.encode()), 97):
        adb.plug(TWO, state=PhoneState.VANISHES, cut_at=cut_at)

        seen = look(adb)

        assert problem(seen) is Problem.DUMP_CUT
        assert seen.shown is not None
        assert not seen.shown.is_whole
        assert titles(seen) in ([], ["Nadia"])


@pytest.mark.parametrize(
    ("state", "expected", "words"),
    [
        (PhoneState.UNAUTHORIZED, Problem.DEVICE_UNAUTHORIZED, "Allow USB debugging"),
        (PhoneState.OFFLINE, Problem.DEVICE_OFFLINE, "plug it in again"),
    ],
)
def test_a_phone_that_does_not_let_us_in_is_named_with_what_to_do(
    adb: StandInAdb, state: PhoneState, expected: Problem, words: str
) -> None:
    adb.plug(TWO, state=state)

    seen = look(adb)

    assert seen.shown is None
    assert problem(seen) is expected
    assert seen.trouble is not None
    assert words in seen.trouble.advice


def test_no_phone_several_phones_and_a_named_one(adb: StandInAdb) -> None:
    assert problem(look(adb)) is Problem.NO_DEVICE
    adb.plug(TWO, serial="A")
    adb.plug(print_dump([Shown("Zoé", "a suivi")]), serial="B")
    assert problem(look(adb)) is Problem.SEVERAL_DEVICES
    assert titles(look(adb, serial="B")) == ["Zoé"]
    adb.unplug("B")
    assert problem(look(adb, serial="B")) is Problem.NO_DEVICE


def test_a_missing_adb_is_said(tmp_path: Path) -> None:
    seen = AdbList(CommandRun(timeout_seconds=5), adb=str(tmp_path / "nowhere" / "adb")).look()

    assert problem(seen) is Problem.ADB_MISSING


@pytest.mark.fault
def test_a_phone_that_hangs_is_given_up_after_the_time_out_and_what_came_whole_is_taken(adb: StandInAdb) -> None:
    """Broken: the timer never started; the look did not end."""
    adb.plug(TWO, state=PhoneState.HANGS)
    began = time.monotonic()

    seen = look(adb, timeout_seconds=5.0)  # what came before that is taken: a slow machine starts a program in a second

    assert time.monotonic() - began < 20
    assert (problem(seen), titles(seen)) == (Problem.DUMP_CUT, ["Nadia"])
    adb.plug("", state=PhoneState.HANGS)
    assert problem(look(adb, timeout_seconds=1.0)) is Problem.ADB_TIMED_OUT


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("", Problem.DUMP_EMPTY),
        ("\n\n", Problem.DUMP_EMPTY),
        ("Can't find service: notification\n", Problem.DUMP_REFUSED),
        ("Permission Denial: can't dump NotificationManager\n", Problem.DUMP_REFUSED),
        ("Segmentation fault\n" * 50, Problem.DUMP_GARBLED),
        (bytes(range(256)) * 300, Problem.DUMP_GARBLED),
    ],
)
def test_what_is_no_dump_is_never_taken_for_an_empty_list(
    adb: StandInAdb, output: str | bytes, expected: Problem
) -> None:
    adb.plug(output)

    seen = look(adb)

    assert (seen.shown, problem(seen)) == (None, expected)


@pytest.mark.attack
def test_a_dump_without_end_is_cut_at_the_bound(adb: StandInAdb) -> None:
    """Broken: all of the pipe was read; the look ended by its time-out after 20 s instead."""
    adb.plug(print_dump([Shown(f"Nadia {number}", "x" * 5000) for number in range(60)]), state=PhoneState.ENDLESS)
    began = time.monotonic()

    seen = look(adb, most_bytes=100_000)

    assert time.monotonic() - began < 15
    assert problem(seen) is Problem.DUMP_CUT
    assert 0 < len(titles(seen)) < 60


def test_services_own_time_out_makes_a_list_that_is_not_whole(adb: StandInAdb) -> None:
    adb.plug(TWO + "\n*** SERVICE 'notification' DUMP TIMEOUT (10000ms) EXPIRED ***\n")

    assert problem(look(adb)) is Problem.DUMP_CUT


def test_the_phone_is_asked_for_its_list_and_nothing_else(adb: StandInAdb) -> None:
    adb.plug(TWO)
    look(adb, serial="R58N")

    [[option, serial, shell, command]] = adb.calls
    assert (option, serial, shell) == ("-s", "R58N", "shell")
    assert command.startswith("dumpsys notification --noredact; echo ")
