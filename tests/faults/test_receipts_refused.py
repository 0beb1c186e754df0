"""A record that nobody can read, and devices that nobody paired: neither stops a spool, neither is lost in silence."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from tests.bridge.mqtt.receipt_topic import receipts_of
from tests.end_to_end.stored_rows import looking_into
from tests.faults.invariants import every_mention_once
from tests.faults.sites import ingest_site
from tests.faults.spooling_tablet import NAME, spooling_tablet
from tests.servers.broker_kind import MOSQUITTO_IN_CI, BrokerKind
from tests.servers.daemon import Installation, Role, running_over
from tests.servers.mosquitto import running_mosquitto
from tests.waiting import until
from veilleur.model.scope import Scope
from veilleur.store.database import Database
from veilleur.store.pairing import set_password
from veilleur_bridge.mqtt_url import parse_mqtt_url
from veilleur_bridge.spool.spool import Spool

COUNT = 20
_POISON = b"\xff no envelope, and no head"


@pytest.mark.fault
@MOSQUITTO_IN_CI
def test_a_record_that_nobody_can_read_is_given_back_to_the_device_and_answered_for(
    kind: BrokerKind, tmp_path: Path
) -> None:
    """Broken: `Reader._dead` that keeps no checksum of what was received: “not within 30 s: the spool is empty”."""
    folder = tmp_path / "spool"
    spool_a_poison(folder)
    with ingest_site(tmp_path, kind) as site, receipts_of(site.address.url(), NAME) as topic:
        site.daemon.start()
        with spooling_tablet(site.address, folder) as tablet:
            tablet.capture(range(COUNT))
            tablet.wait_until_empty()

        every_mention_once(site.stored, COUNT)
        assert topic.newest is not None
        assert sha256(_POISON).hexdigest() in {sha for receipt in topic.receipts for sha in receipt.refused}
        [dead] = site.stored.dead_letters()
        assert dead.reason == "not_utf8"
        assert site.stored.rows("SELECT from_seq, through_seq FROM lost_ranges") == [(1, 1)]
        with spooling_tablet(site.address, folder):
            until(
                lambda: site.stored.count("refused_payloads") == 0,
                within_seconds=30,
                what="the checksum is forgotten with the status of an empty spool",
            )


@pytest.mark.fault
def test_refused_while_unpaired_a_device_keeps_everything_and_sends_it_once_it_is_paired(tmp_path: Path) -> None:
    """Broken: `commit_batch` that lets unpaired devices pass: “not within 20 s: all are dead letters”."""
    with running_mosquitto(tmp_path / "mosquitto") as broker:
        settings = {"VEILLEUR_MQTT_URL": broker.url, "VEILLEUR_UNPAIRED_DEVICES": "refuse"}
        home = Installation(tmp_path, settings=settings)
        with (
            running_over(home, Role.INGEST) as daemon,
            looking_into(home.database_url) as stored,
            receipts_of(broker.url, NAME) as topic,
            spooling_tablet(parse_mqtt_url(broker.url), tmp_path / "spool") as tablet,
        ):
            tablet.capture(range(COUNT))
            until(lambda: stored.count("dead_letters") == COUNT, within_seconds=30, what="all are dead letters")
            assert (stored.count("notifications"), topic.receipts, tablet.spool.depth) == (0, [], COUNT)

            with closing(Database(home.database_url)) as database:
                set_password(database, Scope(), NAME, "an account at that broker", now_ms())
            daemon.restart()

            tablet.wait_until_empty()
            every_mention_once(stored, COUNT)


def spool_a_poison(folder: Path) -> None:
    """Begin a spool with a record that no release ever wrote."""
    spool = Spool(folder, clock=lambda: datetime.now(UTC))
    spool.append(lambda _epoch, _seq: _POISON)
    spool.close()


def now_ms() -> int:
    return int(datetime.now(UTC).timestamp() * 1_000)
