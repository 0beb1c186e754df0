"""Receipts go out soon after a commit, as the database has them then, and no device gets more than it can use."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pytest

from tests.daemon.ingest.published import Published
from veilleur.ingest.receipts import BETWEEN_TWO_S, ReceiptSender
from veilleur.model.errors import StoreBusy
from veilleur_bridge.registry import Receipt


class Ledger:
    """A ledger in memory that can be out of order, and remembers how often it was asked."""

    def __init__(self) -> None:
        self.through = {"salle-1": 1, "salle-2": 1}
        self.is_busy = False
        self.asked: list[Collection[str]] = []

    def receipts_for(self, devices: Collection[str]) -> Mapping[str, Receipt]:
        self.asked.append(devices)
        return {name: one for name, one in self.every_receipt().items() if name in devices}

    def every_receipt(self) -> Mapping[str, Receipt]:
        if self.is_busy:
            raise StoreBusy("the database is locked: nothing was written, try again")
        return {name: Receipt("s", 1, "e1", through) for name, through in self.through.items()}


class Sending:
    """A sender over such a ledger, with a clock that a test moves."""

    def __init__(self) -> None:
        self.now_s = 50.0
        self.ledger = Ledger()
        self.published = Published()
        self.sender = ReceiptSender(self.ledger, self.published, lambda: self.now_s)

    def sent(self) -> list[tuple[str, int]]:
        """Publish what may be published now; return devices and what they were told."""
        self.sender.publish_owed()
        return [(name, receipt.through_seq) for name, receipt in self.published.taken_by_device()]


@pytest.fixture
def sending() -> Sending:
    return Sending()


def test_a_device_that_was_idle_is_told_at_once(sending: Sending) -> None:
    sending.sender.owe(["salle-1"])

    assert sending.sent() == [("salle-1", 1)]
    assert sending.sent() == []


def test_several_commits_within_a_tenth_of_a_second_make_one_receipt_the_latest(sending: Sending) -> None:
    """Seen to catch a sender without `_take_due`'s pause: a busy device got one receipt a batch."""
    sending.sender.owe(["salle-1"])
    sending.sent()
    for through in range(2, 10):
        sending.ledger.through["salle-1"] = through
        sending.sender.owe(["salle-1"])
        sending.now_s += BETWEEN_TWO_S / 20
        assert sending.sender.publish_owed() == BETWEEN_TWO_S
    assert sending.published.taken() == []

    sending.now_s += BETWEEN_TWO_S

    assert sending.sent() == [("salle-1", 9)]
    assert sending.sender.publish_owed() is None


def test_one_busy_device_keeps_no_other_waiting(sending: Sending) -> None:
    sending.sender.owe(["salle-1"])
    sending.sent()
    sending.sender.owe(["salle-1", "salle-2"])

    assert sending.sent() == [("salle-2", 1)]


def test_all_that_is_due_is_one_question(sending: Sending) -> None:
    sending.sender.owe(["salle-1"])
    sending.sender.owe(["salle-2", "unheard-of"])

    assert sending.sent() == [("salle-1", 1), ("salle-2", 1)]
    assert sending.ledger.asked == [{"salle-1", "salle-2", "unheard-of"}]


def test_a_database_that_is_away_leaves_everything_owed(sending: Sending) -> None:
    """Seen to catch a sender that forgets what it could not read."""
    sending.sender.owe(["salle-1"])
    sending.ledger.is_busy = True
    with pytest.raises(StoreBusy):
        sending.sent()
    sending.ledger.is_busy = False

    assert sending.sent() == [("salle-1", 1)]


def test_a_round_goes_to_everyone_whatever_was_sent_just_now_and_survives_a_busy_database(sending: Sending) -> None:
    sending.sender.owe(["salle-1"])
    sending.sent()
    sending.sender.owe_everyone()
    sending.ledger.is_busy = True
    with pytest.raises(StoreBusy):
        sending.sent()
    sending.ledger.is_busy = False

    assert sending.sent() == [("salle-1", 1), ("salle-2", 1)]
    assert sending.sent() == []


def test_what_changed_without_a_commit_of_ours_is_found_and_nothing_else_is_sent(sending: Sending) -> None:
    sending.sender.owe_everyone()
    sending.sent()
    sending.ledger.through["salle-2"] = 7

    sending.sender.publish_changed()

    assert sending.sent() == [("salle-2", 7)]
