"""Whatever broker and daemon lose, in any order: once both work again, everything given out gets its receipt.

A simulation: the broker is a queue that can be emptied or deaf, the daemon a set of seqs; time is moved by hand.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from veilleur_bridge.drainer import Drainer, Pace, Puback
from veilleur_bridge.wire.receipt import Receipt

PACE = Pace(most_beyond_receipt=20)
ROOM = 7
HEALS_WITHIN_S = 2 * PACE.longest_silence_s + 60


@dataclass
class Way:
    """A device, a broker and a daemon; `receipts` are under way to the device, `forgotten` was stored once."""

    drainer: Drainer = field(default_factory=lambda: Drainer("e", None, PACE))
    now_s: float = 0.0
    next_seq: int = 1
    unanswered: deque[int] = field(default_factory=deque)
    queue: deque[int] = field(default_factory=deque)
    is_deaf: bool = False
    stored: set[int] = field(default_factory=set)
    forgotten: set[int] = field(default_factory=set)
    receipts: deque[Receipt] = field(default_factory=deque)
    store: int = 1
    round: int = 1
    trimmed_through: int = 0

    def publish_receipt(self) -> None:
        through = 0
        while through + 1 in self.stored:
            through += 1
        self.receipts.append(Receipt(f"s{self.store}", self.round, "e", through))


Step = Callable[[Way, float], None]


def capture(way: Way, share: float) -> None:
    way.next_seq += 1 + int(30 * share)


def send(way: Way, _share: float = 0) -> None:
    while (due := way.drainer.due(way.next_seq, ROOM - len(way.unanswered), way.now_s)) is not None:
        for seq in range(due.from_seq, due.from_seq + due.limit):
            assert seq < way.next_seq
            assert seq <= way.trimmed_through + PACE.most_beyond_receipt
            way.drainer.sent(seq, seq, str(seq), way.now_s)
            way.unanswered.append(seq)
        assert len(way.unanswered) <= ROOM


def broker_answers(way: Way, share: float = 1) -> None:
    for _ in range(int(share * len(way.unanswered))):
        seq = way.unanswered.popleft()
        if not way.is_deaf:
            way.queue.append(seq)
        assert way.drainer.puback(seq, Puback.TAKEN, way.now_s) is None


def daemon_stores(way: Way, share: float = 1) -> None:
    taken = [way.queue.popleft() for _ in range(int(share * len(way.queue)))]
    if taken:
        way.stored.update(taken)
        way.publish_receipt()


def receipts_arrive(way: Way, _share: float = 0) -> None:
    while way.receipts:
        taken = way.drainer.receipt(way.receipts.popleft(), way.next_seq, way.now_s)
        assert not taken.refused
        if taken.in_force is not None:
            way.trimmed_through = taken.in_force.through_seq
            assert set(range(1, way.trimmed_through + 1)) <= way.stored | way.forgotten


def receipts_are_lost(way: Way, _share: float) -> None:
    way.receipts.clear()


def broker_drops_what_waits(way: Way, _share: float) -> None:
    way.queue.clear()


def broker_swallows(way: Way, share: float) -> None:
    way.is_deaf = share > 0.5


def broker_dies(way: Way, share: float) -> None:
    way.queue.clear()
    device_reconnects(way, share)
    daemon_restarts(way, share)


def device_reconnects(way: Way, _share: float) -> None:
    way.unanswered.clear()
    way.drainer.disconnected()
    way.drainer.connected(way.now_s)


def daemon_restarts(way: Way, _share: float) -> None:
    way.round += 1
    way.publish_receipt()


def database_is_restored(way: Way, share: float) -> None:
    """Go back; what was trimmed meanwhile is answered for with `lost`, which the daemon stores as well."""
    way.store += 1
    gone = {seq for seq in way.stored if seq > share * len(way.stored)}
    way.forgotten |= gone
    way.stored -= gone
    way.publish_receipt()


def time_passes(way: Way, share: float) -> None:
    way.now_s += 1_000 * share


STEPS: list[Step] = [
    *(capture, send, send, broker_answers, broker_answers, daemon_stores, daemon_stores, receipts_arrive, time_passes),
    *(receipts_are_lost, broker_drops_what_waits, broker_swallows, broker_dies, device_reconnects, daemon_restarts),
    database_is_restored,
]


@settings(max_examples=400)
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.floats(0, 1)), max_size=60))
def test_once_all_works_again_everything_is_receipted(steps: Sequence[tuple[Step, float]]) -> None:
    way = Way()
    way.drainer.connected(0.0)
    for step, share in steps:
        step(way, share)

    way.is_deaf = False
    deadline_s = way.now_s + HEALS_WITHIN_S + way.next_seq
    while way.trimmed_through < way.next_seq - 1 and way.now_s < deadline_s:
        send(way)
        broker_answers(way)
        daemon_stores(way)
        receipts_arrive(way)
        way.now_s += 1

    assert way.trimmed_through == way.next_seq - 1
