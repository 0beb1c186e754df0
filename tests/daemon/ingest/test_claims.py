"""What is said of our receipts shows a database that went back, and a program that publishes in our place."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.daemon.ingest.published import Published
from tests.daemon.store.arrivals import NOON_MS, arrival
from tests.daemon.store.reported import online
from veilleur.ingest.claims import ANSWER_FOREIGN_EVERY_S, FOREIGN_FOR_S, NEW_STORE_EVERY_S, ClaimWatch, claims_of
from veilleur.ingest.heard import HeardMessage
from veilleur.ingest.receipts import ReceiptSender
from veilleur.model.alarms import AlarmCode
from veilleur.store.alarms import open_alarms
from veilleur.store.commit import commit_batch
from veilleur.store.database import Database
from veilleur.store.receipts import StoredReceipts
from veilleur.store.statuses import HeardStatus
from veilleur_bridge.topics import DeviceChannel, DeviceTopic
from veilleur_bridge.wire.receipt import Receipt, write_receipt
from veilleur_bridge.wire.status import ReceiptInForce

NOW = datetime(2026, 11, 10, 13, tzinfo=UTC)


class Desk:
    """A claim watch over a database that holds seqs 1 to 3 of salle-1, with a clock that a test moves."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now_s = 1_000.0
        self.published = Published()
        self.receipts = StoredReceipts(database)
        self.receipts.raise_round()
        self.sender = ReceiptSender(self.receipts, self.published, lambda: self.now_s)
        self.watch = ClaimWatch(database, self.receipts, self.sender, lambda: self.now_s)
        self.come(1, 2, 3)

    @property
    def store(self) -> str:
        return self.receipts.store() or ""

    def come(self, *seqs: int) -> None:
        commit_batch(self.database, [arrival(seq) for seq in seqs], now_ms=NOON_MS)

    def hear(self, store: str, through_seq: int, *, is_retained: bool = False) -> None:
        """Hear a receipt on the device's topic."""
        payload = write_receipt(Receipt(store, 1, "e1", through_seq))
        topic = DeviceTopic("salle-1", DeviceChannel.RECEIPT)
        self.watch.take_in(claims_of([HeardMessage(topic, payload, is_retained)], []), NOW)

    def hear_device(self, store: str, through_seq: int) -> None:
        """Hear a status of the device that goes by a receipt."""
        status = online("e1", receipt=ReceiptInForce(store, 1, through_seq))
        self.watch.take_in(claims_of([], [HeardStatus("salle-1", status, b"", is_retained=False)]), NOW)

    def alarms(self) -> list[tuple[AlarmCode, str]]:
        self.watch.end_alarms(NOW)
        return [(alarm.code, alarm.subject) for alarm in open_alarms(self.database)]

    def answers(self) -> list[Receipt]:
        """Publish what is owed by now, and return it."""
        self.sender.publish_owed()
        return self.published.taken()


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


def test_our_own_receipts_and_older_ones_mean_nothing(desk: Desk) -> None:
    before = desk.store
    desk.hear(before, 3)
    desk.hear(before, 1, is_retained=True)
    desk.hear_device(before, 2)

    assert (desk.alarms(), desk.answers(), desk.store) == ([], [], before)


@pytest.mark.parametrize("is_device", [True, False])
def test_a_receipt_of_ours_that_we_could_not_write_makes_this_a_new_store(desk: Desk, is_device: bool) -> None:
    """Seen to catch a watch that only raises the alarm: devices went on by receipts of what is gone."""
    before = desk.store
    if is_device:
        desk.hear_device(before, 5)
    else:
        desk.hear(before, 5, is_retained=True)

    assert desk.alarms() == [(AlarmCode.STORE_WENT_BACK, "salle-1:e1:5")]
    assert desk.store != before
    assert desk.answers() == [Receipt(desk.store, 1, "e1", 3)]


def test_every_device_that_learns_of_it_later_is_told_without_another_store(desk: Desk) -> None:
    """Seen to catch former ids that are not kept: the second claim was a stranger's."""
    before = desk.store
    desk.hear(before, 5, is_retained=True)
    second = desk.store
    desk.hear(before, 4, is_retained=True)
    desk.hear_device(before, 9)

    assert desk.store == second
    assert desk.alarms() == [
        (AlarmCode.STORE_WENT_BACK, "salle-1:e1:5"),
        (AlarmCode.STORE_WENT_BACK, "salle-1:e1:9"),
    ]


def test_a_device_that_claims_more_again_and_again_makes_no_store_each_time(desk: Desk) -> None:
    """Seen to catch a new store for each claim: one device that lies made all others send again each minute."""
    desk.hear_device(desk.store, 5)
    second = desk.store
    desk.hear_device(second, 6)
    assert desk.store == second

    desk.now_s += NEW_STORE_EVERY_S
    desk.hear_device(second, 7)

    assert desk.store != second


def test_its_alarm_ends_when_all_is_there_again(desk: Desk) -> None:
    desk.hear(desk.store, 5, is_retained=True)
    desk.come(4)
    assert desk.alarms() == [(AlarmCode.STORE_WENT_BACK, "salle-1:e1:5")]

    desk.come(5)

    assert desk.alarms() == []


def test_a_stranger_who_publishes_now_is_named_and_answered_once_a_minute(desk: Desk) -> None:
    """Seen to catch an answer to each: two daemons answered each other without end."""
    desk.hear("another", 900)
    assert desk.alarms() == [(AlarmCode.FOREIGN_RECEIPTS, "salle-1")]
    assert desk.answers() == [Receipt(desk.store, 1, "e1", 3)]

    desk.now_s += 1
    desk.hear("another", 901)
    assert desk.answers() == []

    desk.now_s += ANSWER_FOREIGN_EVERY_S
    desk.hear("another", 902)
    assert len(desk.answers()) == 1


def test_a_strangers_alarm_ends_an_hour_after_the_last_of_it(desk: Desk) -> None:
    desk.hear("another", 900)
    desk.now_s += FOREIGN_FOR_S
    desk.hear("another", 901)
    desk.now_s += FOREIGN_FOR_S
    assert desk.alarms() == [(AlarmCode.FOREIGN_RECEIPTS, "salle-1")]

    desk.now_s += 1

    assert desk.alarms() == []


def test_what_is_left_over_from_another_database_is_no_stranger(desk: Desk) -> None:
    desk.hear("another", 900, is_retained=True)
    desk.hear_device("another", 900)

    assert (desk.alarms(), desk.answers()) == ([], [])


def test_nothing_is_concluded_before_the_first_round(database: Database) -> None:
    sender = ReceiptSender(StoredReceipts(database), Published())
    watch = ClaimWatch(database, StoredReceipts(database), sender)
    payload = write_receipt(Receipt("another", 1, "e1", 3))
    heard = HeardMessage(DeviceTopic("salle-1", DeviceChannel.RECEIPT), payload, is_retained=False)

    watch.take_in(claims_of([heard], []), NOW)

    assert open_alarms(database) == ()
