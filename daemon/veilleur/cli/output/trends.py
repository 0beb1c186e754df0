"""How trends, bursts, communities, forwards and crossings are listed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta, tzinfo
from typing import Final

from rich.table import Table

from veilleur.cli.output.listing import Listing
from veilleur.cli.output.tables import bare_table, cell
from veilleur.cli.zones import shown_minute
from veilleur.model.trends import Community, CommunityWeek, Crossing, Forward, KeptBurst, Trend, TrendKey, TrendKind
from veilleur.model.wire import burst_fields, community_fields, crossing_fields, forward_fields, trend_fields

_LEVELS: Final = "▁▂▃▄▅▆▇█"
_SHOWN_HASHTAGS: Final = 8
_SHOWN_ACTORS: Final = 3
_LATEST_WEEKS: Final = 12


def _trend_table(trends: Sequence[Trend], _zone: tzinfo, _width: int) -> Table:
    table = _table("What", right=("Now", "Usual", "Score"), last=("",))
    for one in trends:
        new = "new" if one.is_new else ""
        table.add_row(cell(_key(one.key)), f"{one.count:,}", f"{one.before:,.1f}", f"{one.score:,.1f}", new)
    return table


def _burst_table(bursts: Sequence[KeptBurst], zone: tzinfo, _width: int) -> Table:
    table = _table("Seen", "What", right=("Mentions",), last=("In", "Usual"))
    for kept in bursts:
        one = kept.burst
        length = str(timedelta(seconds=one.window_s))
        seen = shown_minute(one.seen_at, zone)
        table.add_row(seen, cell(_key(one.key)), f"{one.count:,}", length, f"{one.usual:,.1f}")
    return table


def _community_table(communities: Sequence[Community], _zone: tzinfo, _width: int) -> Table:
    table = _table("Community", "Hashtags", right=("Mentions", "Accounts"), last=("Weeks", "Core accounts"))
    for one in communities:
        tags = " ".join(f"#{tag}" for tag in one.hashtags[:_SHOWN_HASHTAGS])
        core = " ".join(one.core_actors[:_SHOWN_ACTORS])
        counts = f"{one.mention_count:,}", f"{one.actor_count:,}"
        table.add_row(cell(one.name), cell(tags), *counts, _life(one.weeks), cell(core))
    return table


def _forward_table(forwards: Sequence[Forward], zone: tzinfo, _width: int) -> Table:
    table = _table("First", "Last", right=("Conversations", "Alike"), last=("First mention",))
    for one in forwards:
        begin, end = shown_minute(one.first_at, zone), shown_minute(one.last_at, zone)
        table.add_row(begin, end, f"{len(one.conversation_ids):,}", f"{one.likeness:.0%}", one.mention_ids[0])
    return table


def _crossing_table(crossings: Sequence[Crossing], zone: tzinfo, _width: int) -> Table:
    table = _table("What", "Platforms", right=("Mentions",), last=("Reached the last",))
    for one in crossings:
        reached = shown_minute(one.first_seen_at[-1], zone)
        table.add_row(cell(one.value), " → ".join(one.platforms), f"{one.mention_count:,}", reached)
    return table


def _table(*first: str, right: Sequence[str], last: Sequence[str]) -> Table:
    table = bare_table()
    for header in first:
        table.add_column(header, overflow="fold")
    for header in right:
        table.add_column(header, justify="right")
    for header in last:
        table.add_column(header, overflow="fold")
    return table


def _key(key: TrendKey) -> str:
    return f"#{key.value}" if key.kind is TrendKind.HASHTAG else key.value


def _life(weeks: Sequence[CommunityWeek]) -> str:
    """Draw the latest weeks as a line of bars."""
    most = max((one.mention_count for one in weeks), default=1)
    return "".join(_LEVELS[(len(_LEVELS) - 1) * one.mention_count // most] for one in weeks[-_LATEST_WEEKS:])


TRENDS: Final = Listing("trends", trend_fields, ("kind", "value", "count", "before", "score", "is_new"), _trend_table)
BURSTS: Final = Listing(
    "bursts",
    burst_fields,
    ("id", "kind", "value", "count", "window_s", "usual", "most_before", "began_at", "seen_at", "mention_ids"),
    _burst_table,
)
COMMUNITIES: Final = Listing(
    "communities",
    community_fields,
    (
        *("name", "is_named", "hashtags", "mention_count", "actor_count", "core_actors"),
        *("tightness", "first_at", "last_at"),
    ),
    _community_table,
)
FORWARDS: Final = Listing(
    "forwards",
    forward_fields,
    ("first_at", "last_at", "likeness", "conversation_ids", "mention_ids"),
    _forward_table,
)
CROSSINGS: Final = Listing(
    "crossings",
    crossing_fields,
    ("kind", "value", "platforms", "first_seen_at", "mention_count"),
    _crossing_table,
)
