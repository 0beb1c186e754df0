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
    from veilleur.app.devices import add_device as add_device
    from veilleur.app.examining import examine as examine
    from veilleur.app.ingesting import run_ingest as run_ingest
    from veilleur.app.known_wordings import known_wordings as known_wordings
    from veilleur.app.logs import configure_logs as configure_logs
    from veilleur.app.network import certificate as certificate
    from veilleur.app.network import close_network as close_network
    from veilleur.app.network import is_open as is_open
    from veilleur.app.network import open_network as open_network
    from veilleur.app.network import renewed_certificate as renewed_certificate
    from veilleur.app.opening import open_store as open_store
    from veilleur.app.pairing import PairingWish as PairingWish
    from veilleur.app.pairing import Reach as Reach
    from veilleur.app.pairing import await_device as await_device
    from veilleur.app.pairing import make_pairing as make_pairing
    from veilleur.app.patterns import Proposal as Proposal
    from veilleur.app.patterns import accept_patterns as accept_patterns
    from veilleur.app.patterns import additions_of as additions_of
    from veilleur.app.patterns import read_additions as read_additions
    from veilleur.app.patterns import retry_unknown as retry_unknown
    from veilleur.app.patterns import suggest as suggest
    from veilleur.app.patterns import try_patterns as try_patterns
    from veilleur.app.quarantine import retry_dead_letters as retry_dead_letters
    from veilleur.app.reparsing import compare_log as compare_log
    from veilleur.app.reparsing import reparse as reparse
    from veilleur.app.replaying import ReplayOptions as ReplayOptions
    from veilleur.app.replaying import preview_files as preview_files
    from veilleur.app.replaying import replay_files as replay_files
    from veilleur.app.running import pages_address as pages_address
    from veilleur.app.serving import run_serve as run_serve
    from veilleur.app.settings import load_settings as load_settings
    from veilleur.app.settings import setting_warnings as setting_warnings
    from veilleur.app.up import run_up as run_up
    from veilleur.store.coverage import completeness as completeness
    from veilleur.store.coverage import list_coverage as list_coverage
    from veilleur.store.dead_letters import dead_payload as dead_payload
    from veilleur.store.dead_letters import list_dead as list_dead
    from veilleur.store.device_configs import config_before as config_before
    from veilleur.store.device_configs import newest_config as newest_config
    from veilleur.store.device_configs import save_config as save_config
    from veilleur.store.device_health import read_device_health as read_device_health
    from veilleur.store.devices import has_device as has_device
    from veilleur.store.devices import list_devices as list_devices
    from veilleur.store.gaps import close_gap as close_gap
    from veilleur.store.gaps import find_gap as find_gap
    from veilleur.store.mentions import every_mention as every_mention
    from veilleur.store.mentions import page_mentions as page_mentions
    from veilleur.store.mentions import total_mentions as total_mentions
    from veilleur.store.migrate import revision_of as revision_of
    from veilleur.store.notifications import every_notification as every_notification
    from veilleur.store.notifications import get_notification as get_notification
    from veilleur.store.notifications import page_notifications as page_notifications
    from veilleur.store.pairing import AccountState as AccountState
    from veilleur.store.pairing import account_of as account_of
    from veilleur.store.pairing import revoke_account as revoke_account
    from veilleur.store.pairing import set_label as set_label
    from veilleur.store.tokens import create_token as create_token
    from veilleur.store.tokens import list_tokens as list_tokens
    from veilleur.store.tokens import revoke_token as revoke_token

HOMES: Final = {
    "veilleur.app.accounts": ("remove_external_account",),
    "veilleur.app.brokering": ("run_broker",),
    "veilleur.app.devices": ("add_device",),
    "veilleur.app.examining": ("examine",),
    "veilleur.app.ingesting": ("run_ingest",),
    "veilleur.app.known_wordings": ("known_wordings",),
    "veilleur.app.logs": ("configure_logs",),
    "veilleur.app.network": ("certificate", "close_network", "is_open", "open_network", "renewed_certificate"),
    "veilleur.app.opening": ("open_store",),
    "veilleur.app.pairing": ("PairingWish", "Reach", "await_device", "make_pairing"),
    "veilleur.app.patterns": (
        "Proposal",
        "accept_patterns",
        "additions_of",
        "read_additions",
        "retry_unknown",
        "suggest",
        "try_patterns",
    ),
    "veilleur.app.quarantine": ("retry_dead_letters",),
    "veilleur.app.reparsing": ("compare_log", "reparse"),
    "veilleur.app.replaying": ("ReplayOptions", "preview_files", "replay_files"),
    "veilleur.app.running": ("pages_address",),
    "veilleur.app.serving": ("run_serve",),
    "veilleur.app.settings": ("load_settings", "setting_warnings"),
    "veilleur.app.up": ("run_up",),
    "veilleur.store.coverage": ("completeness", "list_coverage"),
    "veilleur.store.dead_letters": ("dead_payload", "list_dead"),
    "veilleur.store.device_configs": ("config_before", "newest_config", "save_config"),
    "veilleur.store.device_health": ("read_device_health",),
    "veilleur.store.devices": ("has_device", "list_devices"),
    "veilleur.store.gaps": ("close_gap", "find_gap"),
    "veilleur.store.mentions": ("every_mention", "page_mentions", "total_mentions"),
    "veilleur.store.migrate": ("revision_of",),
    "veilleur.store.notifications": ("every_notification", "get_notification", "page_notifications"),
    "veilleur.store.pairing": ("AccountState", "account_of", "revoke_account", "set_label"),
    "veilleur.store.tokens": ("create_token", "list_tokens", "revoke_token"),
}
"""Which module each name comes from; `TYPE_CHECKING` above says the same to the type checker."""


def __getattr__(name: str) -> object:
    for home, names in HOMES.items():
        if name in names:
            return getattr(import_module(home), name)
    raise AttributeError(f"module {__name__} has no attribute {name}")
