"""The command line as a tree: every command, its group and its examples."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from veilleur import __version__
from veilleur.cli.commands import (
    broker,
    configuration,
    coverage,
    database,
    device_config,
    devices,
    doctor,
    gaps,
    mentions,
    notifications,
    pairing,
    parsers,
    patterns,
    quarantine,
    reparse,
    replay,
    running,
    tokens,
)
from veilleur.cli.examples import examples
from veilleur.cli.output.terminal import answer

_RUN, _READ, _KEEP = "Run", "Read", "Keep"


def build_cli() -> typer.Typer:
    """Return the whole command line."""
    root = _group(
        "Veilleur: the notifications of a tablet as mentions to query.",
        examples(
            ("veilleur up", "Start here"),
            ("veilleur replay LOG.jsonl", "Then play a log"),
            ("veilleur mentions", "Look"),
        ),
    )
    root.callback()(_version)
    for panel, name, command, epilog in (
        (_RUN, "up", running.up, running.UP_EXAMPLES),
        (_RUN, "serve", running.serve, running.SERVE_EXAMPLES),
        (_RUN, "ingest", running.ingest, running.INGEST_EXAMPLES),
        (_READ, "replay", replay.replay, replay.EXAMPLES),
        (_READ, "mentions", mentions.mentions, mentions.EXAMPLES),
        (_READ, "notifications", notifications.notifications, notifications.EXAMPLES),
        (_READ, "coverage", coverage.coverage, coverage.EXAMPLES),
        (_READ, "parsers", parsers.parsers, parsers.EXAMPLES),
        (_KEEP, "reparse", reparse.reparse, reparse.EXAMPLES),
        (_KEEP, "doctor", doctor.doctor, doctor.EXAMPLES),
        (_KEEP, "config", configuration.config, configuration.EXAMPLES),
    ):
        _add(root, name, command, epilog, panel)
    root.add_typer(_broker(), name="broker", rich_help_panel=_RUN)
    root.add_typer(_devices(), name="device", rich_help_panel=_KEEP)
    root.add_typer(_tokens(), name="token", rich_help_panel=_KEEP)
    root.add_typer(_quarantine(), name="quarantine", rich_help_panel=_READ)
    root.add_typer(_patterns(), name="patterns", rich_help_panel=_READ)
    root.add_typer(_database(), name="db", rich_help_panel=_KEEP)
    return root


def _broker() -> typer.Typer:
    group = _group("The embedded broker: alone, open or closed to the network, its certificate.", broker.EXAMPLES)
    group.callback(invoke_without_command=True, no_args_is_help=False)(broker.broker)
    _add(group, "open", broker.open_to_network, broker.OPEN_EXAMPLES)
    _add(group, "close", broker.close_to_network, broker.CLOSE_EXAMPLES)
    _add(group, "certificate", broker.certificate, broker.CERTIFICATE_EXAMPLES)
    return group


def _devices() -> typer.Typer:
    group = _group("Tablets and their accounts at the embedded broker.", devices.LIST_EXAMPLES)
    _add(group, "pair", pairing.pair, pairing.PAIR_EXAMPLES)
    _add(group, "add", devices.add, devices.ADD_EXAMPLES)
    _add(group, "list", devices.listed, devices.LIST_EXAMPLES)
    _add(group, "show", pairing.show, pairing.SHOW_EXAMPLES)
    _add(group, "rename", pairing.rename, pairing.RENAME_EXAMPLES)
    _add(group, "revoke", pairing.revoke, pairing.REVOKE_EXAMPLES)
    _add(group, "close-gap", gaps.close_gap, gaps.EXAMPLES)
    group.add_typer(_device_configs(), name="config")
    return group


def _device_configs() -> typer.Typer:
    group = _group("What a device captures, clears and takes out.", device_config.SHOW_EXAMPLES)
    _add(group, "show", device_config.show, device_config.SHOW_EXAMPLES)
    _add(group, "allow", device_config.allow, device_config.ALLOW_EXAMPLES)
    _add(group, "disallow", device_config.disallow, device_config.DISALLOW_EXAMPLES)
    _add(group, "set", device_config.choose, device_config.SET_EXAMPLES)
    _add(group, "import", device_config.import_file, device_config.IMPORT_EXAMPLES)
    _add(group, "export", device_config.export, device_config.EXPORT_EXAMPLES)
    _add(group, "undo", device_config.undo, device_config.UNDO_EXAMPLES)
    return group


def _tokens() -> typer.Typer:
    group = _group("Bearer tokens for the API.", tokens.LIST_EXAMPLES)
    _add(group, "create", tokens.create, tokens.CREATE_EXAMPLES)
    _add(group, "list", tokens.listed, tokens.LIST_EXAMPLES)
    _add(group, "revoke", tokens.revoke, tokens.REVOKE_EXAMPLES)
    return group


def _quarantine() -> typer.Typer:
    group = _group("What no parser understood, and what could not even be read.", quarantine.LIST_EXAMPLES)
    _add(group, "list", quarantine.listed, quarantine.LIST_EXAMPLES)
    _add(group, "show", quarantine.show, quarantine.SHOW_EXAMPLES)
    _add(group, "retry", quarantine.retry, quarantine.RETRY_EXAMPLES)
    return group


def _patterns() -> typer.Typer:
    group = _group("Wordings that nobody knew: patterns proposed, tried and added.", patterns.SUGGEST_EXAMPLES)
    _add(group, "suggest", patterns.suggest, patterns.SUGGEST_EXAMPLES)
    _add(group, "test", patterns.try_out, patterns.TEST_EXAMPLES)
    _add(group, "accept", patterns.accept, patterns.ACCEPT_EXAMPLES)
    return group


def _database() -> typer.Typer:
    group = _group("The database.", database.UPGRADE_EXAMPLES)
    _add(group, "upgrade", database.upgrade, database.UPGRADE_EXAMPLES)
    return group


def _group(text: str, epilog: str) -> typer.Typer:
    return typer.Typer(
        help=text, epilog=epilog, no_args_is_help=True, rich_markup_mode="rich", pretty_exceptions_enable=False
    )


def _add(group: typer.Typer, name: str, command: Callable[..., None], epilog: str, panel: str | None = None) -> None:
    group.command(name, epilog=epilog, rich_help_panel=panel)(command)


def _show_version(is_wanted: bool) -> None:
    if is_wanted:
        answer(f"veilleur {__version__}")
        raise typer.Exit


def _version(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_show_version, help="Show the version and end.")
    ] = False,
) -> None:
    """Hold the options that stand before a command."""
