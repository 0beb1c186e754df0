"""`veilleur mentions`: what was read from the notifications, asked by the query language."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Final

import typer

from veilleur.cli import wiring
from veilleur.cli.examples import examples
from veilleur.cli.options import DatabaseUrl, DataDir, Everything, Format, InUtc, Limit, PublicOnly, chosen_limit
from veilleur.cli.output.listing import OutputFormat
from veilleur.cli.output.mentions import MENTIONS
from veilleur.cli.output.terminal import say
from veilleur.cli.store_access import opened_store
from veilleur.cli.zones import viewer_zone
from veilleur.model.coverage import Completeness
from veilleur.model.scope import Scope
from veilleur.query.reading import read_query
from veilleur.query.window import window_of

EXAMPLES: Final = examples(
    ("veilleur mentions", "The newest mentions"),
    ("veilleur mentions 'grève since:7d platform:tiktok kind:comment,reply'", "Words, with conditions"),
    (
        "veilleur mentions '#ratp \"ligne 13\" from:@nom' --limit 100",
        "A hashtag (quoted: # begins a comment in a shell)",
    ),
    ("veilleur mentions --format jsonl --all > mentions.jsonl", "Everything, one JSON object a line"),
    ("veilleur mentions since:30d --public --format csv --all > month.csv", "A month without private messages, as CSV"),
)
_Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="QUERY",
        show_default=False,
        help='Words and "phrases", #tag, platform:, kind:, lang:, region:, from:, since:, until: (7d, 2026-11-20): '
        "all must hold.",
    ),
]


def mentions(  # noqa: PLR0913 - a command's parameters are its options
    query: _Words = None,
    *,
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    limit: Limit = None,
    everything: Everything = False,
    public: PublicOnly = False,
    utc: InUtc = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """List mentions, newest first.

    CSV has a column for each field (actor_name, media_kind …), lists are separated by spaces, an empty cell is unknown.
    A cell that a spreadsheet would calculate begins with an apostrophe: take one away to have the exact text.
    """
    zone = viewer_zone(is_utc=utc)
    scope = Scope(may_read_private=not public)
    asked = read_query(" ".join(query or ()), now=datetime.now(UTC), zone=zone)
    at_most = chosen_limit(format, limit, everything=everything)
    with opened_store(data_dir, database_url) as database:
        unseen = partial(wiring.completeness, database, scope, window_of(asked))
        if at_most is None:
            MENTIONS.write(format, wiring.every_mention(database, scope, asked), zone, unseen)
            return
        page = wiring.page_mentions(database, scope, asked, limit=at_most)
        MENTIONS.write(format, page.mentions, zone, unseen)
        if format is OutputFormat.TABLE:
            _say_holes(unseen())
        if page.next_cursor is not None:
            total = wiring.total_mentions(database, scope, asked)
            say(f"{len(page.mentions):,} of {total:,} mentions: --limit N shows more, --all shows every one")
        elif not page.mentions and query:
            say("No mention matches.")
        elif not page.mentions:
            say("No mention yet: `veilleur replay FILE` plays a log, `veilleur device add NAME` connects a tablet.")


def _say_holes(unseen: Completeness) -> None:
    """Say that something was missed, where devices tell their state; a log that was played has none."""
    if unseen.known and unseen.intervals:
        holes = len(unseen.intervals) + unseen.omitted
        these = "1 interval was" if holes == 1 else f"{holes:,} intervals were"
        say(f"Of this time {these} not seen: `veilleur coverage` tells which.")
