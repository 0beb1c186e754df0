"""What comes out of a spool: a record, or a span of seqs that can no longer be sent, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from veilleur_bridge.envelope import LostReason
from veilleur_bridge.wire.receipt import Receipt


@dataclass(frozen=True, slots=True)
class SpoolRecord:
    """One envelope as it was spooled."""

    seq: int
    payload: bytes

    @property
    def through_seq(self) -> int:
        """The seq itself, so that records and spans can be walked alike."""
        return self.seq


@dataclass(frozen=True, slots=True)
class LostSpan:
    """Seqs that were given out and whose envelopes are gone, both ends included."""

    seq: int
    through_seq: int
    reason: LostReason


@dataclass(frozen=True, slots=True)
class SpoolState:
    """How full the spool is; `first_seq` is the oldest that `receipt` does not cover, `next_seq` the next given out."""

    epoch: str
    first_seq: int
    next_seq: int
    size_bytes: int
    cap_bytes: int
    oldest_at: datetime | None
    receipt: Receipt | None

    @property
    def depth(self) -> int:
        """How many seqs wait for a receipt."""
        return self.next_seq - self.first_seq


SpoolItem = SpoolRecord | LostSpan
