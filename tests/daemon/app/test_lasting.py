"""A lasting thread: turns go on whatever happens in one of them, and a wake is never lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Event, Thread
from types import FrameType
from typing import Any

import pytest

from tests.waiting import until
from veilleur.app import lasting as module
from veilleur.app.lasting import LastingThread

SOON = 20.0
LONG_S = 3_600.0


@contextmanager
def lasting(turn: Callable[[], float]) -> Iterator[LastingThread]:
    thread = LastingThread("test", turn)
    thread.start()
    try:
        yield thread
    finally:
        thread.stop(SOON)


def test_a_turn_that_fails_is_told_without_its_words_and_the_next_one_follows(
    capfd: pytest.CaptureFixture[str],
) -> None:
    fails, mended = Event(), Event()

    def turn() -> float:
        if not mended.is_set():
            fails.set()
            raise ZeroDivisionError("private words")
        return LONG_S

    with lasting(turn) as thread:
        assert fails.wait(SOON)
        failure = until(lambda: thread.failure, within_seconds=SOON, what="the failure is told")
        assert failure.startswith("ZeroDivisionError at turn:")
        mended.set()
        thread.wake()
        until(lambda: thread.failure is None, within_seconds=SOON, what="a turn succeeded")
    printed = capfd.readouterr()
    assert "private" not in printed.out + printed.err


def test_a_wake_during_a_turn_brings_another_one_at_once() -> None:
    """Seen to catch clearing the wake after the turn: the second turn never came."""
    begun, go_on = SimpleQueue[None](), Event()

    def turn() -> float:
        begun.put(None)
        go_on.wait(SOON)
        return LONG_S

    with lasting(turn) as thread:
        begun.get(timeout=SOON)
        thread.wake()
        go_on.set()
        begun.get(timeout=SOON)


def test_it_stops_at_once_while_it_waits() -> None:
    begun = Event()

    def turn() -> float:
        begun.set()
        return LONG_S

    thread = LastingThread("test", turn)
    thread.start()
    assert begun.wait(SOON)
    thread.stop(SOON)
    assert thread.failure is None


@pytest.mark.parametrize("line", range(1, 4))
def test_it_ends_wherever_in_its_loop_it_is_told_to(line: int) -> None:
    """Broken line: the wake cleared after the look at whether it stops: told between the two, it waited an hour more.

    Of 3,000 threads that were stopped as soon as they were started one met that.
    """
    lines_left, name = line, f"told at line {line}"
    thread = LastingThread(name, lambda: LONG_S)

    def tell(frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal lines_left
        if (frame.f_code.co_name, frame.f_code.co_filename) != ("_run", module.__file__):
            return None
        lines_left -= event == "line"
        if event == "line" and lines_left == 0:
            telling = Thread(target=thread.stop, args=(0,))
            telling.start()
            telling.join()
        return tell

    threading.settrace(tell)
    thread.start()
    threading.settrace(None)
    until(lambda: name not in {one.name for one in threading.enumerate()}, within_seconds=SOON, what="it has ended")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_ended_by_itself_has_failed() -> None:
    def turn() -> float:
        raise SystemExit

    with lasting(turn) as thread:
        until(lambda: thread.failure == "the test thread has ended: restart the daemon", within_seconds=SOON, what="so")
