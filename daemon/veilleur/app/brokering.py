"""Wires the embedded broker."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from veilleur.app.clients import ClientWatch
from veilleur.app.clock import utc_now
from veilleur.app.foreground import Say
from veilleur.app.logs import configure_logs
from veilleur.app.opening import open_store
from veilleur.app.settings import Settings
from veilleur.store.database import Database
from veilleur.store.pairing import BrokerAccounts
from veilleur_bridge.broker.configuration import BrokerSettings
from veilleur_bridge.broker.embedded import EmbeddedBroker
from veilleur_bridge.stop_signal import stop_signal


def broker_settings(settings: Settings) -> BrokerSettings:
    """Return where this data folder's embedded broker keeps its things, and its port."""
    return BrokerSettings(
        folder=settings.broker_dir,
        key_file=settings.broker_key_file,
        port=settings.mqtt_port,
        program=settings.nats_server,
    )


@contextmanager
def embedded_broker(settings: Settings, database: Database) -> Iterator[EmbeddedBroker]:
    """Run the embedded broker while the block runs; raises BrokerError kinds."""
    heard = ClientWatch(database)
    broker = EmbeddedBroker(broker_settings(settings), BrokerAccounts(database, utc_now), clock=utc_now, heard=heard)
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()


def run_broker(settings: Settings, say: Say) -> None:
    """Run the embedded broker alone, in the foreground."""
    stopped = stop_signal()
    configure_logs(settings)
    with embedded_broker(settings, open_store(settings)):
        say(f"broker on 127.0.0.1:{settings.mqtt_port} (MQTT); Ctrl+C ends it")
        stopped.wait()
