"""What is appended comes out again, in order, until a receipt covers it, whatever restarts come between."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest

from tests.bridge.spool.spooling import (
    NOW_AT,
    everything,
    fill,
    open_spool,
    payload_of,
    receipt_for,
    segment_files,
    seqs_of,
    spans_of,
    still_clock,
)
from veilleur_bridge.envelope import LostReason
from veilleur_bridge.errors import SpoolError, SpoolInUse
from veilleur_bridge.spool.contents import SpoolRecord
from veilleur_bridge.spool.spool import Spool

ONE_MIB = 1024 * 1024


def test_seqs_count_from_one_and_go_on_after_a_restart(tmp_path: Path) -> None:
    spool = open_spool(tmp_path)
    epoch = spool.epoch
    assert [spool.append(payload_of) for _ in range(3)] == [1, 2, 3]
    spool.close()

    again = open_spool(tmp_path)

    assert (again.epoch, again.append(payload_of)) == (epoch, 4)
    assert again.read(1, 10) == [SpoolRecord(seq, payload_of(epoch, seq)) for seq in (1, 2, 3, 4)]


def test_a_wiped_folder_gets_a_new_epoch(tmp_path: Path) -> None:
    spool = open_spool(tmp_path)
    fill(spool, 2)
    spool.close()
    for file in tmp_path.iterdir():
        file.unlink()

    again = open_spool(tmp_path)

    assert again.epoch != spool.epoch
    assert again.next_seq == 1


def test_two_programs_cannot_have_one_spool(tmp_path: Path) -> None:
    spool = open_spool(tmp_path)

    with pytest.raises(SpoolInUse, match="another program"):
        open_spool(tmp_path)

    spool.close()
    open_spool(tmp_path)


def test_a_receipt_trims_and_no_more_than_it_covers(tmp_path: Path) -> None:
    spool = open_spool(tmp_path, cap_bytes=ONE_MIB)
    for _ in range(10):
        fill(spool, 1, extra_bytes=50_000)
    files = len(segment_files(tmp_path))

    spool.trim(receipt_for(spool, 7))

    assert spool.first_seq == 8
    assert seqs_of(everything(spool, 8)) == [8, 9, 10]
    assert len(segment_files(tmp_path)) < files


def test_all_receipted_leaves_no_word_behind_and_the_next_seq_goes_on(tmp_path: Path) -> None:
    spool = open_spool(tmp_path)
    fill(spool, 5)
    spool.trim(receipt_for(spool, 5))
    spool.tidy()

    assert not any(b'"seq":' in file.read_bytes() for file in tmp_path.iterdir())
    assert spool.state().depth == 0
    spool.close()
    again = open_spool(tmp_path)
    assert (again.epoch, again.append(payload_of)) == (spool.epoch, 6)


def test_the_receipt_in_force_is_remembered(tmp_path: Path) -> None:
    spool = open_spool(tmp_path)
    fill(spool, 5)
    spool.trim(receipt_for(spool, 3, round_=9))
    spool.close()

    again = open_spool(tmp_path)

    assert again.state().receipt == receipt_for(again, 3, round_=9)
    assert again.first_seq == 4


def test_a_lower_receipt_of_a_new_store_sends_again_what_is_there_and_answers_for_the_rest(tmp_path: Path) -> None:
    spool = open_spool(tmp_path, cap_bytes=ONE_MIB)
    for _ in range(10):
        fill(spool, 1, extra_bytes=50_000)
    spool.trim(receipt_for(spool, 7))
    first_left = int(segment_files(tmp_path)[0].stem)
    assert 1 < first_left <= 8

    spool.trim(receipt_for(spool, 2, store="s2"))

    items = everything(spool, 3)
    assert spans_of(items) == [(3, first_left - 1, "trimmed")]
    assert seqs_of(items) == list(range(first_left, 11))
    assert spool.first_seq == first_left


def test_past_the_cap_the_oldest_is_dropped_and_every_seq_is_answered_for(tmp_path: Path) -> None:
    spool = open_spool(tmp_path, cap_bytes=ONE_MIB)
    for _ in range(60):
        fill(spool, 1, extra_bytes=40_000)

    items = everything(spool)

    ((first, through, reason),) = spans_of(items)
    assert (first, reason) == (1, "cap")
    assert seqs_of(items) == list(range(through + 1, 61))
    assert spool.state().size_bytes <= ONE_MIB
    spool.close()
    assert everything(open_spool(tmp_path, cap_bytes=ONE_MIB)) == items


def test_a_drop_is_forgotten_once_it_is_receipted(tmp_path: Path) -> None:
    spool = open_spool(tmp_path, cap_bytes=ONE_MIB)
    for _ in range(60):
        fill(spool, 1, extra_bytes=40_000)
    ((_, through, _),) = spans_of(everything(spool))

    spool.trim(receipt_for(spool, through))
    spool.trim(receipt_for(spool, 0, store="s2"))

    assert spans_of(everything(spool)) == [(1, through, "trimmed")]


def test_what_was_given_up_is_answered_for_in_its_place(tmp_path: Path) -> None:
    spool = open_spool(tmp_path)
    fill(spool, 3)

    spool.give_up(2, LostReason.REFUSED)

    items = everything(spool)
    assert seqs_of(items) == [1, 3]
    assert spans_of(items) == [(2, 2, "refused")]


def test_seqs_that_are_spent_are_passed_over_for_good(tmp_path: Path) -> None:
    spool = open_spool(tmp_path)
    fill(spool, 2)
    spool.skip_past(1)
    assert spool.append(payload_of) == 3

    spool.skip_past(9)

    assert open_after_a_kill(spool, tmp_path).append(payload_of) == 10
    assert spans_of(everything(spool)) == [(4, 9, "corrupt")]


def open_after_a_kill(spool: Spool, folder: Path) -> Spool:
    copy = folder.with_name(folder.name + "-copy")
    shutil.copytree(folder, copy)
    assert spool.next_seq == 10
    return open_spool(copy)


def test_the_state_says_what_waits_and_since_when(tmp_path: Path) -> None:
    spool = open_spool(tmp_path)
    assert spool.state().oldest_at is None
    fill(spool, 5)
    spool.trim(receipt_for(spool, 2))

    state = spool.state()

    assert (state.first_seq, state.next_seq, state.depth, state.oldest_at) == (3, 6, 3, NOW_AT)
    assert 0 < state.size_bytes < state.cap_bytes


def test_a_seq_is_told_only_after_its_whole_record_was_synced(tmp_path: Path) -> None:
    synced: list[int] = []
    spool = Spool(tmp_path, clock=still_clock, sync=lambda descriptor: synced.append(os.fstat(descriptor).st_size))

    for _ in range(3):
        spool.append(payload_of)
        assert synced[-1] == segment_files(tmp_path)[-1].stat().st_size
    assert len(synced) == 3


def test_what_could_not_be_synced_was_not_spooled(tmp_path: Path) -> None:
    failures = [OSError(errno.EIO, "the disk is gone")]

    def sync(_descriptor: int) -> None:
        if failures:
            raise failures.pop()

    spool = Spool(tmp_path, clock=still_clock, sync=sync)

    with pytest.raises(SpoolError, match="the disk is gone"):
        spool.append(payload_of)

    assert spool.append(payload_of) == 1
    assert everything(spool) == [SpoolRecord(1, payload_of(spool.epoch, 1))]


def test_the_folder_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)

    open_spool(tmp_path)

    assert tmp_path.stat().st_mode & 0o777 == 0o700


def test_an_envelope_that_cannot_be_made_takes_no_seq(tmp_path: Path) -> None:
    spool = open_spool(tmp_path)

    def fails(_epoch: str, _seq: int) -> bytes:
        raise ValueError("no envelope")

    with pytest.raises(ValueError, match="no envelope"):
        spool.append_many([payload_of, fails])

    assert spool.append(payload_of) == 1


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("here")

    with pytest.raises(SpoolError, match="give another folder"):
        open_spool(tmp_path / "file" / "spool")
