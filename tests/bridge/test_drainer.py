"""What the drainer sends after each receipt, PUBACK, reconnect and silence."""

from __future__ import annotations

import pytest

from veilleur_bridge.drainer import MOST_SPENT_SEQS, Drainer, Due, Pace, Puback, Taken
from veilleur_bridge.wire.receipt import Receipt

EPOCH = "e1"
ROOM = 10_000


def receipt(through_seq: int, round_: int = 1, store: str = "s1", epoch: str = EPOCH, refused: str = "") -> Receipt:
    return Receipt(store, round_, epoch, through_seq, (refused,) if refused else ())


class Device:
    """A drainer, the number of seqs given out, and a time that the test moves."""

    def __init__(self, given_out: int = 0, remembered: Receipt | None = None) -> None:
        self.drainer = Drainer(EPOCH, remembered, Pace())
        self.next_seq = given_out + 1
        self.now_s = 1_000.0
        self.drainer.connected(self.now_s)

    def send(self, room: int = ROOM) -> list[int]:
        """Send all that is due and return its seqs."""
        seqs: list[int] = []
        while (due := self.drainer.due(self.next_seq, room - len(seqs), self.now_s)) is not None:
            for seq in range(due.from_seq, due.from_seq + due.limit):
                self.drainer.sent(seq, seq, f"sha{seq}", self.now_s)
                seqs.append(seq)
        return seqs

    def hear(self, heard: Receipt) -> Taken:
        return self.drainer.receipt(heard, self.next_seq, self.now_s)

    def taken(self, seqs: list[int]) -> None:
        for seq in seqs:
            assert self.drainer.puback(seq, Puback.TAKEN, self.now_s) is None

    def after(self, seconds: float) -> list[int]:
        self.now_s += seconds
        return self.send()


def test_at_most_a_thousand_are_sent_beyond_the_receipt() -> None:
    device = Device(5000, remembered=receipt(0))

    assert device.send() == list(range(1, 1001))
    assert device.send() == []

    device.hear(receipt(400))
    assert device.send() == list(range(1001, 1401))


def test_no_more_is_sent_than_the_broker_has_room_for() -> None:
    device = Device(50)

    assert device.send(room=20) == list(range(1, 21))


def test_nothing_is_sent_while_there_is_no_connection() -> None:
    device = Device(5)
    device.drainer.disconnected()

    assert device.send() == []


def test_a_restarted_device_begins_after_the_receipt_that_it_remembers() -> None:
    assert Device(10, remembered=receipt(7)).send() == [8, 9, 10]


@pytest.mark.parametrize("asking", [receipt(3, round_=2), receipt(3, store="s2")])
def test_a_changed_round_or_store_asks_for_all_beyond_the_receipt_again(asking: Receipt) -> None:
    device = Device(6, remembered=receipt(3))
    device.taken(device.send())

    device.hear(asking)

    assert device.send() == [4, 5, 6]
    device.hear(asking)
    assert device.send() == []


def test_the_first_receipt_of_all_asks_for_all_beyond_it_too() -> None:
    device = Device(6)
    device.taken(device.send())

    device.hear(receipt(3))

    assert device.send() == [4, 5, 6]


def test_two_stores_that_contradict_each_other_are_served_a_second_apart() -> None:
    device = Device(6, remembered=receipt(3))
    device.taken(device.send())

    device.hear(receipt(3, store="s2"))
    assert device.send() == [4, 5, 6]
    for _ in range(10):
        device.hear(receipt(3, store="s1"))
        device.hear(receipt(3, store="s2"))
        assert device.after(0.05) == []

    assert device.after(0.6) == [4, 5, 6]


def test_a_round_that_is_over_asks_for_nothing() -> None:
    device = Device(6, remembered=receipt(3, round_=5))
    device.taken(device.send())

    device.hear(receipt(3, round_=4))

    assert device.send() == []


def test_a_lower_receipt_of_the_same_store_is_ignored() -> None:
    device = Device(9, remembered=receipt(6))
    device.send()

    assert device.hear(receipt(2)).in_force is None
    assert device.send() == []


def test_a_lower_receipt_of_a_new_store_is_accepted() -> None:
    device = Device(9, remembered=receipt(6))
    device.send()

    assert device.hear(receipt(2, store="s2")).in_force == receipt(2, store="s2")
    assert device.send() == list(range(3, 10))


def test_a_receipt_of_another_epoch_trims_nothing_but_its_round_counts() -> None:
    device = Device(5, remembered=receipt(2))
    device.taken(device.send())

    assert device.hear(receipt(4, epoch="e0")).in_force is None
    assert device.send() == []
    assert device.hear(receipt(4, epoch="e0", round_=2)).in_force is None
    assert device.send() == [3, 4, 5]


def test_a_receipt_that_would_leave_no_seqs_to_give_out_moves_nothing_and_is_told_until_a_sound_one_comes() -> None:
    device = Device(5, remembered=receipt(2))

    assert device.hear(receipt(MOST_SPENT_SEQS + 1)) == Taken()
    assert device.drainer.is_misled
    assert device.hear(receipt(MOST_SPENT_SEQS)) == Taken(spent_through=MOST_SPENT_SEQS)
    device.hear(receipt(MOST_SPENT_SEQS + 1))
    device.hear(receipt(3))
    assert not device.drainer.is_misled


