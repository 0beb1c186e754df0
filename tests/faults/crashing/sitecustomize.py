"""Ends or slows the process it was started in, or raises in it, at named functions, without a line in them for it.

Python imports this module at its start when its folder is on PYTHONPATH, in every process that inherits it.
`CRASH_AT=call:FILE:QUALNAME:N` (or `return:…`) is SIGKILL at the N-th time; `RAISE_AT` has the function raise then. The
file that `CRASH_MARK` names says that it came to that, and lets the processes that follow live.
`SLOW_AT=return:FILE:QUALNAME:SECONDS` holds the calling thread up each time.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any


def watch(point: str, act: Callable[[], None]) -> None:
    """Call `act` at each call or return of one function, on whatever thread, from now on."""
    moment, file, name = point.split(":")

    def look(frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event == moment and code.co_qualname == name and code.co_filename.endswith(file):
            act()

    threading.setprofile(look)
    module = file.removesuffix(".py").replace("/", ".")

    def begin(event: str, arguments: tuple[object, ...]) -> None:
        # a profile slows every import down: this thread's begins where the function's own module is imported
        if event == "import" and str(arguments[0]).endswith(module):
            sys.setprofile(look)

    sys.addaudithook(begin)


def dying(number: int, mark: Path) -> Callable[[], None]:
    """Return what ends this process the number-th time it is called."""
    numbers = count(1)

    def die() -> None:
        if next(numbers) == number and not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)

    return die


def raising(number: int, mark: Path) -> Callable[[], None]:
    """Return what raises the number-th time it is called: an error that nobody foresaw."""
    numbers = count(1)

    def fail() -> None:
        if next(numbers) == number and not mark.exists():
            mark.touch()
            raise ZeroDivisionError("an error that nobody foresaw")

    return fail


def slowing(seconds: float) -> Callable[[], None]:
    """Return what takes so long."""
    never = threading.Event()
    return lambda: void(never.wait(seconds))


def void(_: object) -> None:
    """Return nothing."""


if crash := os.environ.get("CRASH_AT"):
    where, _, nth = crash.rpartition(":")
    watch(where, dying(int(nth), Path(os.environ["CRASH_MARK"])))
if slow := os.environ.get("SLOW_AT"):
    where, _, length = slow.rpartition(":")
    watch(where, slowing(float(length)))
if failing := os.environ.get("RAISE_AT"):
    where, _, nth = failing.rpartition(":")
    watch(where, raising(int(nth), Path(os.environ["CRASH_MARK"])))
