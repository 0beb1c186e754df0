"""`veilleur trends`, `bursts`, `communities`, `forwards` and `crossings`: what stands out in what was captured."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from functools import partial
from shlex import join, quote
from typing import Annotated, Final, TypeVar

import typer

from veilleur.cli.examples import examples
from veilleur.cli.options import DatabaseUrl, DataDir, Format, InUtc, PublicOnly, Server, ServerToken
from veilleur.cli.output.holes import say_holes
from veilleur.cli.output.listing import Listing, OutputFormat
from veilleur.cli.output.terminal import say
from veilleur.cli.output.trends import BURSTS, COMMUNITIES, CROSSINGS, FORWARDS, TRENDS
from veilleur.cli.store_access import opened_desk
from veilleur.cli.zones import viewer_zone
from veilleur.model.desk import Desk
from veilleur.model.errors import QueryError
from veilleur.model.trends import TrendKind
from veilleur.model.watch import LONGEST_NAME
from veilleur.query.window import read_window

TREND_EXAMPLES: Final = examples(
    ("veilleur trends", "The hashtags that rose most in a day, beside the seven days before"),
    ("veilleur trends --kind word --since 7d", "Words of a week, beside the seven weeks before"),
    ("veilleur trends --kind actor --format csv", "Accounts, as CSV"),
)
BURST_EXAMPLES: Final = examples(
    ("veilleur bursts", "What came far more often than it does at such an hour"),
    ("veilleur bursts --kind hashtag --since 7d --format jsonl", "Hashtags alone, for a script"),
)
LIST_EXAMPLES: Final = examples(
    ("veilleur communities list", "Hashtags that are used together, and how many mentions each week had"),
    ("veilleur communities list --since 90d --format json", "Of three months, with core accounts and weeks"),
)
NAME_EXAMPLES: Final = examples(("veilleur communities name Sorcières witchtok tarot", "Call it so from now on"))
RENAME_EXAMPLES: Final = examples(("veilleur communities rename Sorcières WitchTok", "Under another name"))
UNNAME_EXAMPLES: Final = examples(("veilleur communities unname Sorcières", "It is called by its first hashtag again"))
FORWARD_EXAMPLES: Final = examples(
    ("veilleur forwards", "Nearly the same words in several conversations in the last week"),
    ("veilleur forwards --since 30d --format jsonl", "Of a month, for a script"),
)
CROSSING_EXAMPLES: Final = examples(
    ("veilleur crossings --since 30d", "Handles and links that reached another platform")
)

_Row = TypeVar("_Row")
_Kind = Annotated[TrendKind, typer.Option("--kind", help="What is counted.")]
_OfKind = Annotated[TrendKind | None, typer.Option("--kind", show_default=False, help="Bursts of this alone.")]
_Since = Annotated[
    str | None,
    typer.Option("--since", metavar="WHEN", show_default=False, help="From here on: 7d, 24h, 2026-11-20."),
]
_Rows = Annotated[int, typer.Option("--limit", "-n", min=1, max=500, help="At most so many.")]
_Name = Annotated[str, typer.Argument(metavar="NAME", help="What it is called.")]
_NewName = Annotated[str, typer.Argument(metavar="NEW-NAME", help="The name that it gets.")]
_Tags = Annotated[list[str], typer.Argument(metavar="HASHTAG…", help="The hashtags by which it is known.")]


def trends(  # noqa: PLR0913 - a command's parameters are its options
    *,
    kind: _Kind = TrendKind.HASHTAG,
    since: _Since = None,
    limit: _Rows = 20,
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    public: PublicOnly = False,
    utc: InUtc = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Show what rose most in a day (or since --since), beside the seven times of that length before."""
    zone = viewer_zone(is_utc=utc)
    since_at = _since_at(since, zone)
    with opened_desk(data_dir, database_url, server, token, is_public=public) as desk:
        found = desk.trends.rising(kind, since_at=since_at, limit=limit)
        _show(TRENDS, format, found, zone, desk, since_at, "Nothing came three times or more.")


