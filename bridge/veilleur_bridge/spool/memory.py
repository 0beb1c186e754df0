"""What a spool must still know after a restart beside its records: the receipt in force, and what is gone and why."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from veilleur_bridge.envelope import LostReason
from veilleur_bridge.spool.contents import LostSpan
from veilleur_bridge.spool.folder import put_file
from veilleur_bridge.wire.receipt import Receipt, read_receipt, write_receipt

MEMORY_FILE: Final = "memory.json"


@dataclass(frozen=True, slots=True)
class SpoolMemory:
    """`trimmed_through`: deleted because a receipt covered it; `dropped`: fell to the cap and awaits its receipt.

    `next_seq` is what was to be given out next when this was written: whatever the records say, no lower one may be.
    """

    next_seq: int = 1
    trimmed_through: int = 0
    dropped: tuple[LostSpan, ...] = ()
    receipt: Receipt | None = None

    def with_receipt(self, receipt: Receipt) -> SpoolMemory:
        """Take a receipt in force, and forget the drops that it covers."""
        awaited = tuple(span for span in self.dropped if span.through_seq > receipt.through_seq)
        answered = max((span.through_seq for span in self.dropped if span not in awaited), default=0)
        return replace(self, receipt=receipt, dropped=awaited).with_trim(answered)

    def with_trim(self, through_seq: int) -> SpoolMemory:
        """Note that what a receipt covered is deleted up to this seq."""
        return replace(self, trimmed_through=max(self.trimmed_through, through_seq))

    def with_drop(self, seq: int, through_seq: int) -> SpoolMemory:
        """Add what fell to the cap, joined to the drop before it."""
        *before, last = self.dropped or (LostSpan(seq, seq - 1, LostReason.CAP),)
        if last.through_seq + 1 == seq:
            return replace(self, dropped=(*before, replace(last, through_seq=through_seq)))
        return replace(self, dropped=(*self.dropped, LostSpan(seq, through_seq, LostReason.CAP)))

    def lost_at(self, seq: int, before_seq: int) -> LostSpan:
        """Return the span that begins at a seq of which no segment is left, ending below `before_seq`."""
        for span in self.dropped:
            if span.seq <= seq <= span.through_seq:
                return LostSpan(seq, min(span.through_seq, before_seq - 1), LostReason.CAP)
        ahead = min((span.seq for span in self.dropped if span.seq > seq), default=before_seq)
        if seq <= self.trimmed_through:
            return LostSpan(seq, min(self.trimmed_through, ahead - 1), LostReason.TRIMMED)
        return LostSpan(seq, min(ahead, before_seq) - 1, LostReason.CORRUPT)


def load_memory(folder: Path) -> tuple[str | None, SpoolMemory]:
    """Return the epoch and what the folder remembers of it; nothing where the file is missing or damaged."""
    try:
        written = json.loads((folder / MEMORY_FILE).read_bytes())
        receipt = written["receipt"]
        return str(written["epoch"]), SpoolMemory(
            next_seq=int(written["next_seq"]),
            trimmed_through=int(written["trimmed_through"]),
            dropped=tuple(LostSpan(int(seq), int(through), LostReason.CAP) for seq, through in written["dropped"]),
            receipt=None if receipt is None else read_receipt(receipt.encode()),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None, SpoolMemory()


def save_memory(folder: Path, epoch: str, memory: SpoolMemory) -> None:
    """Write it down durably. Raises OSError."""
    written: dict[str, Any] = {
        "epoch": epoch,
        "next_seq": memory.next_seq,
        "trimmed_through": memory.trimmed_through,
        "dropped": [[span.seq, span.through_seq] for span in memory.dropped],
        "receipt": None if memory.receipt is None else write_receipt(memory.receipt).decode(),
    }
    put_file(folder / MEMORY_FILE, json.dumps(written).encode())
