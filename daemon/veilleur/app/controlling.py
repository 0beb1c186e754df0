"""Wires the daemon's control link: receipts out, statuses in."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

import structlog

from veilleur.app.clock import utc_now
from veilleur.app.lasting import LastingThread
from veilleur.app.reading_messages import BrokerChoice
from veilleur.app.settings import Settings
from veilleur.ingest.claims import ClaimWatch, claims_of
from veilleur.ingest.heard import HeardMessage, HeardMessages
from veilleur.ingest.receipts import ReceiptSender
from veilleur.ingest.statuses import read_statuses
from veilleur.model.errors import StoreError
from veilleur.model.readiness import PartState
from veilleur.store.database import Database
from veilleur.store.instants import to_ms
from veilleur.store.receipts import StoredReceipts
from veilleur.store.statuses import save_statuses
from veilleur_bridge.control_link import ControlLink
from veilleur_bridge.mqtt.link import LinkState
from veilleur_bridge.mqtt.options import MqttOptions
from veilleur_bridge.topics import DeviceChannel, DeviceTopic

_CLIENT_SUFFIX: Final = "-control"
_LOOK_EVERY_S: Final = 0.5
_COMPARE_EVERY_S: Final = 5.0
_STOP_WITHIN_S: Final = 2.0

log = structlog.get_logger()


class Control:
    """Receipts out, statuses in, on one thread; `publish` serves other retained topics of devices (config)."""

    def __init__(
        self, settings: Settings, database: Database, broker: BrokerChoice, source: Callable[[], LinkState]
    ) -> None:
        self._database = database
        self._source = source
        self._ledger = StoredReceipts(database, settings.unpaired_devices)
        self._sender = ReceiptSender(self._ledger, self.publish)
        self._claims = ClaimWatch(database, self._ledger, self._sender)
        self._heard = HeardMessages()
        self._joined_at: tuple[datetime, datetime] | None = None
        self._compared_at_s = time.monotonic()
        self._thread = LastingThread("control", self._turn)
        options = MqttOptions(
            address=broker.address,
            client_id=broker.client_id + _CLIENT_SUFFIX,
            protocol=broker.protocol,
            whereabouts=broker.whereabouts,
        )
        self._link = ControlLink(options, clock=utc_now, heard=self._hear)

    def start(self) -> None:
        """Begin to send and to take in."""
        self._thread.start()

    def stop(self) -> None:
        """Send the receipts of what was committed last, and disconnect."""
        self._thread.stop(_STOP_WITHIN_S)
        with contextlib.suppress(StoreError):
            self._sender.publish_changed()
        self._link.close()

    def after_commit(self, devices: Collection[str]) -> None:
        """Owe these devices a receipt; on any thread, and at once."""
        self._sender.owe(devices)
        self._thread.wake()

    def publish(self, topic: DeviceTopic, payload: bytes) -> None:
        """Let this be a topic's retained message."""
        self._link.publish(topic, payload)

    def part(self) -> PartState:
        """Return how the control link stands, for `/readyz`."""
        link, failure = self._link.state(), self._thread.failure
        if not link.is_up:
            return PartState("receipts", is_ok=False, detail=link.last_error or "not connected yet")
        return PartState("receipts", is_ok=failure is None, detail=failure)

    def _hear(self, topic: DeviceTopic, payload: bytes, is_retained: bool) -> None:
        self._heard.put(HeardMessage(topic, payload, is_retained))
        self._thread.wake()

    def _turn(self) -> float:
        self._take_in()
        self._begin_round_after_a_break()
        if time.monotonic() - self._compared_at_s > _COMPARE_EVERY_S:
            self._compared_at_s = time.monotonic()
            self._sender.publish_changed()
            self._claims.end_alarms(utc_now())
        return self._sender.publish_owed() or _LOOK_EVERY_S

    def _take_in(self) -> None:
        messages, now = self._heard.take(), utc_now()
        receipts = [one for one in messages if one.topic.channel is DeviceChannel.RECEIPT]
        statuses = read_statuses(one for one in messages if one.topic.channel is DeviceChannel.STATUS)
        try:
            self._claims.take_in(claims_of(receipts, statuses), now)
            self._sender.owe(save_statuses(self._database, statuses, to_ms(now)))
        except StoreError:
            self._heard.put_back(messages)
            raise

    def _begin_round_after_a_break(self) -> None:
        """Ask for what the broker may have lost: at the start, and whenever source or control link were away."""
        source, control = self._source(), self._link.state()
        joined_at = (source.since_at, control.since_at)
        if not (source.is_up and control.is_up) or joined_at == self._joined_at:
            return
        log.info("receipts begin a round", round=self._ledger.raise_round())
        self._joined_at = joined_at
        self._sender.owe_everyone()


@contextmanager
def running_control(
    settings: Settings, database: Database, broker: BrokerChoice, source: Callable[[], LinkState]
) -> Iterator[Control]:
    """Send receipts and take statuses in while the block runs; `source` tells how the notifications' link stands."""
    control = Control(settings, database, broker, source)
    control.start()
    try:
        yield control
    finally:
        control.stop()