def bursts(  # noqa: PLR0913 - a command's parameters are its options
    *,
    kind: _OfKind = None,
    since: _Since = None,
    limit: _Rows = 20,
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    public: PublicOnly = False,
    utc: InUtc = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Show bursts of the last 30 days (or since --since), the newest found first."""
    zone = viewer_zone(is_utc=utc)
    since_at = _since_at(since, zone)
    with opened_desk(data_dir, database_url, server, token, is_public=public) as desk:
        found = desk.trends.bursts(kind=kind, since_at=since_at, limit=limit)
        _show(BURSTS, format, found, zone, desk, since_at, "No burst.")


def communities(  # noqa: PLR0913 - a command's parameters are its options
    *,
    since: _Since = None,
    limit: _Rows = 20,
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    public: PublicOnly = False,
    utc: InUtc = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Show the hashtags that are used together in 30 days (or since --since), with their core accounts and weeks."""
    zone = viewer_zone(is_utc=utc)
    since_at = _since_at(since, zone)
    with opened_desk(data_dir, database_url, server, token, is_public=public) as desk:
        found = desk.trends.communities(since_at=since_at, limit=limit)
        _show(COMMUNITIES, format, found, zone, desk, since_at, "No three hashtags are used together often enough.")


def name_community(  # noqa: PLR0913 - a command's parameters are its options
    name: _Name,
    hashtags: _Tags,
    *,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Name the community that shares most of these hashtags; the name stays with it as it grows."""
    _refuse_wrong(name)
    with opened_desk(data_dir, database_url, server, token) as desk:
        named = desk.trends.name_community(name, hashtags)
    told = " ".join(f"#{tag}" for tag in named.hashtags)
    undoing = f"veilleur communities unname {quote(named.name)}"
    say(f"The community of {told} is called {named.name}; `{undoing}` takes it back.")


def rename_community(  # noqa: PLR0913 - a command's parameters are its options
    name: _Name,
    new_name: _NewName,
    *,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Give a named community another name."""
    _refuse_wrong(new_name)
    with opened_desk(data_dir, database_url, server, token) as desk:
        known = next((one for one in desk.trends.named() if one.name == name), None)
        if known is None:
            raise _unknown(name)
        desk.trends.name_community(new_name, known.hashtags, instead_of=name)
    say(f"{name} is called {new_name} now; `veilleur communities rename {quote(new_name)} {quote(name)}` undoes it.")


def unname_community(
    name: _Name,
    *,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Take a community's name back."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        known = next((one for one in desk.trends.named() if one.name == name), None)
        if known is None or not desk.trends.forget_name(name):
            raise _unknown(name)
    say(f"{name} has no name any more; `veilleur communities name {quote(name)} {join(known.hashtags)}` undoes it.")


def forwards(  # noqa: PLR0913 - a command's parameters are its options
    *,
    since: _Since = None,
    limit: _Rows = 20,
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    public: PublicOnly = False,
    utc: InUtc = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Show messages passed on in 7 days (or since --since): nearly the same words in several conversations."""
    zone = viewer_zone(is_utc=utc)
    since_at = _since_at(since, zone)
    with opened_desk(data_dir, database_url, server, token, is_public=public) as desk:
        found = desk.trends.forwards(since_at=since_at, limit=limit)
        _show(FORWARDS, format, found, zone, desk, since_at, "No message went through several conversations.")


def crossings(  # noqa: PLR0913 - a command's parameters are its options
    *,
    since: _Since = None,
    limit: _Rows = 20,
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    public: PublicOnly = False,
    utc: InUtc = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Show handles and links that stood on several platforms in 30 days (or since --since)."""
    zone = viewer_zone(is_utc=utc)
    since_at = _since_at(since, zone)
    with opened_desk(data_dir, database_url, server, token, is_public=public) as desk:
        found = desk.trends.crossings(since_at=since_at, limit=limit)
        _show(CROSSINGS, format, found, zone, desk, since_at, "Nothing reached another platform.")


def _show(  # noqa: PLR0913, PLR0917 - what is shown, how, and what is said of it
    listing: Listing[_Row],
    format: OutputFormat,  # noqa: A002 - the flag's name
    found: Sequence[_Row],
    zone: tzinfo,
    desk: Desk,
    since_at: datetime | None,
    nothing: str,
) -> None:
    listing.write(format, found, zone, partial(desk.trends.unseen, since_at))
    if format is OutputFormat.TABLE:
        if not found:
            say(nothing)
        say_holes(desk.trends.unseen(since_at))


def _since_at(since: str | None, zone: tzinfo) -> datetime | None:
    if since is None:
        return None
    try:
        return read_window(since=since, until=None, now=datetime.now(UTC), zone=zone).since_at
    except QueryError as error:
        raise typer.BadParameter(f"expected {error.expected}", param_hint="--since") from error


def _refuse_wrong(name: str) -> None:
    if not 0 < len(name.strip()) <= LONGEST_NAME or "/" in name:
        raise typer.BadParameter(f"a name has from 1 to {LONGEST_NAME} characters, and no /")


def _unknown(name: str) -> typer.BadParameter:
    return typer.BadParameter(f"no community is called {name}: `veilleur communities list` shows them")
