"""`veilleur device pair|show|rename|revoke`: how a tablet joins, and how it leaves."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Final

import typer

from veilleur.cli import wiring
from veilleur.cli.examples import examples
from veilleur.cli.options import DatabaseUrl, DataDir
from veilleur.cli.output.qr_code import draw_qr_code
from veilleur.cli.output.terminal import answer, say
from veilleur.cli.output.visible import in_one_line
from veilleur.cli.store_access import logged_settings, opened_project
from veilleur.cli.zones import shown_minute, viewer_zone
from veilleur.model.scope import Scope

if TYPE_CHECKING:
    from veilleur.app.pairing import Pairing
    from veilleur.app.settings import Settings
    from veilleur.store.database import Database

PAIR_EXAMPLES: Final = examples(
    ("veilleur device pair salon-1 --open", "A tablet in the network; the broker opens to it, encrypted"),
    ("veilleur device pair salon-1 --usb", "A tablet on a cable, through `adb reverse`"),
    ("veilleur device pair salon-1 --address veilleur.example.org:1883", "Behind a router that forwards a port"),
)
SHOW_EXAMPLES: Final = examples(("veilleur device show salon-1", "Its account, and when it was last heard"))
RENAME_EXAMPLES: Final = examples(("veilleur device rename salon-1 'Tablette du salon'", "What people call it"))
REVOKE_EXAMPLES: Final = examples(
    ("veilleur device revoke salon-1", "Asks, then ends its connection"),
    ("veilleur device revoke salon-1 --yes", "Without asking, in a script"),
)

_Name = Annotated[str, typer.Argument(metavar="NAME", help="Lower-case letters, digits and hyphens, at most 64.")]
_Open = Annotated[
    bool, typer.Option("--open", help="Open the embedded broker to the network, encrypted, where it is not yet.")
]
_Usb = Annotated[bool, typer.Option("--usb", help="For a tablet on a USB cable: print the `adb reverse` line.")]
_Addresses = Annotated[
    list[str] | None,
    typer.Option(
        "--address",
        metavar="HOST[:PORT]",
        show_default=False,
        help="Where else the tablet finds this machine, before what is found by itself; may be repeated.",
    ),
]
_NoWait = Annotated[bool, typer.Option("--no-wait", help="Do not wait until the tablet has connected.")]
_Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
_Label = Annotated[str, typer.Argument(metavar="LABEL", help="Any words; an empty one takes the label away.")]


def pair(  # noqa: PLR0913, PLR0917 - the options of a command
    name: _Name,
    opens: _Open = False,
    usb: _Usb = False,
    addresses: _Addresses = None,
    no_wait: _NoWait = False,
    yes: _Yes = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Join a tablet: a QR code and a text code, each good once and for ten minutes; then wait for the tablet.

    Only the text code goes to standard output. Ends with 0 once the tablet has connected, 1 when it did not in time.
    """
    settings = logged_settings(data_dir=data_dir, database_url=database_url)
    with opened_project(data_dir, database_url) as (database, own):
        _agree_to_replace(database, own, name, is_agreed=yes)
        if not usb and settings.mqtt_url is None:
            _agree_to_open(settings, is_agreed=opens)
        reach = wiring.Reach.USB if usb else wiring.Reach.NETWORK
        wish = wiring.PairingWish(scope=own, device=name, reach=reach, hosts=tuple(addresses or ()))
        made = wiring.make_pairing(settings, database, wish)
        _show(made, wiring.pages_address(settings))
        if not no_wait:
            _wait(settings, database, own, made)


