"""`veilleur feed …`: watches as Atom feeds, each behind a secret link."""

from __future__ import annotations

import os
from typing import Annotated, Final

import typer

from veilleur.cli.agreement import require_agreement
from veilleur.cli.commands.watches import WatchName, active_watch
from veilleur.cli.examples import examples
from veilleur.cli.options import DatabaseUrl, DataDir, Format, InUtc, Server, ServerToken
from veilleur.cli.output.feeds import FEEDS
from veilleur.cli.output.listing import OutputFormat
from veilleur.cli.output.terminal import answer, say
from veilleur.cli.store_access import opened_desk
from veilleur.cli.zones import viewer_zone
from veilleur.model.feed import MadeFeed
from veilleur.query.explaining import language_of_locale
from veilleur.wording.languages import Language

CREATE_EXAMPLES: Final = examples(
    ("veilleur feed create strike", "A link to what is public of a watch, for a feed reader"),
    ("veilleur feed create strike --with-private", "Private messages and groups too, for everybody with the link"),
    ("veilleur feed create strike --language fr", "Its own words in French, whatever this terminal speaks"),
    ("LINK=$(veilleur feed create strike)", "Into a variable: only the link goes to standard output"),
)
LIST_EXAMPLES: Final = examples(("veilleur feed list", "Every feed with its state, never its link"))
RENEW_EXAMPLES: Final = examples(("veilleur feed renew 1", "Another link; the one before leads nowhere any more"))
REVOKE_EXAMPLES: Final = examples(("veilleur feed revoke 1 --yes", "Without asking, in a script"))

_Id = Annotated[int, typer.Argument(metavar="ID", min=1, help="The number that `veilleur feed list` shows.")]
_WithPrivate = Annotated[bool, typer.Option("--with-private", help="Show what is private or of a group, too.")]
_Words = Annotated[
    Language | None, typer.Option("--language", help="Of the feed's own words; by default this terminal's.")
]
_Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def create(  # noqa: PLR0913 - a command's parameters are its options
    name: WatchName,
    *,
    with_private: _WithPrivate = False,
    language: _Words = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Make a feed of a watch and print its link to standard output, this once."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        active_watch(desk, name)
        spoken = language or language_of_locale(os.environ)
        made = desk.feeds.make(name, with_private=with_private, language=spoken)
        if made is None:
            raise typer.BadParameter(f"the watch {name} has just been renamed: `veilleur watch list`")
    shown = "what is public, private and of groups" if made.feed.may_read_private else "what is public"
    say(f"Feed {made.feed.id} shows {shown} of {made.feed.watch}, while `veilleur up` or `serve` runs there.")
    _tell(made)


def listed(  # noqa: PLR0913 - a command's parameters are its options
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    *,
    utc: InUtc = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """List feeds, the oldest first, revoked ones included."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        feeds = tuple(desk.feeds.every())
    FEEDS.write(format, feeds, viewer_zone(is_utc=utc))
    if not feeds:
        say("No feed yet: `veilleur feed create WATCH` makes one.")


def renew(
    feed_id: _Id,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Give a feed another link and print it; the one before leads nowhere any more."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        made = desk.feeds.renew(feed_id)
    if made is None:
        raise _unknown(feed_id)
    say(f"Feed {feed_id} of {made.feed.watch} has another link.")
    _tell(made)


def revoke(  # noqa: PLR0913 - a command's parameters are its options
    feed_id: _Id,
    yes: _Yes = False,
    *,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Close a feed at once; this cannot be undone."""
    require_agreement(
        f"Revoke feed {feed_id}? Its readers get nothing more, for ever.",
        is_given=yes,
        unasked="revokes",
        otherwise="Nothing was revoked.",
    )
    with opened_desk(data_dir, database_url, server, token) as desk:
        revoked = desk.feeds.revoke(feed_id)
    if revoked is None:
        raise _unknown(feed_id)
    say(f"Feed {feed_id} of {revoked.watch} is revoked.")


def _tell(made: MadeFeed) -> None:
    say("The link is shown only now and kept nowhere; who has it reads the feed:")
    answer(made.link)


def _unknown(feed_id: int) -> typer.BadParameter:
    return typer.BadParameter(f"there is no open feed {feed_id}: `veilleur feed list` shows them")
