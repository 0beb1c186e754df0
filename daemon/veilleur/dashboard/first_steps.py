"""How far somebody has come who had nothing: each step told from what is stored, never from what was clicked."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Final

import msgspec
from msgspec import Struct

from veilleur.model.delivery import DeliveryState
from veilleur.model.listing import Device, NotificationRow
from veilleur.model.mention import Mention
from veilleur.model.people import SignedIn
from veilleur.model.scope import Scope
from veilleur.parsers.app_names import app_name
from veilleur.query.expression import EVERYTHING
from veilleur.store.alert_rules import BUILT_IN, list_alert_rules
from veilleur.store.database import Database
from veilleur.store.deliveries import page_deliveries
from veilleur.store.device_configs import newest_config
from veilleur.store.device_health import read_device_health
from veilleur.store.devices import list_devices
from veilleur.store.mentions import page_mentions
from veilleur.store.notifications import page_notifications
from veilleur.store.receivers import list_receivers
from veilleur.store.watches import list_watches

_MARK_LENGTH: Final = 16


class CapturingDevice(Struct, frozen=True):
    """A paired device, what it is asked to capture by name, and whether it goes by that."""

    name: str
    apps: tuple[str, ...]
    is_in_force: bool


class FirstSteps(Struct, frozen=True, kw_only=True):
    """What is there of each step; `mark` changes whenever any of it does."""

    paired: tuple[str, ...]
    heard: tuple[str, ...]
    first: NotificationRow | None
    newest: Mention | None
    capturing: tuple[CapturingDevice, ...]
    watches: tuple[str, ...]
    receivers: tuple[str, ...]
    rules: tuple[str, ...]
    has_told: bool

    @property
    def has_chosen(self) -> bool:
        """Whether a device goes by a list of apps; where none is paired there is nothing to choose."""
        return any(one.is_in_force for one in self.capturing)

    @property
    def mark(self) -> str:
        """A short text that is the same as long as nothing changed."""
        return sha256(msgspec.json.encode(self)).hexdigest()[:_MARK_LENGTH]


def first_steps(database: Database, person: SignedIn) -> FirstSteps:
    """Return how far this person's project has come, as far as they may know."""
    scope = person.scope
    devices = list_devices(database, scope)
    notifications = page_notifications(database, scope, limit=1).notifications
    mentions = page_mentions(database, scope, EVERYTHING, limit=1).mentions
    return FirstSteps(
        paired=tuple(one.name for one in devices if one.is_paired),
        heard=tuple(one.name for one in devices if one.notification_count),
        first=notifications[0] if notifications else None,
        newest=mentions[0] if mentions else None,
        capturing=tuple(_capturing(database, scope, devices)),
        watches=tuple(watch.name for watch in list_watches(database, scope)),
        receivers=tuple(receiver.name for receiver in list_receivers(database, scope)),
        rules=tuple(rule.name for rule in list_alert_rules(database, scope) if rule.name != BUILT_IN),
        has_told=bool(page_deliveries(database, scope, limit=1, state=DeliveryState.SENT).deliveries),
    )


def _capturing(database: Database, scope: Scope, devices: tuple[Device, ...]) -> Iterator[CapturingDevice]:
    for device in devices:
        config = newest_config(database, scope, device.name) if device.is_paired else None
        health = read_device_health(database, scope, device.name) if config is not None else None
        if config is not None and health is not None:
            in_force = health.config.in_force_revision or 0
            names = dict.fromkeys(app_name(rule.package) for rule in config.config.apps)
            yield CapturingDevice(device.name, tuple(names), in_force >= config.config.revision)