def test_a_receipt_for_seqs_that_were_never_given_out_trims_nothing_and_marks_them_as_spent() -> None:
    device = Device(5, remembered=receipt(2))

    assert device.hear(receipt(6)) == Taken(spent_through=6)


def test_on_silence_the_first_unreceipted_one_is_repeated_ever_more_slowly() -> None:
    device = Device(3, remembered=receipt(1))
    device.taken(device.send())

    assert device.after(29.9) == []
    assert device.after(0.1) == [2]
    device.taken([2])
    assert device.after(59.9) == []
    assert device.after(0.1) == [2]
    for _ in range(10):
        device.taken([2])
        device.after(15 * 60)
    device.taken([2])
    assert device.after(15 * 60 - 1) == []
    assert device.after(1) == [2]


def test_one_that_the_broker_has_not_answered_is_not_repeated() -> None:
    device = Device(3)
    device.send()

    assert device.after(3_600) == []


def test_nothing_is_repeated_once_all_is_receipted() -> None:
    device = Device(3)
    device.taken(device.send())
    device.hear(receipt(3))

    assert device.after(3_600) == []


def test_a_receipt_that_moves_on_ends_the_silence() -> None:
    device = Device(9)
    device.taken(device.send())
    assert device.after(30) == [1]
    device.taken([1])

    device.now_s += 50
    device.hear(receipt(9))
    device.next_seq = 12
    device.taken(device.send())

    assert device.after(29) == []
    assert device.after(1) == [10]


def test_where_a_repeat_helped_the_rest_was_lost_too_and_is_sent_again() -> None:
    device = Device(9, remembered=receipt(0))
    device.taken(device.send())
    assert device.after(30) == [1]

    device.hear(receipt(1))

    assert device.send() == list(range(2, 10))


def test_after_a_reconnect_what_the_broker_had_not_answered_is_sent_again() -> None:
    device = Device(6)
    device.send()
    device.taken([1, 2, 4])

    device.drainer.disconnected()
    device.drainer.connected(device.now_s)

    assert device.send() == [3, 4, 5, 6]


def test_a_payload_that_nobody_can_read_is_given_up_once() -> None:
    device = Device(4, remembered=receipt(0))
    device.taken(device.send())

    assert device.hear(receipt(1, refused="sha2")).refused == (2,)
    assert device.send() == [2]
    assert device.hear(receipt(1, refused="sha2")).refused == ()
    assert device.drainer.is_refused("sha2")
    assert not device.drainer.is_refused("sha3")


def test_a_message_refused_three_times_is_given_up() -> None:
    device = Device(2)
    device.send()

    for _ in range(2):
        assert device.drainer.puback(2, Puback.REFUSED, device.now_s) is None
        assert device.send() == [2]
    assert device.drainer.puback(2, Puback.REFUSED, device.now_s) == 2
    assert device.send() == [2]


def test_a_device_that_may_send_nothing_gives_nothing_up_and_tries_one_at_a_time() -> None:
    device = Device(5)
    device.send()
    for seq in range(1, 6):
        assert device.drainer.puback(seq, Puback.FORBIDDEN, device.now_s) is None

    assert device.after(29) == []
    assert device.after(1) == [1]
    assert device.drainer.puback(1, Puback.FORBIDDEN, device.now_s) is None
    assert device.after(59) == []
    assert device.after(1) == [1]
    device.taken([1])
    assert device.send() == [2, 3, 4, 5]


def test_a_lost_answer_that_is_refused_too_is_not_hammered() -> None:
    device = Device(1)
    device.send()
    for _ in range(2):
        device.drainer.puback(1, Puback.REFUSED, device.now_s)
        device.send()
    assert device.drainer.puback(1, Puback.REFUSED, device.now_s) == 1
    device.send()

    device.drainer.puback(1, Puback.REFUSED, device.now_s)

    assert device.send() == []
    assert device.after(30) == [1]


def test_a_span_of_lost_seqs_counts_as_one_message_of_the_window() -> None:
    device = Device(5000)
    assert device.drainer.due(device.next_seq, ROOM, device.now_s) == Due(1, 1000)

    device.drainer.sent(1, 4000, "sha", device.now_s)

    assert device.send() == []
    device.hear(receipt(4000))
    assert device.send() == list(range(4001, 5001))


def test_the_silence_goes_on_over_repeats_reconnects_and_refusals() -> None:
    device = Device(3)
    device.taken(device.send())
    assert device.after(30) == [1]
    device.drainer.disconnected()
    device.drainer.connected(device.now_s)
    assert device.send() == [1, 2, 3]
    device.drainer.puback(1, Puback.FORBIDDEN, device.now_s)

    assert device.drainer.silent_s(device.now_s) == 30


def test_the_silence_is_told_while_something_waits() -> None:
    device = Device(3)
    assert device.drainer.silent_s(device.now_s) is None
    device.send()

    assert device.drainer.silent_s(device.now_s + 70) == 70
    device.hear(receipt(3))
    assert device.drainer.silent_s(device.now_s + 70) is None
