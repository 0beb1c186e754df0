"""`veilleur mentions`: what was read from the notifications, asked by the query language."""

from __future__ import annotations

import os
from functools import partial
from typing import Annotated, Final

import typer

from veilleur.cli.examples import examples
from veilleur.cli.options import (
    DatabaseUrl,
    DataDir,
    Everything,
    Format,
    InUtc,
    Limit,
    PublicOnly,
    Server,
    ServerToken,
    chosen_limit,
)
from veilleur.cli.output.holes import say_holes
from veilleur.cli.output.listing import OutputFormat
from veilleur.cli.output.mentions import MENTIONS
from veilleur.cli.output.terminal import say
from veilleur.cli.store_access import opened_desk
from veilleur.cli.zones import viewer_zone
from veilleur.model.listing import Order
from veilleur.query.explaining import language_of_locale

EXAMPLES: Final = examples(
    ("veilleur mentions", "The newest mentions"),
    ("veilleur mentions 'grève since:7d platform:tiktok kind:comment,reply'", "Words, with conditions"),
    ("veilleur mentions '(grèv* OR retard) NOT #humour in:\"Clients VIP\"'", "Either of two, without a third"),
    ("veilleur mentions --explain '#ratp OR lang:fr has:link'", "What a query means, in words"),
    (
        "veilleur mentions '#ratp \"ligne 13\" from:@nom' --limit 100",
        "A hashtag (quoted: # begins a comment in a shell)",
    ),
    ("veilleur mentions --format jsonl --all > mentions.jsonl", "Everything, one JSON object a line"),
    ("veilleur mentions since:30d --public --format csv --all > month.csv", "A month without private messages, as CSV"),
)
_MOST_RELEVANT: Final = 500
_Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="QUERY",
        show_default=False,
        help='Words, "phrases", begin*, #tag, AND, OR, NOT, ( ), and fields such as kind:comment since:7d; '
        "docs/reference/query-language.md has them all.",
    ),
]
_By = Annotated[Order, typer.Option("--by", help="What comes first: the newest, or what fits the words best.")]
_Explain = Annotated[bool, typer.Option("--explain", help="Say in words what the query means, and search nothing.")]


def mentions(  # noqa: PLR0913 - a command's parameters are its options
    query: _Words = None,
    *,
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    limit: Limit = None,
    by: _By = Order.NEWEST,
    everything: Everything = False,
    public: PublicOnly = False,
    utc: InUtc = False,
    explain_only: _Explain = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """List mentions, newest first; by relevance at most 500, of the newest 10,000 that match.

    CSV has a column for each field (actor_name, media_kind …), lists are separated by spaces, an empty cell is unknown.
    A cell that a spreadsheet would calculate begins with an apostrophe: take one away to have the exact text.
    """
    zone, text = viewer_zone(is_utc=utc), " ".join(query or ())
    at_most = chosen_limit(format, limit, everything=everything)
    with opened_desk(data_dir, database_url, server, token, is_public=public) as desk:
        if explain_only:
            typer.echo(desk.mentions.explain(text, zone, language_of_locale(os.environ)))
            return
        unseen = partial(desk.mentions.unseen, text, zone)
        if at_most is None and by is Order.NEWEST:
            MENTIONS.write(format, desk.mentions.every(text, zone), zone, unseen)
            return
        page = desk.mentions.page(text, zone, limit=at_most or _MOST_RELEVANT, order=by)
        MENTIONS.write(format, page.mentions, zone, unseen)
        if format is OutputFormat.TABLE:
            say_holes(unseen())
        if page.next_cursor is not None:
            total = desk.mentions.total(text, zone)
            say(f"{len(page.mentions):,} of {total:,} mentions: --limit N shows more, --all shows every one")
        elif not page.mentions and query:
            say("No mention matches.")
        elif not page.mentions:
            say("No mention yet: `veilleur replay FILE` plays a log, `veilleur device add NAME` connects a tablet.")
