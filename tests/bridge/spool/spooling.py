"""Spools for tests: a clock that stands still, small caps, and payloads that say which seq they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from veilleur_bridge.spool.contents import LostSpan, SpoolItem, SpoolRecord
from veilleur_bridge.spool.spool import Spool
from veilleur_bridge.wire.receipt import Receipt

NOW_AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def still_clock() -> datetime:
    return NOW_AT


def open_spool(folder: Path, cap_bytes: int = 64 * 1024 * 1024) -> Spool:
    return Spool(folder, clock=still_clock, cap_bytes=cap_bytes)


def payload_of(epoch: str, seq: int) -> bytes:
    return f'{{"v":1,"epoch":"{epoch}","seq":{seq}}}'.encode()


def fill(spool: Spool, count: int, extra_bytes: int = 0) -> None:
    spool.append_many([lambda epoch, seq: payload_of(epoch, seq) + b" " * extra_bytes] * count)


def receipt_for(spool: Spool, through_seq: int, store: str = "s1", round_: int = 1) -> Receipt:
    return Receipt(store, round_, spool.epoch, through_seq)


def everything(spool: Spool, from_seq: int = 1) -> list[SpoolItem]:
    items: list[SpoolItem] = []
    while found := spool.read(from_seq, 100):
        items += found
        from_seq = found[-1].through_seq + 1
    return items


def seqs_of(items: Sequence[SpoolItem]) -> list[int]:
    return [item.seq for item in items if isinstance(item, SpoolRecord)]


def spans_of(items: Sequence[SpoolItem]) -> list[tuple[int, int, str]]:
    return [(item.seq, item.through_seq, str(item.reason)) for item in items if isinstance(item, LostSpan)]


def segment_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.spool"))
