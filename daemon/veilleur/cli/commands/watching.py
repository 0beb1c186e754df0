"""`veilleur watch follow` and `backtest`: what comes in for a watch, and what a condition would have told of it."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from typing import Annotated, Final

import typer

from veilleur.cli.commands.watches import WatchName, active_watch, found_watch
from veilleur.cli.examples import examples
from veilleur.cli.options import DatabaseUrl, DataDir, Format, InUtc, Server, ServerToken
from veilleur.cli.output.counts import say_since
from veilleur.cli.output.holes import say_holes
from veilleur.cli.output.listing import OutputFormat
from veilleur.cli.output.mentions import MENTIONS
from veilleur.cli.output.terminal import say
from veilleur.cli.output.watches import TELLINGS
from veilleur.cli.store_access import opened_desk
from veilleur.cli.zones import viewer_zone
from veilleur.model.condition import LONGEST_MINUTES, MOST_IN_WINDOW, BacktestResult, Condition, ConditionKind
from veilleur.model.coverage import CoverageFilter
from veilleur.model.desk import Desk

FOLLOW_EXAMPLES: Final = examples(
    ("veilleur watch follow strike", "What comes in, until Ctrl+C"),
    ("veilleur watch follow strike --format jsonl > strike.jsonl", "For a program"),
)
BACKTEST_EXAMPLES: Final = examples(
    ("veilleur watch backtest strike --condition count --at-least 5 --minutes 60", "Five within an hour, in 30 days"),
    ("veilleur watch backtest strike --condition silence --minutes 1440 --days 90", "A day without any"),
)
_ENDLESS: Final = (OutputFormat.TABLE, OutputFormat.JSONL)
_AT_ONCE: Final = 100
_LOOK_EVERY_S: Final = 1.0
_MOST_DAYS: Final = 3_660

_Kind = Annotated[ConditionKind, typer.Option("--condition", help="What is waited for.")]
_AtLeast = Annotated[int, typer.Option("--at-least", min=1, max=MOST_IN_WINDOW, help="For count: so many mentions.")]
_Minutes = Annotated[
    int, typer.Option("--minutes", min=1, max=LONGEST_MINUTES, help="For count and silence: within or for so long.")
]
_CoolDown = Annotated[
    int, typer.Option("--cool-down", min=0, max=LONGEST_MINUTES, help="Minutes at least from one alert to the next.")
]
_Days = Annotated[int, typer.Option("--days", min=1, max=_MOST_DAYS, help="On so many days up to now.")]


def follow(  # noqa: PLR0913 - a command's parameters are its options
    name: WatchName,
    *,
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    utc: InUtc = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Show what came in for a watch since it was last followed, and what comes in until Ctrl+C.

    A running daemon notes what comes in. What was shown is not new any more; a mention is shown again rather than
    never where this ends in the middle.
    """
    if format not in _ENDLESS:
        raise typer.BadParameter("what is followed has no end: --format table or jsonl")
    with opened_desk(data_dir, database_url, server, token) as desk:
        active_watch(desk, name)
        say(f"What comes in for {name} is shown from now on; Ctrl+C ends it.")
        try:
            while True:
                if not _shown_new(desk, name, format, viewer_zone(is_utc=utc)):
                    time.sleep(_LOOK_EVERY_S)
        except KeyboardInterrupt:
            # The ordinary end of what has no other.
            return


def backtest(  # noqa: PLR0913 - a command's parameters are its options
    name: WatchName,
    *,
    kind: _Kind = ConditionKind.EVERY,
    at_least: _AtLeast = 1,
    minutes: _Minutes = 60,
    cool_down: _CoolDown = 0,
    days: _Days = 30,
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    utc: InUtc = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Show when a condition on a watch would have alerted, of many times the newest 500."""
    condition = Condition(kind=kind, at_least=at_least, window_minutes=minutes, cool_down_minutes=cool_down)
    until_at = datetime.now(UTC)
    since_at = until_at - timedelta(days=days)
    with opened_desk(data_dir, database_url, server, token) as desk:
        found_watch(desk, name)
        result = desk.watches.backtest(name, condition, since_at=since_at, until_at=until_at)
        if result is None:
            raise typer.BadParameter(f"the watch {name} has just been renamed: `veilleur watch list`")
        unseen = partial(desk.losses.coverage, CoverageFilter(since_at=since_at, until_at=until_at))
        TELLINGS.write(format, result.tellings, viewer_zone(is_utc=utc), unseen)
        if format is OutputFormat.TABLE:
            say_holes(unseen())
        say_since(result.counted_since_at, viewer_zone(is_utc=utc))
    say(f"In {days:,} days {_found(result)}. Tried: {_said(condition)}.")


def _found(result: BacktestResult) -> str:
    return f"{result.match_count:,} mentions, and {result.telling_count:,} alerts"


def _said(condition: Condition) -> str:
    """Return what was waited for, in the words of the options."""
    match condition.kind:
        case ConditionKind.EVERY:
            waited = f"every mention (--condition {ConditionKind.COUNT} or {ConditionKind.SILENCE} tries another)"
        case ConditionKind.COUNT:
            waited = f"at least {condition.at_least:,} within {condition.window_minutes:,} minutes"
        case ConditionKind.SILENCE:
            waited = f"none for {condition.window_minutes:,} minutes"
    apart = f", at least {condition.cool_down_minutes:,} minutes from one alert to the next"
    return waited + apart * bool(condition.cool_down_minutes)


def _shown_new(desk: Desk, name: str, format: OutputFormat, zone: tzinfo) -> bool:  # noqa: A002 - the flag's name
    """Show what is new, only then say that it was seen, and return whether there is more."""
    new = desk.watches.new(name, limit=_AT_ONCE)
    if new is None:
        raise typer.BadParameter(f"the watch {name} has just been renamed: `veilleur watch list`")
    if new.mentions:
        MENTIONS.write(format, new.mentions, zone, partial(desk.losses.coverage, CoverageFilter()))
        sys.stdout.flush()
        desk.watches.mark_seen(name, new.next_cursor)
    return new.has_more
