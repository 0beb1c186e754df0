"""`veilleur receiver …`: where messages go, and which mentions webhooks are told of."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shlex import quote
from typing import Annotated, Final

import typer

from veilleur.cli.agreement import require_agreement
from veilleur.cli.examples import examples
from veilleur.cli.options import DatabaseUrl, DataDir, Format, Server, ServerToken
from veilleur.cli.output.deliveries import RECEIVERS, SUBSCRIPTIONS
from veilleur.cli.output.listing import OutputFormat
from veilleur.cli.output.terminal import answer, say
from veilleur.cli.store_access import opened_desk
from veilleur.cli.zones import viewer_zone
from veilleur.model.delivery import (
    AttemptOutcome,
    ReceiverDraft,
    ReceiverKind,
    SubscriptionDraft,
    SubscriptionId,
)
from veilleur.model.desk import Desk
from veilleur.model.errors import QueryError, ReceiverRefused

ADD_EXAMPLES: Final = examples(
    ("veilleur receiver add equipe --address-file -", "Type or pipe the address: a command's words are seen by others"),
    ("veilleur receiver add tableau https://hooks.example.org/veilleur", "A webhook; its secret is shown this once"),
    ("veilleur receiver add astreinte 'ntfys://ntfy.example.org/astreinte'", "A service, as apprise writes it"),
    ("veilleur receiver add courriel --address-file adresse.txt", "mailto://… from a file that only you can read"),
)
LIST_EXAMPLES: Final = examples(("veilleur receiver list", "Receivers, what waits for them and how they are"))
TEST_EXAMPLES: Final = examples(("veilleur receiver test equipe", "Send a trial now, and see how it goes"))
REMOVE_EXAMPLES: Final = examples(("veilleur receiver remove equipe --yes", "Its address is forgotten"))
SUBSCRIBE_EXAMPLES: Final = examples(
    ("veilleur receiver subscribe tableau --watch plastique", "Each mention of a watch, as it comes"),
    ("veilleur receiver subscribe tableau --query 'kind:comment lang:fr'", "Or of a query"),
)
SUBSCRIPTIONS_EXAMPLES: Final = examples(("veilleur receiver subscriptions", "What each webhook is told"))
UNSUBSCRIBE_EXAMPLES: Final = examples(("veilleur receiver unsubscribe 3", "By its number"))
_STDIN: Final = Path("-")
_WEB: Final = ("http://", "https://")

_Name = Annotated[str, typer.Argument(metavar="NAME", help="The receiver's name.")]
_Address = Annotated[
    str | None, typer.Argument(metavar="[ADDRESS]", help="A webhook's URL, or a service's as apprise writes it.")
]
_AddressFile = Annotated[
    Path | None,
    typer.Option(
        "--address-file", metavar="FILE", show_default=False, help="A file that holds the address; - is stdin."
    ),
]
_Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
_Watch = Annotated[str | None, typer.Option("--watch", metavar="NAME", show_default=False, help="Of this watch.")]
_Query = Annotated[str | None, typer.Option("--query", metavar="QUERY", show_default=False, help="Or of this query.")]
_Zone = Annotated[str, typer.Option("--zone", metavar="ZONE", help="The time zone of the query's days.")]
_Private = Annotated[bool, typer.Option("--private", help="Private and group mentions too.")]


def add(  # noqa: PLR0913 - a command's parameters are its options
    name: _Name,
    address: _Address = None,
    *,
    address_file: _AddressFile = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Add a receiver; its address is kept sealed, and shown masked from now on."""
    given = address if address_file is None else _read(address_file)
    if not given or (address is not None and address_file is not None):
        raise typer.BadParameter("give the address, or the file that holds it")
    kind = ReceiverKind.WEBHOOK if given.startswith(_WEB) else ReceiverKind.SERVICE
    draft = ReceiverDraft(name=name, kind=kind, address=given)
    with opened_desk(data_dir, database_url, server, token) as desk, _refusals():
        added = desk.receivers.add(draft)
    say(f"Receiver {name}: {added.receiver.address}. `veilleur receiver test {quote(name)}` sends it a trial.")
    if added.secret is not None:
        say("Messages are signed with this secret, shown this once:")
        answer(added.secret)


def listed(
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """List receivers by name, their addresses masked."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        RECEIVERS.write(format, desk.receivers.every(), viewer_zone(is_utc=False))


def try_out(
    name: _Name,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Send a trial at once; ends with 1 where it did not come."""
    with opened_desk(data_dir, database_url, server, token) as desk, _refusals():
        told = desk.receivers.try_out(name)
    if told is None:
        raise _unknown(name)
    if told.outcome != AttemptOutcome.DELIVERED:
        say(f"It did not come ({told.outcome}): {told.detail}")
        raise typer.Exit(1)
    say(f"Receiver {name} took it.")


def remove(  # noqa: PLR0913 - a command's parameters are its options
    name: _Name,
    *,
    yes: _Yes = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Forget a receiver and its address; what waits for it is given up."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        found = next((one for one in desk.receivers.every() if one.name == name), None)
        if found is None:
            raise _unknown(name)
        if left_alone := _left_alone(desk, name):
            say(left_alone)
        asked = f"Remove {name}, for which {found.waiting_count} messages wait?"
        require_agreement(asked, is_given=yes, unasked="removes", otherwise="Nothing was removed.")
        desk.receivers.remove(name)
    say(f"Receiver {name} is removed.")


def _left_alone(desk: Desk, name: str) -> str | None:
    """Return what becomes of alert rules without this receiver; None where somebody whom they name is left."""
    left = {one.name for one in desk.receivers.every()} - {name}
    rules = desk.alert_rules.every()
    if not left:
        return "It is the only receiver: without it alert rules tell nobody." if rules else None
    alone = [rule.name for rule in rules if name in rule.draft.receivers and left.isdisjoint(rule.draft.receivers)]
    if not alone:
        return None
    return f"It is the last whom {', '.join(alone)} names: without it every receiver is told instead."


def subscribe(  # noqa: PLR0913 - a command's parameters are its options
    name: _Name,
    *,
    watch: _Watch = None,
    query: _Query = None,
    zone: _Zone = "UTC",
    private: _Private = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Tell a webhook of each mention as it is created, changed or erased."""
    draft = SubscriptionDraft(watch=watch, query=query, zone=zone, with_private=private)
    with opened_desk(data_dir, database_url, server, token) as desk, _refusals():
        made = desk.receivers.subscribe(name, draft)
    say(f"{name} is told from now on; `veilleur receiver unsubscribe {made.id}` ends it.")


def subscriptions(
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """List which mentions webhooks are told of."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        SUBSCRIPTIONS.write(format, desk.receivers.subscriptions(), viewer_zone(is_utc=True))


def unsubscribe(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="The subscription's number.")],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """End a subscription; what waits already is still sent."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        if not desk.receivers.unsubscribe(SubscriptionId(number)):
            raise typer.BadParameter(f"there is no subscription {number}: `veilleur receiver subscriptions` lists them")
    say(f"Subscription {number} is ended.")


def _read(file: Path) -> str:
    try:
        text = sys.stdin.read() if file == _STDIN else file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise typer.BadParameter(f"{file} cannot be read: {error}") from error
    return text.strip()


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except (QueryError, ReceiverRefused) as error:
        raise typer.BadParameter(str(error)) from error


def _unknown(name: str) -> typer.BadParameter:
    return typer.BadParameter(f"there is no receiver {name}: `veilleur receiver list` names those there are")