def show(name: _Name, data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Show how a device stands with its account."""
    zone = viewer_zone(is_utc=False)
    with opened_project(data_dir, database_url) as (database, own):
        account = wiring.account_of(database, own, name, datetime.now(UTC))
        heard = {device.name: device for device in wiring.list_devices(database, own)}.get(name)
    if account is None or heard is None:
        raise typer.BadParameter(_unknown(name))
    lines = {
        "device": name,
        "label": account.label or "–",
        "account": account.state.value,
        "paired": shown_minute(account.paired_at, zone),
        "code void from": shown_minute(account.expires_at, zone),
        "revoked": shown_minute(account.revoked_at, zone),
        "first seen": shown_minute(heard.first_seen_at, zone),
        "last received": shown_minute(heard.last_received_at, zone),
        "notifications": f"{heard.notification_count:,}",
    }
    for field, value in lines.items():
        answer(f"{field:<15} {value}")


def rename(name: _Name, label: _Label, data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Say how people call a device; its name on the wire, and so its topics and history, stay."""
    with opened_project(data_dir, database_url) as (database, own):
        if not wiring.set_label(database, own, name, label.strip() or None):
            raise typer.BadParameter(_unknown(name))
    say(f"Device {name} is called {in_one_line(label.strip())}." if label.strip() else f"Device {name} has no label.")


def revoke(name: _Name, yes: _Yes = False, data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Take a device's account away: its connection ends within two seconds. What it sent stays."""
    settings = logged_settings(data_dir=data_dir, database_url=database_url)
    with opened_project(data_dir, database_url) as (database, own):
        account = wiring.account_of(database, own, name, datetime.now(UTC))
        if account is None:
            raise typer.BadParameter(_unknown(name))
        if not (yes or _is_agreed(f"Revoke {name}? Its connection ends, and only a new pairing lets it in again.")):
            say("Nothing was revoked.")
            raise typer.Exit(1)
        # at the broker first: what fails there can be tried again
        by_hand = () if settings.mqtt_url is None else wiring.remove_external_account(settings.mqtt_url, name)
        if not wiring.revoke_account(database, own, name, now=datetime.now(UTC)):
            raise typer.BadParameter(f"{name} has no account, or it is revoked already")
    _say_by_hand(by_hand)
    say(f"Device {name} is revoked.")


def _agree_to_replace(database: Database, own: Scope, name: str, *, is_agreed: bool) -> None:
    account = wiring.account_of(database, own, name, datetime.now(UTC))
    if account is None or account.state is not wiring.AccountState.PAIRED or is_agreed:
        return
    if not _is_agreed(f"{name} is paired already: its account ends now, and the new code must be used. Go on?"):
        say("Nothing was changed.")
        raise typer.Exit(1)


def _agree_to_open(settings: Settings, *, is_agreed: bool) -> None:
    if wiring.is_open(settings):
        return
    question = "The broker listens on this machine alone. Open it to the network, encrypted, so that tablets reach it?"
    if not (is_agreed or _is_agreed(question, flag="--open")):
        say("Nothing was changed: --open opens the broker, --usb pairs a tablet on a cable.")
        raise typer.Exit(1)
    say(f"The broker is open to the network, on {wiring.open_network(settings)}, encrypted.")


def _is_agreed(question: str, flag: str = "--yes") -> bool:
    if not sys.stdin.isatty():
        say(f"There is nobody to ask: {flag} goes on without asking.")
        return False
    return typer.confirm(question, err=True)


def _show(made: Pairing, pages: str | None) -> None:
    code, until = made.code, shown_minute(made.code.expires_at, viewer_zone(is_utc=False))
    if made.by_hand:
        say("At your broker, first (the device's password is shown only now):")
    for step in made.by_hand:
        say(f"  {step}")
    if made.usb_command is not None:
        say("With the tablet on its cable, and again after each time it was unplugged, run:")
        say(f"  {made.usb_command}")
    say(f"Scan this in the app on {code.device}. It is good once, until {until}:")
    if sys.stderr.isatty() and (columns := draw_qr_code(made.text)) is not None:
        say(f"(The terminal is too narrow for the QR code, which takes {columns} columns.)")
    if pages is not None:
        say(f"The same as a page, which shows it once: {pages}{made.page_path}")
    say(f"The tablet tries: {', '.join(code.addresses)}")
    if code.key_sha256 is not None:
        say(f"and trusts the key {code.key_sha256}")
    say("Or paste this text:")
    answer(made.text)


def _wait(settings: Settings, database: Database, own: Scope, made: Pairing) -> None:
    device = made.code.device
    say(f"Waiting for {device}; Ctrl+C ends the waiting, the code stays good.")
    state = wiring.await_device(database, own, device, made.code.expires_at)
    if state is not wiring.AccountState.PAIRED:
        if settings.mqtt_url is not None:
            _say_by_hand(wiring.remove_external_account(settings.mqtt_url, device))
        say(f"{device} did not come in time, and the code is void: run this again.")
        raise typer.Exit(1)
    say(f"{device} has connected.")


def _say_by_hand(commands: tuple[str, ...]) -> None:
    if commands:
        say("At your broker, run, or the device goes on coming in:")
    for command in commands:
        answer(command)


def _unknown(name: str) -> str:
    return f"no device is called {in_one_line(name)}: `veilleur device list` shows them"
