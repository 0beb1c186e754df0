"""What a device made: an invented notification for each seq, and a ledger of all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from tests.end_to_end.made_envelopes import EPOCH, Json, chat, comment, encoded
from veilleur_bridge.head import read_head
from veilleur_bridge.topics import DeviceChannel, device_topic

# Stands in every made text, and therefore in no log.
MARK = "numéro"


class Made(NamedTuple):
    """One line of the ledger."""

    device: str
    epoch: str
    seq: int
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Traffic:
    """The messages of one device from `first_seq` on, each with exactly one new mention in it.

    Each is longer by `padding_bytes`, which nobody reads.
    """

    device: str
    count: int
    epoch: str = EPOCH
    first_seq: int = 1
    padding_bytes: int = 0

    @property
    def topic(self) -> str:
        return device_topic(self.device, DeviceChannel.NOTIFICATIONS)

    def payloads(self) -> Sequence[bytes]:
        return [encoded(self._envelope(seq)) for seq in range(self.first_seq, self.first_seq + self.count)]

    def ledger(self) -> list[Made]:
        return ledger_of(self.payloads())

    def _envelope(self, seq: int) -> Json:
        made = comment(seq) if seq % 2 else chat(seq)
        own = {"device": self.device, "epoch": self.epoch, "id": f"{self.device}-{self.epoch}-{seq}"}
        return made | own | ({"later": "x" * self.padding_bytes} if self.padding_bytes else {})


def ledger_of(payloads: Iterable[bytes]) -> list[Made]:
    """Return the ledger of readable envelopes."""
    made = []
    for payload in payloads:
        head = read_head(payload)
        assert head is not None, "the generator made no envelope"
        made.append(Made(head.device, head.epoch, head.seq, sha256(payload).digest()))
    return made
