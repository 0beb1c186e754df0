"""The inbox is bounded in number and bytes, and never refuses to an empty house."""

from __future__ import annotations

import pytest

from tests.bridge.mqtt.mqtt_parts import now, payloads
from veilleur_bridge.delivery import Delivery
from veilleur_bridge.sources.inbox import Inbox


def delivery(payload: bytes) -> Delivery:
    return Delivery(payload, now(), "mqtt")


@pytest.mark.parametrize("inbox", [Inbox(max_count=2), Inbox(max_bytes=7)])
def test_it_refuses_what_finds_no_room_and_takes_again_once_emptied(inbox: Inbox) -> None:
    assert [inbox.offer(delivery(payload)) for payload in (b"one", b"two", b"three")] == [True, True, False]
    assert payloads(inbox.take(1, 0)) == [b"one"]
    assert inbox.offer(delivery(b"four"))
    assert payloads(inbox.take(10, 0)) == [b"two", b"four"]
    assert inbox.is_empty()


def test_an_empty_inbox_takes_even_what_is_over_its_bound() -> None:
    inbox = Inbox(max_bytes=3)

    assert inbox.offer(delivery(b"too large"))
    assert not inbox.offer(delivery(b"x"))
    assert payloads(inbox.take(1, 0)) == [b"too large"]


def test_it_waits_no_longer_than_asked_for_what_does_not_come() -> None:
    assert Inbox().take(5, 0.01) == []
