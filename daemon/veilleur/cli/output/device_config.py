"""How a device's configuration, and a change of it, is shown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo

from rich.text import Text

from veilleur.cli.output.config_changes import Change, app_words, choices
from veilleur.cli.output.tables import bare_table, cell
from veilleur.cli.output.terminal import result_console
from veilleur.cli.zones import shown_minute
from veilleur.model.device_health import ConfigStanding
from veilleur_bridge.wire.config import DeviceConfig


def show_config(config: DeviceConfig, standing: ConfigStanding, zone: tzinfo) -> None:
    """Write what is captured, every other choice, and whether the device goes by it."""
    apps, others = bare_table(), bare_table()
    apps.add_column("App")
    apps.add_column("Captured", overflow="fold")
    for rule in config.apps:
        apps.add_row(cell(rule.package), cell(app_words(rule)))
    others.add_column("Choice")
    others.add_column("Is", overflow="fold")
    for name, value in choices(config).items():
        others.add_row(name, cell(value))
    console = result_console()
    console.print(apps)
    console.print(others)
    console.print(_standing(config, standing, standing.asked_at, zone))


def show_changes(changes: Iterable[Change]) -> None:
    """Write each change as lines of - and +, and what it means."""
    console = result_console()
    for change in changes:
        for sign, words, style in (("-", change.before, "red"), ("+", change.after, "green")):
            if words is not None:
                line = Text(f"{sign} ", style=style).append(cell(change.name, style=style))
                console.print(line.append(": ").append(cell(words, style=style)), soft_wrap=True)
        console.print(Text("  ").append(change.meaning), soft_wrap=True)


def _standing(config: DeviceConfig, standing: ConfigStanding, asked_at: datetime | None, zone: tzinfo) -> str:
    if asked_at is None and standing.in_force_revision:
        in_force = f"it goes by revision {standing.in_force_revision} of a configuration that is not known here"
        return f"Nothing is asked of it yet: {in_force}, until you change something"
    if asked_at is None:
        return "Nothing is asked of it yet: this is what it gets with its first status"
    asked = f"Revision {config.revision}, asked {shown_minute(asked_at, zone)}"
    if standing.error is not None:
        return f"{asked}; the device refused it: {standing.error}"
    if standing.in_force_revision is None:
        return f"{asked}; the device has not told its state yet"
    if standing.in_force_revision < config.revision:
        return f"{asked}; the device still goes by revision {standing.in_force_revision}"
    since = "" if standing.in_force_at is None else f" since {shown_minute(standing.in_force_at, zone)}"
    return f"{asked}; the device goes by it{since}"
