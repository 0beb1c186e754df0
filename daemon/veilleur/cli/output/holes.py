"""What an answer could not see, in lines for the person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from veilleur.cli.output.terminal import say
from veilleur.model.coverage import Completeness, CoverageCause, Shortfall

_ONE_AND_MANY: Final = {
    CoverageCause.QUARANTINED: ("1 notification that nobody understood", "{} notifications that nobody understood"),
    CoverageCause.REDACTED: ("1 with words hidden or taken out", "{} with words hidden or taken out"),
    CoverageCause.COLLAPSED: ("1 told as a number alone", "{} told as a number alone"),
}


def say_holes(unseen: Completeness) -> None:
    """Say what was missed, where devices tell their state (a log that was played has none), and what came in part."""
    if unseen.known and unseen.intervals:
        holes = len(unseen.intervals) + unseen.omitted
        these = "1 interval was" if holes == 1 else f"{holes:,} intervals were"
        say(f"Of this time {these} not seen: `veilleur coverage` tells which.")
    say_shortfalls(unseen)


def say_shortfalls(unseen: Completeness) -> None:
    """Say what came and was not told whole."""
    told = ", ".join(_told(unseen.shortfalls))
    if told:
        say(f"Not told whole in this time: {told}.")


def _told(shortfalls: tuple[Shortfall, ...]) -> Iterator[str]:
    for one in shortfalls:
        if one.count is not None:
            single, many = _ONE_AND_MANY[one.cause]
            yield single if one.count == 1 else many.format(f"{one.count:,}{' or more' if one.is_more else ''}")
