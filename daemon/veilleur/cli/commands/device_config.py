"""`veilleur device config …`: what a device captures, clears and takes out, a revision for each change."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final

import typer

from veilleur.cli.examples import examples
from veilleur.cli.options import DatabaseUrl, DataDir, InUtc, Server, ServerToken
from veilleur.cli.output.config_changes import changes
from veilleur.cli.output.device_config import show_changes, show_config
from veilleur.cli.output.terminal import say
from veilleur.cli.store_access import opened_desk
from veilleur.cli.zones import viewer_zone
from veilleur.model.desk import Desk
from veilleur.model.device_config import (
    CHOICES,
    auto_clear,
    first_config,
    selection,
    with_app,
    with_choice,
    without_app,
)
from veilleur.model.errors import ConfigError
from veilleur_bridge.wire.config import AppRule, DeviceConfig, config_faults, read_config, write_config

SHOW_EXAMPLES: Final = examples(
    ("veilleur device config show salon-1", "What is captured, and whether the tablet goes by it"),
)
ALLOW_EXAMPLES: Final = examples(
    ("veilleur device config allow salon-1 com.instagram.android", "One more app, all of it"),
    (
        "veilleur device config allow salon-1 com.whatsapp --chat 'Clients (Lyon)' --chat 'Clients VIP'",
        "Of an app only these chats",
    ),
    ("veilleur device config allow salon-1 com.zhiliaoapp.musically --except-channel live_push", "All but a channel"),
)
DISALLOW_EXAMPLES: Final = examples(
    ("veilleur device config disallow salon-1 com.whatsapp", "Capture it no longer"),
)
SET_EXAMPLES: Final = examples(
    ("veilleur device config set salon-1 pictures on", "Keep thumbnails"),
    ("veilleur device config set salon-1 redaction.code_words 'laissez-passer, sésame'", "Further code words"),
)
EXPORT_EXAMPLES: Final = examples(
    ("veilleur device config export salon-1 > salon.json", "As a file to edit or copy"),
)
IMPORT_EXAMPLES: Final = examples(
    ("veilleur device config import salon-2 salon.json", "Another tablet captures the same"),
)
UNDO_EXAMPLES: Final = examples(
    ("veilleur device config undo salon-1", "Ask again for what was asked before"),
)
_STDIN: Final = "-"

_Name = Annotated[str, typer.Argument(metavar="NAME", help="The device, as `veilleur device list` names it.")]
_App = Annotated[str, typer.Argument(metavar="APP", help="An Android package, such as com.whatsapp.")]
_Key = Annotated[str, typer.Argument(metavar="KEY", help=f"One of {', '.join(CHOICES)}.")]
_Value = Annotated[str, typer.Argument(metavar="VALUE", help="on, off, a number, or words separated by commas.")]
_File = Annotated[str, typer.Argument(metavar="FILE", help="What `export` wrote; - reads standard input.")]


def _several(flag: str, does: str) -> object:
    return typer.Option(flag, metavar="ID", show_default=False, help=f"{does}; may be repeated.")


_Channels = Annotated[list[str] | None, _several("--channel", "Only this channel")]
_WithoutChannels = Annotated[list[str] | None, _several("--except-channel", "Every channel but this")]
_Chats = Annotated[list[str] | None, _several("--chat", "Only this chat, by its title or id")]
_WithoutChats = Annotated[list[str] | None, _several("--except-chat", "Every chat but this")]
_AllChannels = Annotated[bool, typer.Option("--all-channels", help="Every channel again.")]
_AllChats = Annotated[bool, typer.Option("--all-chats", help="Every chat again.")]
_Clear = Annotated[
    str | None,
    typer.Option(
        "--clear", metavar="WHEN", show_default=False, help="Clear: never, always, or from so many active on."
    ),
]
_Pictures = Annotated[bool | None, typer.Option("--pictures/--no-pictures", show_default=False, help="Thumbnails.")]


def show(  # noqa: PLR0913 - a command's parameters are its options
    name: _Name,
    utc: InUtc = False,
    *,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Show what a device is asked to capture, and whether it goes by it."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        health = desk.devices.health(name)
        if health is None:
            raise _unknown(name)
        show_config(_current(desk, name), health.config, viewer_zone(is_utc=utc))


def allow(  # noqa: PLR0913 - a command's parameters are its options
    name: _Name,
    app: _App,
    *,
    channel: _Channels = None,
    except_channel: _WithoutChannels = None,
    all_channels: _AllChannels = False,
    chat: _Chats = None,
    except_chat: _WithoutChats = None,
    all_chats: _AllChats = False,
    clear: _Clear = None,
    pictures: _Pictures = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Capture an app, or other parts of one that is captured; what is not said stays as it was."""
    rule = AppRule(
        package=app,
        channels=selection(tuple(channel or ()), tuple(except_channel or ()), every=all_channels),
        chats=selection(tuple(chat or ()), tuple(except_chat or ()), every=all_chats),
        pictures=pictures,
        auto_clear=None if clear is None else auto_clear(clear),
    )
    with opened_desk(data_dir, database_url, server, token) as desk:
        _change(desk, name, lambda config: with_app(config, rule))


