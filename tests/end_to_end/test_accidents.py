"""The daemon killed again and again while a tablet publishes: every envelope once, every mention once."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.end_to_end.made_envelopes import TOPIC, busy_day
from tests.end_to_end.stored_rows import Ledger, StoredRows, looking_into, unbroken
from tests.servers.daemon import Daemon, Installation, Role
from tests.servers.mosquitto import running_mosquitto
from tests.waiting import until
from veilleur_bridge.mqtt.options import MqttOptions, MqttProtocol
from veilleur_bridge.mqtt_url import MqttAddress, parse_mqtt_url
from veilleur_bridge.publish import Publisher

KILLS = 10
A_LIFE = 200
ENVELOPES = KILLS * A_LIFE
_BACK_WITHIN_SECONDS = 30
_STOPS_WITHIN_SECONDS = 5.0


class Tablet:
    """Publishes in the background, and again what no broker has answered for."""

    def __init__(self, broker: MqttAddress) -> None:
        options = MqttOptions(
            address=broker,
            client_id="tablet",
            protocol=MqttProtocol.V311,
            window=16,
            session_kept=timedelta(0),
            longest_pause_seconds=0.2,
        )
        self._publisher = Publisher(options, clock=lambda: datetime.now(UTC))
        self._pool = ThreadPoolExecutor(1)
        self._sending: list[Future[None]] = []

    def send(self, payloads: Sequence[bytes]) -> None:
        """Begin to publish these after all that went before."""
        self._sending.append(self._pool.submit(self._publish, payloads))

    def finish(self) -> None:
        """Return once a broker has answered for everything."""
        for sent in self._sending:
            sent.result(_BACK_WITHIN_SECONDS)
        assert self._publisher.flush(_BACK_WITHIN_SECONDS) == ()

    def close(self) -> None:
        self._publisher.close()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _publish(self, payloads: Sequence[bytes]) -> None:
        for payload in payloads:
            self._publisher.publish(TOPIC, payload, timeout_seconds=_BACK_WITHIN_SECONDS)


class Trial:
    """A daemon under a tablet's traffic, and a look at what it has stored."""

    def __init__(self, daemon: Daemon, tablet: Tablet, stored: StoredRows) -> None:
        self.daemon = daemon
        self._tablet = tablet
        self._stored = stored

    def live(self, payloads: Sequence[bytes], until_stored: int) -> None:
        """Start the daemon and send it so many messages; return once it has stored that many more.

        From its second life on it need not be ready: the broker keeps its session, so that nothing sent is missed.
        """
        enough = self._stored.count("notifications") + until_stored
        begin = self.daemon.launch if self._stored.count("facts") else self.daemon.start
        begin()
        self._tablet.send(payloads)
        self._wait_for(enough)

    def settle(self, count: int) -> Ledger:
        """Start the daemon a last time; return the ledger once all that was sent is stored."""
        self.daemon.start()
        self._tablet.finish()
        self._wait_for(count)
        return self._stored.ledger()

    def _wait_for(self, count: int) -> None:
        try:
            until(
                lambda: self._stored.count("notifications") >= count,
                within_seconds=_BACK_WITHIN_SECONDS,
                what=f"{count} notifications are stored",
            )
        except AssertionError as late:
            raise AssertionError(f"{late}; stored are {self._stored.ledger()}\n{self.daemon.said[-2_000:]}") from late


@contextmanager
def trial(installation: Installation, role: Role, broker: MqttAddress) -> Iterator[Trial]:
    daemon, tablet = Daemon(installation, role), Tablet(broker)
    try:
        with looking_into(installation.database_url) as stored:
            yield Trial(daemon, tablet, stored)
    finally:
        tablet.close()
        daemon.stop()


@contextmanager
def up_with_its_own_broker(folder: Path) -> Iterator[Trial]:
    """Give a trial of `veilleur up`, whose broker dies with it."""
    installation = Installation(folder)
    with trial(installation, Role.UP, installation.broker()) as made:
        yield made


@contextmanager
def ingest_beside_mosquitto(folder: Path) -> Iterator[Trial]:
    """Give a trial of `veilleur ingest` alone, whose broker lives on."""
    with running_mosquitto(folder / "mosquitto") as broker:
        installation = Installation(folder, settings={"VEILLEUR_MQTT_URL": broker.url})
        with trial(installation, Role.INGEST, parse_mqtt_url(broker.url)) as made:
            yield made


Place = Callable[[Path], AbstractContextManager[Trial]]
PLACES = pytest.mark.parametrize("place", [up_with_its_own_broker, ingest_beside_mosquitto])


@pytest.mark.fault
@PLACES
def test_killed_at_ten_random_instants_nothing_is_lost_and_nothing_is_told_twice(place: Place, tmp_path: Path) -> None:
    """Broken three times, and caught over both brokers each time.

    `Worker._run` acknowledged before it committed: "2000 notifications are stored" never came true. `commit_batch`
    committed raw log and watermark before the mentions: 1,080 mentions instead of 2,000. `SortedBatch._sort_placed`
    took every seq for a new one, over an index no longer unique: fewer places than rows, and seqs that never came.
    """
    chance = random.Random(20261121)
    messages = busy_day(ENVELOPES)
    with place(tmp_path) as made:
        for first in range(0, ENVELOPES, A_LIFE):
            made.live(messages[first : first + A_LIFE], until_stored=chance.randrange(1, A_LIFE * 4 // 5))
            made.daemon.kill()

        assert made.settle(ENVELOPES) == unbroken(ENVELOPES)
        assert made.daemon.installation.run("doctor").code == 0


@pytest.mark.fault
@PLACES
def test_told_to_stop_under_load_it_ends_within_five_seconds_and_nothing_is_lost(place: Place, tmp_path: Path) -> None:
    """Seen to catch a daemon that had not asked for SIGTERM yet: it ended with -15, its broker still at work."""
    messages = busy_day(3 * A_LIFE)
    with place(tmp_path) as made:
        made.live(messages, until_stored=A_LIFE)

        ended = made.daemon.stop()

        assert ended.code == 0
        assert ended.seconds <= _STOPS_WITHIN_SECONDS
        assert made.settle(len(messages)) == unbroken(len(messages))
