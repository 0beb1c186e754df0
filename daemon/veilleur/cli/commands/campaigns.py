"""`veilleur campaign …`: what invites people to write, and the openings that tell it."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from veilleur.campaigns.links import opening_in_link
from veilleur.cli.agreement import require_agreement
from veilleur.cli.examples import examples
from veilleur.cli.options import DatabaseUrl, DataDir, Format, Server, ServerToken
from veilleur.cli.output.campaigns import CAMPAIGNS, PROPOSALS
from veilleur.cli.output.listing import OutputFormat
from veilleur.cli.output.terminal import say
from veilleur.cli.store_access import opened_desk
from veilleur.cli.zones import viewer_zone
from veilleur.model.campaign import LONGEST_NAME, LONGEST_OPENING, CampaignKind

ADD_EXAMPLES: Final = examples(
    (
        "veilleur campaign add brunch --opening 'Bonjour, je voudrais en savoir plus sur votre brunch'",
        "An advertisement",
    ),
    (
        "veilleur campaign add vitrine --kind qr --link 'https://wa.me/33600000000?text=Bonjour%20la%20vitrine'",
        "A code whose link holds its opening",
    ),
)
LIST_EXAMPLES: Final = examples(("veilleur campaign list", "Every campaign with its openings"))
SHOW_EXAMPLES: Final = examples(("veilleur campaign show brunch --format json", "One campaign"))
RENAME_EXAMPLES: Final = examples(("veilleur campaign rename brunch brunch-2026", "Under another name"))
REMOVE_EXAMPLES: Final = examples(("veilleur campaign remove brunch --yes", "Without asking, in a script"))
PROPOSE_EXAMPLES: Final = examples(
    ("veilleur campaign propose", "Openings that five conversations or more share, and no campaign knows"),
    ("veilleur campaign propose --at-least 20 --format jsonl", "Only frequent ones, for a script"),
)

_Name = Annotated[str, typer.Argument(metavar="NAME", help="The campaign's name.")]
_NewName = Annotated[str, typer.Argument(metavar="NEW-NAME", help="The name that it gets.")]
_Kind = Annotated[
    CampaignKind | None,
    typer.Option("--kind", show_default=False, help="How its conversations begin; a new one: ad."),
]
_Openings = Annotated[
    list[str] | None,
    typer.Option("--opening", metavar="TEXT", show_default=False, help="A text that it fills in; may be repeated."),
]
_Links = Annotated[
    list[str] | None,
    typer.Option("--link", metavar="URL", show_default=False, help="wa.me/…?text=…: the text is an opening."),
]
_AtLeast = Annotated[int, typer.Option("--at-least", min=2, help="How many conversations share it at least.")]
_Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def add(  # noqa: PLR0913 - a command's parameters are its options
    name: _Name,
    *,
    kind: _Kind = None,
    openings: _Openings = None,
    links: _Links = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Make a campaign, or add openings to the one of this name."""
    given = (*(openings or ()), *(_opening_of(link) for link in links or ()))
    if not given:
        raise typer.BadParameter("name at least one --opening, or a --link that holds its text")
    _refuse_wrong(name)
    if not all(0 < len(text.strip()) <= LONGEST_OPENING for text in given):
        raise typer.BadParameter(f"an opening has from 1 to {LONGEST_OPENING:,} characters")
    with opened_desk(data_dir, database_url, server, token) as desk:
        known = desk.campaigns.find(name)
        kind = kind or (known.kind if known else CampaignKind.AD)
        texts = (*(known.openings if known else ()), *given)
        desk.campaigns.save(name, kind, texts)
    say(f"Campaign {name} ({kind}) knows {len(set(texts))} openings; every list tells origins by it from now on.")


def listed(
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """List campaigns by name."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        known = desk.campaigns.every()
    CAMPAIGNS.write(format, known, viewer_zone(is_utc=True))
    if not known:
        say("No campaign yet: `veilleur campaign propose` looks for openings that many share.")


def show(  # noqa: PLR0913 - a command's parameters are its options
    name: _Name,
    *,
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Show one campaign."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        known = desk.campaigns.find(name)
    if known is None:
        raise _unknown(name)
    CAMPAIGNS.write(format, [known], viewer_zone(is_utc=True))


def rename(  # noqa: PLR0913 - a command's parameters are its options
    name: _Name,
    new_name: _NewName,
    *,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Give a campaign another name."""
    _refuse_wrong(new_name)
    with opened_desk(data_dir, database_url, server, token) as desk:
        known = desk.campaigns.find(name)
        if known is None:
            raise _unknown(name)
        if not desk.campaigns.save(name, known.kind, known.openings, new_name=new_name):
            raise typer.BadParameter(f"there is a campaign {new_name} already")
    say(f"Campaign {name} is called {new_name} now.")


def remove(  # noqa: PLR0913 - a command's parameters are its options
    name: _Name,
    *,
    yes: _Yes = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Take a campaign out; its conversations have no origin any more."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        if desk.campaigns.find(name) is None:
            raise _unknown(name)
        require_agreement(
            f"Remove the campaign {name}?", is_given=yes, unasked="removes", otherwise="Nothing was removed."
        )
        desk.campaigns.remove(name)
    say(f"Campaign {name} is removed.")


def propose(  # noqa: PLR0913 - a command's parameters are its options
    at_least: _AtLeast = 5,
    *,
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """List openings that many conversations share and no campaign knows."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        found = desk.campaigns.propose(at_least=at_least)
    PROPOSALS.write(format, found, viewer_zone(is_utc=True))
    if found:
        say("`veilleur campaign add NAME --opening TEXT` makes one of them a campaign.")
    else:
        say(f"No opening that no campaign knows is shared by {at_least} conversations.")


def _opening_of(link: str) -> str:
    opening = opening_in_link(link)
    if opening is None:
        raise typer.BadParameter(f"--link: {link} holds no text; write it as https://wa.me/33600000000?text=…")
    return opening


def _refuse_wrong(name: str) -> None:
    """Refuse a name by which the API could not call the campaign."""
    if not 0 < len(name.strip()) <= LONGEST_NAME or "/" in name:
        raise typer.BadParameter(f"a name has from 1 to {LONGEST_NAME} characters, and no /")


def _unknown(name: str) -> typer.BadParameter:
    return typer.BadParameter(f"there is no campaign {name}: `veilleur campaign list` shows them")
