"""Values as a person writes them on the command line: 60x, 100/s, 2%, +1d."""

from __future__ import annotations

import re
from argparse import ArgumentTypeError
from datetime import timedelta
from typing import Final

from veilleur_bridge.simulation.disorder import UNIX_EPOCH, utc_now

AT_ONCE: Final = "max"
IN_1970: Final = "1970"
_NUMBER: Final = r"(\d{1,9}(?:\.\d{1,6})?)"
_SECONDS_OF: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_CLOCK: Final = re.compile(r"([+-])(\d{1,6})([smhd])")


def whole_number(text: str) -> int:
    """Read a number of at least 1."""
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise ArgumentTypeError(f"{text!r} is no number of at least 1")
    return int(text)


def speed(text: str) -> float:
    """Read how many times as fast: `60x`."""
    return _positive(rf"{_NUMBER}x?", text, "60x")


def rate(text: str) -> float | None:
    """Read how many a second: `100/s`; None for `max`."""
    return None if text == AT_ONCE else _positive(rf"{_NUMBER}(?:/s)?", text, f"100/s, or {AT_ONCE}")


def share(text: str) -> float:
    """Read a share of all: `2%`."""
    percent = _positive(rf"{_NUMBER}%", text, "2%")
    if percent > 100:  # noqa: PLR2004 - a hundred of a hundred is all
        raise ArgumentTypeError("more than 100% of all there is")
    return percent / 100


def clock_errors(text: str) -> tuple[timedelta, ...]:
    """Read by how much a clock errs, in turn: `+1d`, `-1d,+2h`, `1970`."""
    return tuple(_clock_error(part) for part in text.split(","))


def _clock_error(text: str) -> timedelta:
    if text == IN_1970:
        return UNIX_EPOCH - utc_now()
    found = _CLOCK.fullmatch(text)
    if found is None:
        raise ArgumentTypeError(f"{text!r} is no clock error: write +1d, -2h, +90m, -5s or {IN_1970}")
    ahead = timedelta(seconds=int(found[2]) * _SECONDS_OF[found[3]])
    return ahead if found[1] == "+" else -ahead


def _positive(pattern: str, text: str, example: str) -> float:
    found = re.fullmatch(pattern, text, re.ASCII)
    if found is None or not float(found[1]):
        raise ArgumentTypeError(f"{text!r} is not written as {example}")
    return float(found[1])
