"""Trials 26 to 29: a spool that is killed, torn, flipped and filled keeps what it promised and tells what it lost."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.bridge.spool.spooling import (
    everything,
    fill,
    open_spool,
    payload_of,
    segment_files,
    seqs_of,
    spans_of,
)
from veilleur_bridge.spool.contents import SpoolRecord
from veilleur_bridge.spool.framing import RECORD_HEADER, SEGMENT_HEADER
from veilleur_bridge.spool.memory import MEMORY_FILE

PROJECT = Path(__file__).parents[2]
KILLS = 200
RECORDS = 5
EVERY_BYTE_SOMEWHERE = 7


def answer_of(module: str, *arguments: object) -> Any:
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, check=False, cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.fault
@pytest.mark.parametrize("seed", [26, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(25))])
def test_killed_while_it_spools_every_record_that_was_promised_is_there(seed: int, tmp_path: Path) -> None:
    """Trial 26. Broken: `Segment.append` left out the write of each fiftieth batch; reported: 851 told, not found."""
    told = answer_of("tests.faults.killed_spooling", tmp_path, KILLS, seed)

    items = everything(open_spool(tmp_path, cap_bytes=2**50))

    found = {str(item.seq): sha256(item.payload).hexdigest() for item in items if isinstance(item, SpoolRecord)}
    assert len(told) > KILLS
    assert told.items() <= found.items()
    assert sum(through - seq + 1 for seq, through, _ in spans_of(items)) <= KILLS
    assert {reason for _, _, reason in spans_of(items)} <= {"corrupt"}


@pytest.mark.fault
def test_torn_at_any_byte_the_last_record_is_dropped_and_counted_and_the_rest_is_there(tmp_path: Path) -> None:
    """Trial 27. Broken: `Segment.seq_after` took no count of a torn end; reported: no span, not (5, 5, corrupt)."""
    epoch = filled(tmp_path / "whole")
    (whole,) = segment_files(tmp_path / "whole")
    content = whole.read_bytes()
    begins = len(content) - RECORD_HEADER.size - len(payload_of(epoch, RECORDS))

    for end in range(begins, len(content)):
        torn = copy_of(tmp_path / "whole", tmp_path / "torn")
        (torn / MEMORY_FILE).unlink()
        segment_files(torn)[0].write_bytes(content[:end])
        for _ in range(2):
            spool = open_spool(torn)
            items = everything(spool)
            assert seqs_of(items) == list(range(1, RECORDS))
            # cut between two records, nothing but the memory says that there was one more
            assert spans_of(items) == ([] if end == begins else [(RECORDS, RECORDS, "corrupt")])
            spool.close()
        spool = open_spool(torn)
        assert spool.append(payload_of) == (RECORDS if end == begins else RECORDS + 1)
        spool.close()


@pytest.mark.fault
def test_a_flipped_bit_in_a_record_costs_that_record_alone(tmp_path: Path) -> None:
    """Trial 28. Broken twice: no search after noise; reported: [1, 2] came out. No check of the payload: all 5 did."""
    epoch = filled(tmp_path / "whole")
    (whole,) = segment_files(tmp_path / "whole")
    content = whole.read_bytes()
    each = RECORD_HEADER.size + len(payload_of(epoch, 1))
    damaged_seq = 3

    begins = SEGMENT_HEADER.size + (damaged_seq - 1) * each
    for bit in range(begins * 8, (begins + each) * 8, EVERY_BYTE_SOMEWHERE):
        spool = open_spool(flipped(tmp_path, content, bit))
        items = everything(spool)
        assert seqs_of(items) == [1, 2, 4, 5], bit
        assert spans_of(items) == [(damaged_seq, damaged_seq, "corrupt")], bit
        assert spool.append(payload_of) == RECORDS + 1
        spool.close()


@pytest.mark.fault
def test_a_flipped_bit_in_a_segments_beginning_costs_nothing(tmp_path: Path) -> None:
    """Trial 28. Broken: the epoch taken from the segments' headers alone; reported: another epoch."""
    epoch = filled(tmp_path / "whole")
    content = segment_files(tmp_path / "whole")[0].read_bytes()

    for bit in range(0, SEGMENT_HEADER.size * 8, EVERY_BYTE_SOMEWHERE):
        spool = open_spool(flipped(tmp_path, content, bit))
        assert spool.epoch == epoch
        assert seqs_of(everything(spool)) == list(range(1, RECORDS + 1)), bit
        assert spool.append(payload_of) == RECORDS + 1
        spool.close()


@pytest.mark.fault
def test_a_tail_that_the_disk_forgot_is_not_given_out_again(tmp_path: Path) -> None:
    """Trial 27. Broken: the next seq not remembered over a restart; reported: seq 6 given out twice."""
    spool = open_spool(tmp_path)
    fill(spool, RECORDS)
    kept = segment_files(tmp_path)[0].read_bytes()
    fill(spool, RECORDS)
    spool.close()
    segment_files(tmp_path)[0].write_bytes(kept)

    again = open_spool(tmp_path)
    assert again.append(payload_of) == 2 * RECORDS + 1
    assert spans_of(everything(again)) == [(RECORDS + 1, 2 * RECORDS, "corrupt")]


@pytest.mark.fault
def test_a_full_disk_takes_nothing_halfway_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    """Broken: a failed write not taken back; reported: one failure instead of two, the piece stayed in the file."""
    answer = answer_of("tests.faults.cramped_spooling", tmp_path, 100_000)

    last = answer["before"][-1]
    assert answer["failures"] == 2
    assert answer["after"] == [last + 1, last + 2, last + 3]
    assert answer["read"] == list(range(1, last + 4))


def filled(folder: Path) -> str:
    spool = open_spool(folder)
    fill(spool, RECORDS)
    spool.close()
    return spool.epoch


def flipped(parent: Path, content: bytes, bit: int) -> Path:
    folder = copy_of(parent / "whole", parent / "flipped")
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    segment_files(folder)[0].write_bytes(changed)
    return folder


def copy_of(folder: Path, copy: Path) -> Path:
    shutil.rmtree(copy, ignore_errors=True)
    return Path(shutil.copytree(folder, copy))
