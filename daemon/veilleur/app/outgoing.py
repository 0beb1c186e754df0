"""Wires sending: the key of the addresses, a channel for each kind of receiver, and the thread that sends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cached_property, partial
from importlib import import_module
from typing import TYPE_CHECKING, Final

from veilleur import __version__
from veilleur.app.clock import utc_now
from veilleur.app.lasting import LastingThread
from veilleur.app.settings import Settings
from veilleur.delivery.addresses import AddressGuard, read_networks
from veilleur.delivery.channel import Channel
from veilleur.delivery.deadline import TimedChannel
from veilleur.delivery.keeping import Outgoing
from veilleur.delivery.sender import Patience, Sender
from veilleur.delivery.webhook import WebhookWay
from veilleur.model.delivery import ReceiverKind
from veilleur.store.database import Database
from veilleur.store.sealing import Seal
from veilleur_bridge.broker.secret_file import read_or_make_secret

if TYPE_CHECKING:
    from veilleur.delivery.services import ServiceWay

KEY_FILE: Final = "receivers.key"
_STOP_WITHIN_S: Final = 2.0


class KnownChannels:
    """Gives the channel of each kind; apprise is imported when the first receiver that needs it is there."""

    def __init__(self, settings: Settings) -> None:
        self._timeout_s = settings.delivery_timeout_s
        self._guard = AddressGuard(read_networks(settings.delivery_networks))
        self._webhook = TimedChannel(
            WebhookWay(self._guard, user_agent=f"veilleur/{__version__} (webhook)"), self._timeout_s
        )

    def __call__(self, kind: ReceiverKind) -> Channel:
        match kind:
            case ReceiverKind.WEBHOOK:
                return self._webhook
            case ReceiverKind.SERVICE:
                return self._services

    @cached_property
    def _services(self) -> Channel:
        made: ServiceWay = import_module("veilleur.delivery.services").ServiceWay(
            self._guard, timeout_s=self._timeout_s
        )
        return TimedChannel(made, self._timeout_s)


def outgoing(settings: Settings) -> Outgoing:
    """Return with what messages are sent; raises SettingsError for networks that are none."""
    return Outgoing(Seal(partial(read_or_make_secret, settings.key_dir / KEY_FILE)), KnownChannels(settings))


def patience_of(settings: Settings) -> Patience:
    """Return how long is tried, paused and kept."""
    return Patience(
        attempt=timedelta(seconds=settings.delivery_timeout_s),
        first_pause=timedelta(seconds=settings.delivery_pause_s),
        longest_pause=timedelta(seconds=settings.delivery_longest_pause_s),
        life=timedelta(hours=settings.delivery_life_h),
    )


@contextmanager
def running_sender(settings: Settings, database: Database, out: Outgoing) -> Iterator[None]:
    """Send what is queued while the block runs."""
    sender = Sender(database, out.seal, out.channels, utc_now, patience_of(settings))
    thread = LastingThread("sender", sender.turn)
    thread.start()
    try:
        yield
    finally:
        sender.stop()
        thread.stop(_STOP_WITHIN_S)
