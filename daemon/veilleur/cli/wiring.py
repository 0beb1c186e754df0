"""Loads what a command needs by name, when it is first asked for: the only lazy import there is.

`veilleur --help` and shell completion answer without a database driver or a web server being imported.
"""

# ruff: noqa: PLC0414 - the aliases say that these names are for others to use
from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from veilleur.app.accounts import remove_external_account as remove_external_account
    from veilleur.app.brokering import run_broker as run_broker
    from veilleur.app.candidate_catalogues import retry_unknown as retry_unknown
    from veilleur.app.desk.opening import open_local_desk as open_local_desk
    from veilleur.app.devices import add_device as add_device
    from veilleur.app.examining import examine as examine
    from veilleur.app.ingesting import run_ingest as run_ingest
    from veilleur.app.known_wordings import known_wordings as known_wordings
    from veilleur.app.known_wordings import readable_apps as readable_apps
    from veilleur.app.known_wordings import resume_plugin as resume_plugin
    from veilleur.app.logs import configure_logs as configure_logs
    from veilleur.app.network import certificate as certificate
    from veilleur.app.network import close_network as close_network
    from veilleur.app.network import is_open as is_open
    from veilleur.app.network import open_network as open_network
    from veilleur.app.network import renewed_certificate as renewed_certificate
    from veilleur.app.new_app import AppDraft as AppDraft
    from veilleur.app.new_app import add_app as add_app
    from veilleur.app.new_app import allow_app as allow_app
    from veilleur.app.new_app import disallow_app as disallow_app
    from veilleur.app.new_app import draft_app as draft_app
    from veilleur.app.new_app import try_app as try_app
    from veilleur.app.opening import open_store as open_store
    from veilleur.app.pairing import PairingWish as PairingWish
    from veilleur.app.pairing import Reach as Reach
    from veilleur.app.pairing import await_device as await_device
    from veilleur.app.pairing import make_pairing as make_pairing
    from veilleur.app.patterns import Proposal as Proposal
    from veilleur.app.patterns import accept_patterns as accept_patterns
    from veilleur.app.patterns import additions_of as additions_of
    from veilleur.app.patterns import read_additions as read_additions
    from veilleur.app.patterns import suggest as suggest
    from veilleur.app.patterns import try_patterns as try_patterns
    from veilleur.app.quarantine import retry_dead_letters as retry_dead_letters
    from veilleur.app.reparsing import compare_log as compare_log
    from veilleur.app.reparsing import reparse as reparse
    from veilleur.app.replaying import ReplayOptions as ReplayOptions
    from veilleur.app.replaying import preview_files as preview_files
    from veilleur.app.replaying import replay_files as replay_files
    from veilleur.app.running import own_address as own_address
    from veilleur.app.running import pages_address as pages_address
    from veilleur.app.serving import run_serve as run_serve
    from veilleur.app.settings import load_settings as load_settings
    from veilleur.app.settings import setting_warnings as setting_warnings
    from veilleur.app.up import run_up as run_up
    from veilleur.client import Client as Client
    from veilleur.exports.raw import raw_lines as raw_lines
    from veilleur.reports.logo import logo_address as logo_address
    from veilleur.reports.rendering import Presentation as Presentation
    from veilleur.reports.rendering import report_mail as report_mail
    from veilleur.reports.rendering import report_page as report_page
    from veilleur.reports.rendering import report_text as report_text
    from veilleur.store.devices import list_devices as list_devices
    from veilleur.store.gaps import close_gap as close_gap
    from veilleur.store.gaps import find_gap as find_gap
    from veilleur.store.invitations import invite_first as invite_first
    from veilleur.store.invitations import invite_person as invite_person
    from veilleur.store.mentions import total_mentions as total_mentions
    from veilleur.store.migrate import revision_of as revision_of
    from veilleur.store.mqtt_readers import add_mqtt_reader as add_mqtt_reader
    from veilleur.store.mqtt_readers import mqtt_readers as mqtt_readers
    from veilleur.store.mqtt_readers import remove_mqtt_reader as remove_mqtt_reader
    from veilleur.store.notifications import total_stored as total_stored
    from veilleur.store.pairing import AccountState as AccountState
    from veilleur.store.pairing import account_of as account_of
    from veilleur.store.pairing import revoke_account as revoke_account
    from veilleur.store.pairing import set_label as set_label
    from veilleur.store.people import add_person as add_person
    from veilleur.store.people import change_standing as change_standing
    from veilleur.store.people import has_people as has_people
    from veilleur.store.people import list_people as list_people
    from veilleur.store.people import remove_person as remove_person
    from veilleur.store.tokens import create_token as create_token
    from veilleur.store.tokens import list_tokens as list_tokens
    from veilleur.store.tokens import revoke_token as revoke_token
    from veilleur_bridge.broker.accounts import make_account as make_account
    from veilleur_bridge.broker.accounts import reader_user as reader_user

