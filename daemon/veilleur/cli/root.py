"""The command line as a tree: every command, its group and its examples."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Annotated

import typer

from veilleur import __version__
from veilleur.cli.also_called import also_called
from veilleur.cli.commands import (
    alert_rules,
    alerts,
    broker,
    campaigns,
    configuration,
    counts,
    coverage,
    database,
    deliveries,
    device_config,
    devices,
    doctor,
    export,
    feeds,
    gaps,
    mentions,
    mqtt_readers,
    new_app,
    notifications,
    pairing,
    parsers,
    patterns,
    people,
    plan,
    projects,
    qualify,
    quarantine,
    receivers,
    reparse,
    replay,
    report,
    report_schedules,
    rules,
    running,
    tokens,
    trends,
    watches,
    watching,
)
from veilleur.cli.examples import examples
from veilleur.cli.local_command import LocalCommand
from veilleur.cli.output.terminal import answer
from veilleur.cli.plain_words import PlainCommand, PlainGroup

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
        also_called(search="mentions"),
    )
    root.callback()(_version)
    for panel, name, command, epilog in (
        (_RUN, "up", running.up, running.UP_EXAMPLES),
        (_RUN, "serve", running.serve, running.SERVE_EXAMPLES),
        (_RUN, "ingest", running.ingest, running.INGEST_EXAMPLES),
        (_READ, "replay", replay.replay, replay.EXAMPLES),
        (_READ, "mentions", mentions.mentions, mentions.EXAMPLES),
        (_READ, "facets", counts.facets, counts.FACET_EXAMPLES),
        (_READ, "timeline", counts.timeline, counts.TIMELINE_EXAMPLES),
        (_READ, "trends", trends.trends, trends.TREND_EXAMPLES),
        (_READ, "bursts", trends.bursts, trends.BURST_EXAMPLES),
        (_READ, "forwards", trends.forwards, trends.FORWARD_EXAMPLES),
        (_READ, "crossings", trends.crossings, trends.CROSSING_EXAMPLES),
        (_READ, "export", export.export, export.EXAMPLES),
        (_READ, "notifications", notifications.notifications, notifications.EXAMPLES),
        (_READ, "coverage", coverage.coverage, coverage.EXAMPLES),
        (_KEEP, "reparse", reparse.reparse, reparse.EXAMPLES),
        (_KEEP, "doctor", doctor.doctor, doctor.EXAMPLES),
        (_KEEP, "config", configuration.config, configuration.EXAMPLES),
    ):
        _add(root, name, command, epilog, panel)
    _add_groups(root)
    return root


def _add_groups(root: typer.Typer) -> None:
    for panel, name, group in (
        (_RUN, "broker", _broker()),
        (_KEEP, "device", _devices()),
        (_KEEP, "token", _tokens()),
        (_KEEP, "person", _people()),
        (_KEEP, "project", _projects()),
        (_READ, "quarantine", _quarantine()),
        (_READ, "patterns", _patterns()),
        (_READ, "parsers", _parsers()),
        (_READ, "campaign", _campaigns()),
        (_READ, "communities", _communities()),
        (_READ, "watch", _watches()),
        (_READ, "feed", _feeds()),
        (_READ, "report", _reports()),
        (_READ, "alert", _alerts()),
        (_READ, "plan", _plan()),
        (_READ, "qualify", _qualify()),
        (_READ, "rule", _rules()),
        (_KEEP, "receiver", _receivers()),
        (_KEEP, "delivery", _deliveries()),
        (_KEEP, "db", _database()),
    ):
        root.add_typer(group, name=name, rich_help_panel=panel)


def _broker() -> typer.Typer:
    group = _group("The embedded broker: alone, open or closed to the network, its certificate.", broker.EXAMPLES)
    group.callback(invoke_without_command=True, no_args_is_help=False)(broker.broker)
    _add(group, "open", broker.open_to_network, broker.OPEN_EXAMPLES)
    _add(group, "close", broker.close_to_network, broker.CLOSE_EXAMPLES)
    _add(group, "certificate", broker.certificate, broker.CERTIFICATE_EXAMPLES)
    group.add_typer(_mqtt_readers(), name="reader")
    return group


def _mqtt_readers() -> typer.Typer:
    group = _group("Programs that read republished mentions at the embedded broker.", mqtt_readers.ADD_EXAMPLES)
    _add(group, "add", mqtt_readers.add, mqtt_readers.ADD_EXAMPLES)
    _add(group, "list", mqtt_readers.listed, mqtt_readers.LIST_EXAMPLES)
    _add(group, "remove", mqtt_readers.remove, mqtt_readers.REMOVE_EXAMPLES)
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


def _projects() -> typer.Typer:
    group = _group("Projects: clients, each with devices, watches and people of its own.", projects.LIST_EXAMPLES)
    _add(group, "add", projects.add, projects.ADD_EXAMPLES)
    _add(group, "list", projects.listed, projects.LIST_EXAMPLES)
    _add(group, "rename", projects.rename, projects.RENAME_EXAMPLES)
    _add(group, "take", projects.take, projects.TAKE_EXAMPLES)
    _add(group, "let-in", projects.let_in, projects.LET_IN_EXAMPLES)
    _add(group, "let-go", projects.let_go, projects.LET_GO_EXAMPLES)
    _add(group, "remove", projects.remove, projects.REMOVE_EXAMPLES)
    return group


def _people() -> typer.Typer:
    group = _group("People who sign in to the pages.", people.ADD_EXAMPLES)
    _add(group, "add", people.add, people.ADD_EXAMPLES)
    _add(group, "link", people.link, people.LINK_EXAMPLES)
    _add(group, "list", people.listed, people.LIST_EXAMPLES)
    _add(group, "role", people.role, people.ROLE_EXAMPLES)
    _add(group, "remove", people.remove, people.REMOVE_EXAMPLES)
    return group


def _quarantine() -> typer.Typer:
    group = _group("What no parser understood, and what could not even be read.", quarantine.LIST_EXAMPLES)
    _add(group, "list", quarantine.listed, quarantine.LIST_EXAMPLES)
    _add(group, "show", quarantine.show, quarantine.SHOW_EXAMPLES)
    _add(group, "retry", quarantine.retry, quarantine.RETRY_EXAMPLES)
    _add(group, "rates", quarantine.rates, quarantine.RATES_EXAMPLES)
    return group


def _patterns() -> typer.Typer:
    group = _group("Wordings that nobody knew: patterns proposed, tried and added.", patterns.SUGGEST_EXAMPLES)
    _add(group, "suggest", patterns.suggest, patterns.SUGGEST_EXAMPLES)
    _add(group, "test", patterns.try_out, patterns.TEST_EXAMPLES)
    _add(group, "accept", patterns.accept, patterns.ACCEPT_EXAMPLES)
    return group


def _parsers() -> typer.Typer:
    group = _group("Which apps are read, and how: built in, your own, and plug-ins.", parsers.EXAMPLES)
    group.callback(invoke_without_command=True, no_args_is_help=False)(parsers.parsers)
    _add(group, "wordings", parsers.wordings, parsers.WORDINGS_EXAMPLES)
    _add(group, "new", new_app.new, new_app.NEW_EXAMPLES)
    _add(group, "allow", new_app.allow, new_app.ALLOW_EXAMPLES)
    _add(group, "disallow", new_app.disallow, new_app.DISALLOW_EXAMPLES)
    _add(group, "resume", parsers.resume, parsers.RESUME_EXAMPLES)
    return group


def _communities() -> typer.Typer:
    group = _group("Communities: hashtags that are used together, under the names you give them.", trends.LIST_EXAMPLES)
    _add(group, "list", trends.communities, trends.LIST_EXAMPLES)
    _add(group, "name", trends.name_community, trends.NAME_EXAMPLES)
    _add(group, "rename", trends.rename_community, trends.RENAME_EXAMPLES)
    _add(group, "unname", trends.unname_community, trends.UNNAME_EXAMPLES)
    return group


def _campaigns() -> typer.Typer:
    group = _group("Campaigns: which conversations an advertisement, a link or a code began.", campaigns.LIST_EXAMPLES)
    _add(group, "add", campaigns.add, campaigns.ADD_EXAMPLES)
    _add(group, "list", campaigns.listed, campaigns.LIST_EXAMPLES)
    _add(group, "show", campaigns.show, campaigns.SHOW_EXAMPLES)
    _add(group, "rename", campaigns.rename, campaigns.RENAME_EXAMPLES)
    _add(group, "remove", campaigns.remove, campaigns.REMOVE_EXAMPLES)
    _add(group, "propose", campaigns.propose, campaigns.PROPOSE_EXAMPLES)
    return group


def _watches() -> typer.Typer:
    group = _group("Watches: queries under a name, and what comes in for them.", watches.ADD_EXAMPLES)
    _add(group, "add", watches.add, watches.ADD_EXAMPLES)
    _add(group, "list", watches.listed, watches.LIST_EXAMPLES)
    _add(group, "show", watches.show, watches.SHOW_EXAMPLES)
    _add(group, "edit", watches.edit, watches.EDIT_EXAMPLES)
    _add(group, "remove", watches.remove, watches.REMOVE_EXAMPLES)
    _add(group, "restore", watches.restore, watches.RESTORE_EXAMPLES)
    _add(group, "history", watches.history, watches.HISTORY_EXAMPLES)
    _add(group, "follow", watching.follow, watching.FOLLOW_EXAMPLES)
    _add(group, "backtest", watching.backtest, watching.BACKTEST_EXAMPLES)
    return group


def _feeds() -> typer.Typer:
    group = _group("Watches as Atom feeds, each behind a secret link.", feeds.CREATE_EXAMPLES)
    _add(group, "create", feeds.create, feeds.CREATE_EXAMPLES)
    _add(group, "list", feeds.listed, feeds.LIST_EXAMPLES)
    _add(group, "renew", feeds.renew, feeds.RENEW_EXAMPLES)
    _add(group, "revoke", feeds.revoke, feeds.REVOKE_EXAMPLES)
    return group


def _alerts() -> typer.Typer:
    group = _group("Alerts: what people are told of, what was told, and who took it on.", alert_rules.ADD_EXAMPLES)
    _add(group, "list", alerts.listed, alerts.LIST_EXAMPLES)
    _add(group, "ack", alerts.ack, alerts.ACK_EXAMPLES)
    _add(group, "rules", alert_rules.rules, alert_rules.RULES_EXAMPLES)
    _add(group, "add", alert_rules.add, alert_rules.ADD_EXAMPLES)
    _add(group, "edit", alert_rules.edit, alert_rules.EDIT_EXAMPLES)
    _add(group, "remove", alert_rules.remove, alert_rules.REMOVE_EXAMPLES)
    _add(group, "restore", alert_rules.restore, alert_rules.RESTORE_EXAMPLES)
    _add(group, "test", alert_rules.try_out, alert_rules.TEST_EXAMPLES)
    return group


def _plan() -> typer.Typer:
    text = "The watch plan: what each device is meant to follow, and its silences."
    group = _group(text, plan.SHOW_EXAMPLES, also_called(list="show"))
    _add(group, "show", plan.show, plan.SHOW_EXAMPLES)
    _add(group, "add", plan.add, plan.ADD_EXAMPLES)
    _add(group, "remove", plan.remove, plan.REMOVE_EXAMPLES)
    _add(group, "import", plan.import_file, plan.IMPORT_EXAMPLES)
    _add(group, "export", plan.export, plan.EXPORT_EXAMPLES)
    return group


def _qualify() -> typer.Typer:
    group = _group("What people and rules say of mentions: tone, tags, off-topic, treated, note.", qualify.SET_EXAMPLES)
    _add(group, "set", qualify.set_qualification, qualify.SET_EXAMPLES)
    _add(group, "journal", qualify.journal, qualify.JOURNAL_EXAMPLES)
    _add(group, "undo", qualify.undo, qualify.UNDO_EXAMPLES)
    return group


def _receivers() -> typer.Typer:
    group = _group("Where messages go: webhooks, e-mail and other services.", receivers.ADD_EXAMPLES)
    _add(group, "add", receivers.add, receivers.ADD_EXAMPLES)
    _add(group, "list", receivers.listed, receivers.LIST_EXAMPLES)
    _add(group, "test", receivers.try_out, receivers.TEST_EXAMPLES)
    _add(group, "remove", receivers.remove, receivers.REMOVE_EXAMPLES)
    _add(group, "subscribe", receivers.subscribe, receivers.SUBSCRIBE_EXAMPLES)
    _add(group, "subscriptions", receivers.subscriptions, receivers.SUBSCRIPTIONS_EXAMPLES)
    _add(group, "unsubscribe", receivers.unsubscribe, receivers.UNSUBSCRIBE_EXAMPLES)
    return group


def _deliveries() -> typer.Typer:
    group = _group("What was sent and what waits.", deliveries.LIST_EXAMPLES)
    _add(group, "list", deliveries.listed, deliveries.LIST_EXAMPLES)
    _add(group, "retry", deliveries.retry, deliveries.RETRY_EXAMPLES)
    return group


def _reports() -> typer.Typer:
    group = typer.Typer(
        cls=report.MakeByDefault,
        help="Reports: a watch's period beside the one before, to send or print; `report WATCH` makes one.",
        epilog=report.EXAMPLES,
        no_args_is_help=True,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
    )
    _add(group, "make", report.make, report.MAKE_EXAMPLES)
    _add(group, "schedule", report_schedules.schedule, report_schedules.SCHEDULE_EXAMPLES)
    _add(group, "list", report_schedules.listed, report_schedules.LIST_EXAMPLES)
    _add(group, "remove", report_schedules.remove, report_schedules.REMOVE_EXAMPLES)
    return group


def _rules() -> typer.Typer:
    group = _group("Rules: what is said of every mention that a query or words find.", rules.ADD_EXAMPLES)
    _add(group, "add", rules.add, rules.ADD_EXAMPLES)
    _add(group, "list", rules.listed, rules.LIST_EXAMPLES)
    _add(group, "apply", rules.apply, rules.APPLY_EXAMPLES)
    _add(group, "remove", rules.remove, rules.REMOVE_EXAMPLES)
    return group


def _database() -> typer.Typer:
    group = _group("The database.", database.UPGRADE_EXAMPLES)
    _add(group, "upgrade", database.upgrade, database.UPGRADE_EXAMPLES)
    return group


def _group(text: str, epilog: str, kind: type[PlainGroup] = PlainGroup) -> typer.Typer:
    return typer.Typer(
        cls=kind,
        help=text,
        epilog=epilog,
        no_args_is_help=True,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
    )


def _add(group: typer.Typer, name: str, command: Callable[..., None], epilog: str, panel: str | None = None) -> None:
    kind = PlainCommand if "server" in signature(command).parameters else LocalCommand
    group.command(name, cls=kind, epilog=epilog, rich_help_panel=panel)(command)


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
