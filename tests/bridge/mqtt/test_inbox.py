"""The inbox: what was received, oldest first, in batches that are bounded by their bytes too."""

from __future__ import annotations

from datetime import UTC, datetime

from veilleur_bridge.delivery import Delivery
from veilleur_bridge.sources.inbox import Inbox

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)


def delivery(payload: bytes) -> Delivery:
    return Delivery(payload, NOON, "test")


def filled(*payloads: bytes) -> Inbox:
    inbox = Inbox()
    for payload in payloads:
        inbox.put([delivery(payload)])
    return inbox


def test_the_oldest_come_first_and_no_more_than_asked_for() -> None:
    inbox = filled(b"1", b"2", b"3")
    assert [one.payload for one in inbox.take(2, 0)] == [b"1", b"2"]
    assert len(inbox) == 1
    assert [one.payload for one in inbox.take(2, 0)] == [b"3"]


def test_a_batch_of_heavy_ones_is_a_short_one() -> None:
    heavy = b"x" * (1024 * 1024)
    assert len(filled(heavy, heavy, heavy).take(500, 0)) == 2


def test_an_empty_one_gives_nothing_after_the_wait() -> None:
    assert Inbox().take(5, 0.01) == []