HOMES: Final = {
    "veilleur.app.accounts": ("remove_external_account",),
    "veilleur.app.brokering": ("run_broker",),
    "veilleur.app.candidate_catalogues": ("retry_unknown",),
    "veilleur.app.desk.opening": ("open_local_desk",),
    "veilleur.app.devices": ("add_device",),
    "veilleur.app.examining": ("examine",),
    "veilleur.app.ingesting": ("run_ingest",),
    "veilleur.app.known_wordings": ("known_wordings", "readable_apps", "resume_plugin"),
    "veilleur.app.logs": ("configure_logs",),
    "veilleur.app.network": ("certificate", "close_network", "is_open", "open_network", "renewed_certificate"),
    "veilleur.app.new_app": ("AppDraft", "add_app", "allow_app", "disallow_app", "draft_app", "try_app"),
    "veilleur.app.opening": ("open_store",),
    "veilleur.app.pairing": ("PairingWish", "Reach", "await_device", "make_pairing"),
    "veilleur.app.patterns": (
        "Proposal",
        "accept_patterns",
        "additions_of",
        "read_additions",
        "suggest",
        "try_patterns",
    ),
    "veilleur.app.quarantine": ("retry_dead_letters",),
    "veilleur.app.reparsing": ("compare_log", "reparse"),
    "veilleur.app.replaying": ("ReplayOptions", "preview_files", "replay_files"),
    "veilleur.app.running": ("own_address", "pages_address"),
    "veilleur.app.serving": ("run_serve",),
    "veilleur.app.settings": ("load_settings", "setting_warnings"),
    "veilleur.app.up": ("run_up",),
    "veilleur.client": ("Client",),
    "veilleur.store.mqtt_readers": ("add_mqtt_reader", "mqtt_readers", "remove_mqtt_reader"),
    "veilleur_bridge.broker.accounts": ("make_account", "reader_user"),
    "veilleur.store.devices": ("list_devices",),
    "veilleur.exports.raw": ("raw_lines",),
    "veilleur.reports.logo": ("logo_address",),
    "veilleur.reports.rendering": ("Presentation", "report_mail", "report_page", "report_text"),
    "veilleur.store.gaps": ("close_gap", "find_gap"),
    "veilleur.store.mentions": ("total_mentions",),
    "veilleur.store.migrate": ("revision_of",),
    "veilleur.store.notifications": ("total_stored",),
    "veilleur.store.pairing": ("AccountState", "account_of", "revoke_account", "set_label"),
    "veilleur.store.invitations": ("invite_first", "invite_person"),
    "veilleur.store.people": ("add_person", "change_standing", "has_people", "list_people", "remove_person"),
    "veilleur.store.tokens": ("create_token", "list_tokens", "revoke_token"),
}
"""Which module each name comes from; `TYPE_CHECKING` above says the same to the type checker."""


def __getattr__(name: str) -> object:
    for home, names in HOMES.items():
        if name in names:
            return getattr(import_module(home), name)
    raise AttributeError(f"module {__name__} has no attribute {name}")
