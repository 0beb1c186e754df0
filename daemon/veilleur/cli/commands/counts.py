"""`veilleur facets` and `veilleur timeline`: how many mentions there are, by what they are and by when."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Final

import typer

from veilleur.cli.examples import examples
from veilleur.cli.options import DatabaseUrl, DataDir, Format, InUtc, PublicOnly, Server, ServerToken
from veilleur.cli.output.counts import BUCKETS, say_since, write_facets
from veilleur.cli.output.holes import say_holes
from veilleur.cli.output.listing import OutputFormat
from veilleur.cli.output.terminal import say
from veilleur.cli.store_access import opened_desk
from veilleur.cli.zones import viewer_zone
from veilleur.model.counts import Facet, Grain

FACET_EXAMPLES: Final = examples(
    ("veilleur facets", "How many mentions of each kind, on each platform, in each language"),
    ("veilleur facets '#ratp since:30d' --by hashtag --by actor", "What stands beside a hashtag, and who writes it"),
    ("veilleur facets 'since:7d' --by language --format csv", "One facet as CSV"),
)
TIMELINE_EXAMPLES: Final = examples(
    ("veilleur timeline since:30d", "The days of a month"),
    ("veilleur timeline '#ratp since:7d' --by hour", "The hours of a week"),
    ("veilleur timeline --by week --format csv > weeks.csv", "Every week, as CSV"),
)
_USUAL: Final = [Facet.PLATFORM, Facet.KIND, Facet.LANGUAGE]
_Query = Annotated[list[str] | None, typer.Argument(metavar="QUERY", show_default=False, help="As for mentions.")]
_Facets = Annotated[
    list[Facet] | None,
    typer.Option("--by", show_default="platform, kind, language", help="What to count by; may be given several times."),
]
_Keys = Annotated[int, typer.Option("--limit", "-n", min=1, max=500, help="At most so many keys of each.")]
_Grain = Annotated[Grain, typer.Option("--by", help="Hours, days or weeks (from Monday).")]


def facets(  # noqa: PLR0913 - a command's parameters are its options
    query: _Query = None,
    *,
    by: _Facets = None,
    limit: _Keys = 20,
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    public: PublicOnly = False,
    utc: InUtc = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Count a query's mentions by platform, kind, language, hashtag, actor …; the most frequent first.

    Of more than 50,000 mentions the newest are counted, but for platforms, kinds and visibilities of all of them.
    """
    zone, text = viewer_zone(is_utc=utc), " ".join(query or ())
    with opened_desk(data_dir, database_url, server, token, is_public=public) as desk:
        found = desk.mentions.facets(text, zone, list(dict.fromkeys(by or _USUAL)), limit=limit)
        unseen = partial(desk.mentions.unseen, text, zone)
        write_facets(format, found, zone, unseen)
        if format is OutputFormat.TABLE:
            say_since(max((one.counted_since_at for one in found if one.counted_since_at), default=None), zone)
            say_holes(unseen())


def timeline(  # noqa: PLR0913 - a command's parameters are its options
    query: _Query = None,
    *,
    by: _Grain = Grain.DAY,
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    public: PublicOnly = False,
    utc: InUtc = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Count a query's mentions by hour, day or week of this machine's zone, from `since:` or the first until now.

    A bucket with a `?` is not whole: something of its time was not seen, or it is cut, or not over yet.
    """
    zone, text = viewer_zone(is_utc=utc), " ".join(query or ())
    with opened_desk(data_dir, database_url, server, token, is_public=public) as desk:
        found = desk.mentions.timeline(text, zone, by)
        unseen = partial(desk.mentions.unseen, text, zone)
        BUCKETS.write(format, found.buckets, zone, unseen)
        if format is OutputFormat.TABLE:
            say(f"{found.total:,} mentions")
            say_since(found.counted_since_at, zone)
            say_holes(unseen())
