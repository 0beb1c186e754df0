"""Decides what of the spool is sent, and when: receipts and PUBACKs in, seqs out (DESIGN §1). No clock, no socket.

A PUBACK means that the broker has a message, a receipt that the daemon has stored it: only that moves anything on.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from veilleur_bridge.envelope import MAX_SEQ
from veilleur_bridge.wire.receipt import Receipt

REFUSALS_TO_GIVE_UP: Final = 3
MOST_SPENT_SEQS: Final = MAX_SEQ // 2  # no receipt makes a spool pass over more: as many are left to give out


@dataclass(frozen=True, slots=True)
class Pace:
    """How far the drainer runs ahead of the receipt, and how long it waits on silence: doubled up to the longest.

    Requests to send again are served `resend_pause_s` apart: two databases that answer one device ask without end.
    A broker that answers nothing for `answer_within_s` is left and sought again.
    """

    most_beyond_receipt: int = 1_000
    resend_pause_s: float = 1.0
    first_silence_s: float = 30.0
    longest_silence_s: float = 15 * 60.0
    answer_within_s: float = 60.0


class Puback(Enum):
    """How the broker answered one message."""

    TAKEN = auto()
    REFUSED = auto()
    FORBIDDEN = auto()  # nothing of this device is taken just now, whatever it holds


@dataclass(frozen=True, slots=True)
class Due:
    """Send what stands at `from_seq`, at most `limit` of them."""

    from_seq: int
    limit: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What a receipt asks of the spool: to trim by `in_force`, and to answer for the seqs `refused` with `lost`.

    `spent_through` is there where the daemon has stored seqs that this spool never gave out: it must not give them
    out any more. The disk, or whoever put back an older copy of the folder, lost what came after. Beyond
    MOST_SPENT_SEQS nobody has stored anything: such a receipt asks nothing.
    """

    in_force: Receipt | None = None
    refused: tuple[int, ...] = ()
    spent_through: int | None = None


