"""The ledger holds a line for each envelope that a spool took, whatever was killed in between."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from veilleur_bridge.errors import LogError
from veilleur_bridge.simulation.disorder import Disorder
from veilleur_bridge.simulation.ledger import Ledger
from veilleur_bridge.simulation.spool import SimulatedSpool


@contextmanager
def spool(folder: Path, ledger: Ledger | None) -> Iterator[SimulatedSpool]:
    opened = SimulatedSpool(
        folder, clock=lambda: datetime(2026, 11, 22, tzinfo=UTC), cap_bytes=2**20, ledger=ledger, disorder=Disorder()
    )
    with closing(opened):
        yield opened


def make(epoch: str, seq: int) -> bytes:
    return f"{epoch} {seq}".encode()


def seqs(path: Path) -> list[int]:
    return [json.loads(line)["seq"] for line in path.read_text().splitlines()]


def test_each_envelope_is_a_line_with_its_checksum(tmp_path: Path) -> None:
    path = tmp_path / "made.jsonl"
    with closing(Ledger(path, "rio")) as ledger, spool(tmp_path / "spool", ledger) as one:
        one.append_many([make, make])
        epoch = one.epoch

    digest = sha256(f"{epoch} 2".encode()).hexdigest()
    assert json.loads(path.read_text().splitlines()[1]) == {
        "device": "rio",
        "epoch": epoch,
        "seq": 2,
        "sha256": digest,
    }


def test_what_was_spooled_and_not_noted_before_a_kill_is_noted_by_the_next_run(tmp_path: Path) -> None:
    """Seen to fail without `_note_what_was_cut_off`: [1] instead of [1, 2, 3]."""
    path = tmp_path / "made.jsonl"
    with closing(Ledger(path, "rio")) as ledger, spool(tmp_path / "spool", ledger) as one:
        one.append(make)
    with spool(tmp_path / "spool", None) as unseen:
        unseen.append_many([make, make])

    with closing(Ledger(path, "rio")) as ledger, spool(tmp_path / "spool", ledger):
        assert seqs(path) == [1, 2, 3]


def test_a_line_cut_off_by_a_kill_is_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "made.jsonl"
    with closing(Ledger(path, "rio")) as ledger:
        ledger.note("e", [(1, b""), (2, b"")])
    path.write_bytes(path.read_bytes()[:-9])

    with closing(Ledger(path, "rio")) as ledger:
        assert ledger.through("e") == 1
        ledger.note("e", [(1, b""), (2, b"")])

    assert seqs(path) == [1, 2]


def test_a_file_that_is_no_ledger_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "made.jsonl"
    path.write_text("not ours\n")

    with pytest.raises(LogError, match="no ledger"):
        Ledger(path, "rio")
