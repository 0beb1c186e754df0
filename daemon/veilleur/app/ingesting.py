"""Wires ingest: a broker's messages through the line, under the lease of this daemon's name."""

from __future__ import annotations

import sys
import time
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext

from veilleur.app.alerting import running_alerts
from veilleur.app.asking import running_questions
from veilleur.app.broker_watch import running_broker_watch
from veilleur.app.clock import utc_now
from veilleur.app.collecting import collect_seldom
from veilleur.app.consuming import every_consumer, running_consumers
from veilleur.app.controlling import Control, running_control
from veilleur.app.foreground import Say
from veilleur.app.live_batches import LiveBatches
from veilleur.app.logs import configure_logs
from veilleur.app.one_heap import FreedMemory, share_one_heap
from veilleur.app.opening import open_store
from veilleur.app.outgoing import outgoing, running_sender
from veilleur.app.reading import line_teller
from veilleur.app.reading_apart import reading_task
from veilleur.app.reading_messages import BrokerChoice
from veilleur.app.reporting import running_reports
from veilleur.app.republishing import republishing
from veilleur.app.settings import Settings
from veilleur.app.watching import Watchman, running_watch
from veilleur.ingest.committing import Committer
from veilleur.ingest.worker import Worker
from veilleur.model.alarms import AlarmCode
from veilleur.model.readiness import PartState
from veilleur.store.alarms import settle_alarms
from veilleur.store.database import Database
from veilleur.store.facts import client_id
from veilleur.store.lease import lease
from veilleur_bridge.broker.running import find_running_broker
from veilleur_bridge.mqtt.options import MqttProtocol
from veilleur_bridge.mqtt_url import MqttAddress, parse_mqtt_url
from veilleur_bridge.stop_signal import stop_signal

_STOP_WITHIN_S = 4.0
_FIRST_ANSWER_S = 30.0
_LOOK_EVERY_S = 0.02
# Readiness is told to everyone: the worker logs the reason, which may name the database's host and user.
_NOT_STORED = "what came last is not stored yet, and tried again: see the daemon's log"
# The thread that receives must not keep the one that stores waiting for its turn (default 5 ms at each statement).
_THREAD_TURN_S = 0.0002
# Who follows commits reads what changes at each: pages that it kept would be read again all the same.
_KEPT_PAGES_BYTES = 5 * 1024 * 1024


class Ingest:
    """The source, the worker that moves it, and who watches both; `parts` says how they are."""

    def __init__(self, source: LiveBatches, worker: Worker, control: Control) -> None:
        self._control = control
        self._watchman: Watchman | None = None
        self._source = source
        self._worker = worker

    def link_problem(self) -> str | None:
        """Return why the broker is not connected, None once it is; waits a moment for the broker's first answer."""
        deadline = time.monotonic() + _FIRST_ANSWER_S
        while not (link := self._source.state()).is_up:
            if link.last_error or time.monotonic() > deadline:
                return link.last_error or "it has not answered yet"
            time.sleep(_LOOK_EVERY_S)
        return None

    def parts(self) -> tuple[PartState, ...]:
        """Return how everything stands, for `/readyz`."""
        return (*self.watched_parts(), *((self._watchman.part(),) if self._watchman else ()))

    def watched_by(self, watchman: Watchman) -> None:
        """Have somebody look at it, whose own state is told too."""
        self._watchman = watchman

    def watched_parts(self) -> tuple[PartState, ...]:
        """Return how connections and worker stand."""
        link, worker = self._source.state(), self._worker.state
        failure = _NOT_STORED if worker.failure else None
        if not self._worker.is_alive:
            failure = "the ingest thread has ended: restart the daemon"
        return (
            PartState("source", link.is_up, None if link.is_up else link.last_error or "not connected yet"),
            PartState("ingest", failure is None, failure),
            self._control.part(),
        )


@contextmanager
def running_ingest(settings: Settings, database: Database, address: MqttAddress) -> Iterator[Ingest]:
    """Take notifications from the broker at `address` while the block runs; the caller holds the lease."""
    name = client_id(database, settings.daemon_name)
    choice = BrokerChoice(address, name, broker_protocol(settings), None if settings.mqtt_url else settings.broker_dir)
    sys.setswitchinterval(_THREAD_TURN_S)
    source = LiveBatches(reading_task(settings, choice))
    committer = Committer(database, utc_now, settings.unpaired_devices, teller=line_teller(settings.catalogues_dir))
    collect_seldom()
    # what was gone in an earlier life is told until then
    settle_alarms(database, {}, ruled=(AlarmCode.NOT_KEPT,), now=utc_now())
    with (
        closing(source),
        running_control(settings, database, choice, source.state) as control,
        republishing(database, choice, settings.mqtt_mentions) as republishers,
        running_consumers(database, (*every_consumer(settings, database), *republishers)) as wake_consumers,
        running_alerts(settings, database),
        running_sender(settings, database, outgoing(settings)),
        running_reports(database),
    ):
        freed = FreedMemory(time.monotonic)

        def after_commit(devices: Collection[str]) -> None:
            control.after_commit(devices)
            wake_consumers()
            freed.give_back()

        worker = Worker(source, committer, utc_now, after_commit)
        worker.start()
        ingest = Ingest(source, worker, control)
        try:
            with (
                running_broker_watch(settings, database, lambda: broker_address(settings)),
                running_watch(settings, database, publish=control.publish, parts=ingest.watched_parts) as watchman,
            ):
                ingest.watched_by(watchman)
                with _questions(settings, database, address):
                    yield ingest
        finally:
            worker.stop(_STOP_WITHIN_S)


def _questions(settings: Settings, database: Database, address: MqttAddress) -> AbstractContextManager[None]:
    """Return what asks a broker of somebody else's; the embedded one is configured by us."""
    return nullcontext() if settings.mqtt_url is None else running_questions(database, address)


def broker_address(settings: Settings) -> MqttAddress:
    """Return the broker that the settings name, else the embedded one that runs over this data folder."""
    if settings.mqtt_url is not None:
        return parse_mqtt_url(settings.mqtt_url)
    return find_running_broker(settings.broker_dir)


def broker_protocol(settings: Settings) -> MqttProtocol:
    """Return what the broker speaks; the embedded one knows 3.1.1 alone, and is spared being asked for more."""
    return MqttProtocol.V311 if settings.mqtt_url is None else MqttProtocol.V5


def run_ingest(settings: Settings, say: Say) -> None:
    """Take notifications in, in the foreground; opens no HTTP port."""
    stopped = stop_signal()
    share_one_heap()
    configure_logs(settings)
    database = open_store(settings)
    database.bound_pages(_KEPT_PAGES_BYTES)
    address = broker_address(settings)
    with lease(database, settings.daemon_name), running_ingest(settings, database, address) as ingest:
        if problem := ingest.link_problem():
            say(f"No connection to the broker yet, and Veilleur goes on trying: {problem}")
        say(f"taking notifications from {address}; Ctrl+C ends it")
        stopped.wait()