class Drainer:
    """One epoch's way to the daemon; `now_s` is any clock that never goes back.

    At most 1,000 envelopes are under way beyond the receipt. Everything from the receipt on is sent again when the
    daemon asks (a new store or round) and, where the broker had not answered, after a reconnect. On silence the first
    unreceipted one alone is repeated; if that helps, what was sent after it was lost on the way too and is sent again.
    """

    def __init__(self, epoch: str, receipt: Receipt | None, pace: Pace) -> None:
        self._epoch = epoch
        self._pace = pace
        self._receipt = receipt
        self._asked = None if receipt is None else (receipt.store, receipt.round)
        self._cursor = self._through + 1
        self._is_connected = False
        self._is_misled = False
        self._unanswered: set[int] = set()
        self._again: deque[int] = deque()
        self._given_up: set[int] = set()
        self._refusals: Counter[int] = Counter()
        self._seq_of_payload: dict[str, int] = {}
        self._repeated: Due | None = None
        self._resend_due_s: float | None = None
        self._may_resend_s = 0.0
        self._sent_through = self._through
        self._progress_s = 0.0
        self._quiet_s = 0.0
        self._silence_s = self._pace.first_silence_s
        self._held_until_s: float | None = None
        self._hold_s = self._pace.first_silence_s

    def connected(self, now_s: float) -> None:
        """Begin to send: the broker took us and our subscriptions."""
        self._is_connected = True
        self._quiet_s = now_s

    def disconnected(self) -> None:
        """Send again later what the broker had not answered."""
        self._is_connected = False
        self._cursor = min({self._cursor, *self._unanswered})
        self._unanswered.clear()

    def receipt(self, receipt: Receipt, next_seq: int, now_s: float) -> Taken:
        """Take a receipt in, whichever it is: of another epoch, lower than known, or beyond what was given out too."""
        is_asked = self._is_request(receipt)
        refused = tuple(self._give_up(seq) for seq in self._newly_refused(receipt))
        in_force, spent_through = None, None
        is_ours, is_ahead = receipt.epoch == self._epoch, receipt.through_seq >= next_seq
        if is_ours:
            self._is_misled = is_ahead and receipt.through_seq > MOST_SPENT_SEQS
        if is_ours and is_ahead and not self._is_misled:
            spent_through = receipt.through_seq
        elif is_ours and not is_ahead:
            in_force = self._put_in_force(receipt, now_s)
        if is_asked:
            self._resend_due_s = max(now_s, self._may_resend_s)
        return Taken(in_force, refused, spent_through)

    def puback(self, seq: int, answer: Puback, now_s: float) -> int | None:
        """Take the broker's answer in; returns the seq where it is to be given up: refused for the third time."""
        self._unanswered.discard(seq)
        if answer is Puback.TAKEN:
            self._held_until_s, self._hold_s = None, self._pace.first_silence_s
            return None
        self._refusals[seq] += 1
        if answer is Puback.FORBIDDEN or seq in self._given_up:
            self._hold(seq, now_s)
        elif self._refusals[seq] < REFUSALS_TO_GIVE_UP:
            self._again.append(seq)
        else:
            return self._give_up(seq)
        return None

    def due(self, next_seq: int, room: int, now_s: float) -> Due | None:
        """Return what to send now; `room` is how many more the broker will take. Say `sent` for each that was."""
        if not self._is_connected or room <= 0 or now_s < (self._held_until_s or now_s):
            return None
        if self._resend_due_s is not None and now_s >= self._resend_due_s:
            self._resend_due_s, self._may_resend_s = None, now_s + self._pace.resend_pause_s
            self._cursor = self._through + 1
        limit = room if self._held_until_s is None else int(not self._unanswered)
        while self._again:
            seq = self._again.popleft()
            if seq > self._through:
                return Due(seq, 1)
        beyond = min(next_seq, self._through + self._pace.most_beyond_receipt + 1) - self._cursor
        if beyond > 0 and limit > 0:
            return Due(self._cursor, min(limit, beyond))
        return self._repeat(now_s)

    def is_refused(self, payload_sha256: str) -> bool:
        """Tell whether the daemon said that nobody can read these bytes."""
        return self._receipt is not None and payload_sha256 in self._receipt.refused

    def sent(self, seq: int, through_seq: int, payload_sha256: str, now_s: float) -> None:
        """Remember that what stands at these seqs is under way."""
        if not self._is_waiting:
            self._progress_s = now_s
        if seq == self._through + 1:
            self._quiet_s = now_s
        self._sent_through = max(self._sent_through, through_seq)
        self._unanswered.add(seq)
        self._seq_of_payload[payload_sha256] = seq
        if seq <= self._cursor <= through_seq:
            self._cursor = through_seq + 1

    def silent_s(self, now_s: float) -> float | None:
        """Return how long what was sent has waited for a receipt; None while nothing waits."""
        return now_s - self._progress_s if self._is_waiting else None

    @property
    def is_forbidden(self) -> bool:
        """Whether the broker takes nothing from this device."""
        return self._held_until_s is not None

    @property
    def is_misled(self) -> bool:
        """Whether the last receipt of this epoch covers seqs that no spool gives out; it changed nothing."""
        return self._is_misled

    @property
    def _through(self) -> int:
        return 0 if self._receipt is None else self._receipt.through_seq

    @property
    def _is_waiting(self) -> bool:
        return self._sent_through > self._through

    def _is_request(self, receipt: Receipt) -> bool:
        asked, self._asked = self._asked, (receipt.store, receipt.round)
        if asked is None or asked[0] != receipt.store:
            return True
        self._asked = max(asked, self._asked)
        return self._asked != asked

    def _put_in_force(self, receipt: Receipt, now_s: float) -> Receipt | None:
        known = self._receipt
        is_new_store = known is None or known.store != receipt.store
        if not is_new_store and receipt.through_seq < self._through:
            return None
        has_moved = is_new_store or receipt.through_seq > self._through
        self._receipt = receipt
        self._cursor = max(self._cursor, self._through + 1)
        if has_moved:
            self._progress_s = self._quiet_s = now_s
            self._silence_s = self._pace.first_silence_s
            self._resend_after_repeat()
            self._forget_receipted()
        return receipt

    def _resend_after_repeat(self) -> None:
        repeated, self._repeated = self._repeated, None
        if repeated is not None and repeated.from_seq <= self._through:
            self._cursor = self._through + 1

    def _forget_receipted(self) -> None:
        through = self._through
        self._given_up = {seq for seq in self._given_up if seq > through}
        self._refusals = Counter({seq: times for seq, times in self._refusals.items() if seq > through})
        if len(self._seq_of_payload) > 2 * self._pace.most_beyond_receipt:
            self._seq_of_payload = {sha: seq for sha, seq in self._seq_of_payload.items() if seq > through}

    def _newly_refused(self, receipt: Receipt) -> list[int]:
        seqs = (self._seq_of_payload.get(sha) for sha in receipt.refused)
        return [seq for seq in seqs if seq is not None and seq > self._through and seq not in self._given_up]

    def _give_up(self, seq: int) -> int:
        self._given_up.add(seq)
        self._again.append(seq)
        return seq

    def _hold(self, seq: int, now_s: float) -> None:
        self._cursor = min(self._cursor, seq)
        if self._held_until_s is None or now_s >= self._held_until_s:
            self._held_until_s = now_s + self._hold_s
            self._hold_s = min(2 * self._hold_s, self._pace.longest_silence_s)

    def _repeat(self, now_s: float) -> Due | None:
        first = self._through + 1
        if not self._is_waiting or first in self._unanswered or now_s < self._quiet_s + self._silence_s:
            return None
        self._quiet_s = now_s
        self._silence_s = min(2 * self._silence_s, self._pace.longest_silence_s)
        self._repeated = Due(first, 1)
        return self._repeated
