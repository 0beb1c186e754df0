"""Whatever happens to a spool, in any order: every seq is answered for, and what comes out is what went in."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.bridge.spool.spooling import everything, open_spool, segment_files
from veilleur_bridge.envelope import LostReason
from veilleur_bridge.spool.contents import SpoolItem, SpoolRecord
from veilleur_bridge.spool.framing import SEGMENT_HEADER
from veilleur_bridge.spool.spool import Spool
from veilleur_bridge.wire.receipt import Receipt

CAP_BYTES = 64 * 1024
SMALL, LARGE = 40, 6_000


@dataclass
class History:
    """A spool, and what must be true of it."""

    folder: Path
    spool: Spool
    appended: dict[int, bytes] = field(default_factory=dict)
    given_up: set[int] = field(default_factory=set)
    flips: int = 0
    store: int = 1
    highest_receipt: int = 0

    @property
    def through(self) -> int:
        receipt = self.spool.state().receipt
        return 0 if receipt is None else receipt.through_seq

    def reopen(self) -> None:
        epoch = self.spool.epoch
        self.spool = open_spool(self.folder, CAP_BYTES)
        assert self.spool.epoch == epoch
        self.given_up.clear()


Step = Callable[[History, float], None]


def append(history: History, share: float) -> None:
    count, size = 1 + int(4 * share), LARGE if int(100 * share) % 2 else SMALL

    def make(epoch: str, seq: int) -> bytes:
        assert epoch == history.spool.epoch
        history.appended[seq] = f"{epoch} {seq} {share}".encode().ljust(size, b".")
        return history.appended[seq]

    expected = range(len(history.appended) + 1, len(history.appended) + 1 + count)
    assert history.spool.append_many([make] * count) == expected


def receipt(history: History, share: float) -> None:
    through = history.through + int(share * (history.spool.next_seq - 1 - history.through))
    _trim(history, through)


def receipt_of_a_restored_store(history: History, share: float) -> None:
    history.store += 1
    _trim(history, int(share * (history.spool.next_seq - 1)))


def _trim(history: History, through: int) -> None:
    history.spool.trim(Receipt(f"s{history.store}", 1, history.spool.epoch, through))
    history.highest_receipt = max(history.highest_receipt, through)
    history.given_up = {seq for seq in history.given_up if seq > through}


def tidy(history: History, _share: float) -> None:
    history.spool.tidy()


def give_up(history: History, share: float) -> None:
    waiting = range(history.spool.first_seq, history.spool.next_seq)
    if waiting:
        seq = waiting[int(share * (len(waiting) - 1))]
        history.spool.give_up(seq, LostReason.REFUSED)
        history.given_up.add(seq)


def restart(history: History, _share: float) -> None:
    history.spool.close()
    history.reopen()


def kill(history: History, _share: float) -> None:
    """Go on with a copy of the folder as it stands, as the next process would after kill -9."""
    after = history.folder.with_name(history.folder.name + "+")
    shutil.copytree(history.folder, after)
    history.spool.close()
    shutil.rmtree(history.folder)
    after.rename(history.folder)
    history.reopen()


def flip_a_bit(history: History, share: float) -> None:
    files = [file for file in segment_files(history.folder) if file.stat().st_size > SEGMENT_HEADER.size]
    if not files:
        return
    file = files[int(share * (len(files) - 1))]
    content = bytearray(file.read_bytes())
    bit = SEGMENT_HEADER.size * 8 + int(share * 7919) % ((len(content) - SEGMENT_HEADER.size) * 8)
    content[bit // 8] ^= 1 << bit % 8
    file.write_bytes(content)
    history.flips += 1
    restart(history, share)


STEPS: list[Step] = [append, append, receipt, receipt_of_a_restored_store, tidy, give_up, restart, kill, flip_a_bit]
HISTORIES = st.lists(st.tuples(st.sampled_from(STEPS), st.floats(0, 1)), max_size=40)


@settings(max_examples=150)
@given(HISTORIES)
@example([(append, 0.75), (receipt, 0.5), (append, 0.75), (append, 0.75)])
@example([(append, 0.0), (append, 0.0), (flip_a_bit, 0.0), (flip_a_bit, 0.25)])
@example([(append, 0.01), (append, 0.51), (give_up, 0.0), (receipt, 1.0), (receipt_of_a_restored_store, 0.0)])
def test_every_seq_is_answered_for_once_and_truly(steps: Sequence[tuple[Step, float]]) -> None:
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / "spool"
        history = History(folder, open_spool(folder, CAP_BYTES))
        for step, share in steps:
            step(history, share)
            items = everything(history.spool)
            check_seqs(history, items)
            check_reasons(history, items)
            check_state(history)
        history.spool.close()


def check_seqs(history: History, items: Sequence[SpoolItem]) -> None:
    expected = 1
    for item in items:
        assert item.seq == expected
        assert item.through_seq >= item.seq
        expected = item.through_seq + 1
        if isinstance(item, SpoolRecord):
            assert item.payload == history.appended[item.seq]
            assert item.seq not in history.given_up
    assert expected == history.spool.next_seq == len(history.appended) + 1


def check_reasons(history: History, items: Sequence[SpoolItem]) -> None:
    spans = [(item.reason, item) for item in items if not isinstance(item, SpoolRecord)]
    corrupt = [span for reason, span in spans if reason is LostReason.CORRUPT]
    assert sum(span.through_seq - span.seq + 1 for span in corrupt) <= history.flips
    assert all(span.through_seq <= history.highest_receipt for reason, span in spans if reason is LostReason.TRIMMED)
    assert {span.seq for reason, span in spans if reason is LostReason.REFUSED} <= history.given_up


def check_state(history: History) -> None:
    state = history.spool.state()
    assert state.size_bytes == sum(file.stat().st_size for file in segment_files(history.folder))
    assert state.size_bytes <= CAP_BYTES
    assert state.depth == max(0, state.next_seq - max(history.through + 1, int(segment_files(history.folder)[0].stem)))
    assert (state.oldest_at is not None) == (state.depth > 0) or history.flips
