"""What the control link hears waits in a box of bounded size, where nothing that matters is replaced unread."""

from __future__ import annotations

from veilleur.ingest.heard import MOST_BYTES, MOST_MESSAGES, HeardMessage, HeardMessages
from veilleur_bridge.topics import DeviceChannel, DeviceTopic

STATUS = DeviceTopic("salle-1", DeviceChannel.STATUS)
RECEIPT = DeviceTopic("salle-1", DeviceChannel.RECEIPT)


def said(topic: DeviceTopic, payload: bytes, *, is_retained: bool = False) -> HeardMessage:
    return HeardMessage(topic, payload, is_retained)


def test_the_newest_of_each_topic_is_taken_once() -> None:
    box = HeardMessages()
    for message in (said(STATUS, b"1"), said(RECEIPT, b"2"), said(STATUS, b"3")):
        box.put(message)

    assert sorted(message.payload for message in box.take()) == [b"2", b"3"]
    assert box.take() == []


def test_our_own_answer_does_not_take_the_place_of_what_the_broker_had_kept() -> None:
    """Seen to catch a box by topic alone: a receipt of ours that is gone from the database was never judged."""
    box = HeardMessages()
    box.put(said(RECEIPT, b"kept", is_retained=True))
    box.put(said(RECEIPT, b"ours"))

    assert [message.payload for message in box.take()] == [b"kept", b"ours"]


def test_what_could_not_be_handled_comes_again_unless_a_newer_one_is_there() -> None:
    box = HeardMessages()
    box.put(said(STATUS, b"old"))
    box.put(said(RECEIPT, b"receipt"))
    taken = box.take()
    box.put(said(STATUS, b"new"))

    box.put_back(taken)

    assert sorted(message.payload for message in box.take()) == [b"new", b"receipt"]


def test_what_the_broker_had_kept_comes_before_what_was_said_since_even_when_it_was_put_back() -> None:
    """Seen to catch the order of the box alone: an old status took the place of the newer one."""
    box = HeardMessages()
    box.put(said(STATUS, b"kept", is_retained=True))
    taken = box.take()
    box.put(said(STATUS, b"said since"))
    box.put_back(taken)

    assert [message.payload for message in box.take()] == [b"kept", b"said since"]


def test_what_strangers_publish_cannot_fill_the_memory() -> None:
    box = HeardMessages()
    box.put(said(STATUS, b"x" * (MOST_BYTES + 1)))
    assert box.take() == []
    for number in range(MOST_MESSAGES + 5):
        box.put(said(DeviceTopic(f"device-{number}", DeviceChannel.STATUS), b"status"))
    box.put(said(DeviceTopic("device-0", DeviceChannel.STATUS), b"newer"))

    taken = box.take()

    assert len(taken) == MOST_MESSAGES
    assert taken[0].payload == b"newer"