def disallow(  # noqa: PLR0913 - a command's parameters are its options
    name: _Name,
    app: _App,
    *,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Capture an app no longer; what is stored of it stays."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        _change(desk, name, lambda config: without_app(config, app))


def choose(  # noqa: PLR0913 - a command's parameters are its options
    name: _Name,
    key: _Key,
    value: _Value,
    *,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Change one choice: pictures, clearing, noise, redaction, intervals."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        _change(desk, name, lambda config: with_choice(config, key, value))


def import_file(  # noqa: PLR0913 - a command's parameters are its options
    name: _Name,
    file: _File,
    *,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Ask for what a file says, which `export` wrote; its revision is not looked at."""
    payload = sys.stdin.buffer.read() if file == _STDIN else Path(file).read_bytes()
    read = read_config(payload)
    if read is None:
        faults = ", ".join(config_faults(payload)) or "it is no JSON object with v 1"
        raise ConfigError(f"{file} is no configuration (look at: {faults}): compare it with what `export` writes")
    with opened_desk(data_dir, database_url, server, token) as desk:
        _change(desk, name, lambda config: replace(read, revision=config.revision))


def export(
    name: _Name,
    *,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Write what a device is asked to standard output, as JSON."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        config = _current(desk, name)
    sys.stdout.buffer.write(write_config(replace(config, revision=max(config.revision, 1))) + b"\n")


def undo(
    name: _Name,
    *,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Ask again, as a new revision, for what was asked before the last change; done twice it changes nothing."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        before = desk.devices.config_before(name)
        if before is None:
            raise ConfigError(f"nothing was asked of {name} before: `veilleur device config show {name}` shows what is")
        _change(desk, name, lambda config: replace(before, revision=config.revision))


def _change(desk: Desk, name: str, change: Callable[[DeviceConfig], DeviceConfig]) -> None:
    now = _current(desk, name)
    if now.revision == 0:
        # What a device would get anyway is asked first, so that there is something to go back to.
        now = _ask(desk, name, now)
    asked = change(now)
    differences = list(changes(now, asked))
    if not differences:
        say("Nothing changes.")
        return
    stored = _ask(desk, name, asked)
    show_changes(differences)
    say(f"Revision {stored.revision} is asked of {name}; once connected, it takes it within seconds.")
    say(
        f"`veilleur device config show {name}` says whether it has; `veilleur device config undo {name}` takes it back."
    )


def _current(desk: Desk, name: str) -> DeviceConfig:
    """Return what is asked of a device, or what its first configuration will be, as revision 0."""
    config = desk.devices.config(name)
    if config is not None:
        return config
    health = desk.devices.health(name)
    if health is None:
        raise _unknown(name)
    return replace(first_config(health.source), revision=0)


def _ask(desk: Desk, name: str, config: DeviceConfig) -> DeviceConfig:
    asked = desk.devices.ask(name, config)
    if asked is None:
        raise _unknown(name)
    return asked


def _unknown(name: str) -> ConfigError:
    return ConfigError(f"no device is named {name}: `veilleur device list` names those there are")
