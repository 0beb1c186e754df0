"""A long-running command ends by a signal, at whatever moment that comes."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.bridge.command.bridge_process import running_bridge
from tests.waiting import until
from veilleur_bridge.stop_signal import StopSignal

_RAISING: Final = """
import os, signal, sys, threading

def trace(frame, event, _argument):
    if frame.f_code.co_qualname == "Condition.wait" and event == "line" and callable(signal.getsignal(signal.SIGTERM)):
        if frame.f_back.f_back.f_code.co_qualname != "Thread.start":
            sys.settrace(None)
            signal.raise_signal(signal.SIGTERM)
    return trace
"""
"""Raises the signal inside the first `threading.Event` that the main thread waits for, which it should not."""

_WAITING: Final = f"""{_RAISING}
from veilleur_bridge.stop_signal import stop_signal

stopped = stop_signal()
later = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGTERM))
later.daemon = True
later.start()
sys.settrace(trace)
stopped.wait()
print("ended")
"""
_COMMAND: Final = f"""{_RAISING}
from veilleur_bridge.command.entry import main

sys.settrace(trace)
main()
"""
_NOWHERE: Final = ("--mqtt-url", "mqtt://127.0.0.1:1", "--device", "salle-1")


@pytest.mark.fault
def test_a_signal_that_comes_as_the_main_thread_begins_to_wait_ends_it() -> None:
    """Broken, and caught: `threading.Event`: its `set` waited for the lock of the `wait` that it had interrupted."""
    ran = subprocess.run([sys.executable, "-c", _WAITING], check=True, capture_output=True, text=True, timeout=20)
    assert ran.stdout == "ended\n"


@pytest.mark.fault
@pytest.mark.parametrize("command", [("feed", "http://127.0.0.1:1/"), ("simulate", "--rate", "1/s")])
def test_a_source_ends_by_a_signal_that_comes_as_it_begins_to_wait(command: tuple[str, ...], tmp_path: Path) -> None:
    """Broken, and caught: a handler that sets the event that is waited for: both "timed out after 30 seconds"."""
    with running_bridge([*command, *_NOWHERE], tmp_path, program=[sys.executable, "-c", _COMMAND]) as source:
        until(lambda: "salle-1: " in source.said, within_seconds=30, what="it runs")

        assert source.stop(signal.SIGTERM) == 0
        assert "stopped" in source.said


def test_what_was_told_once_stays_told_and_time_runs_out_where_nothing_was() -> None:
    stopped = StopSignal()
    assert not stopped.wait(0.0)

    stopped.tell()
    assert [stopped.wait(), stopped.wait(0.0), stopped.wait()] == [True, True, True]
