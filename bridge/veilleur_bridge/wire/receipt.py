"""The receipt: what the daemon has safely stored of a device's epoch (contract: receipt.v1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from veilleur_bridge.encoding import write_message
from veilleur_bridge.wire.members import MAX_ID_LENGTH, read_members

MAX_REFUSED: Final = 32

_SHA256: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Receipt:
    """All up to `through_seq` is stored; `refused` is the SHA-256 of payloads that nobody could read, newest last."""

    store: str
    round: int
    epoch: str
    through_seq: int
    refused: tuple[str, ...] = ()


def read_receipt(payload: bytes) -> Receipt | None:
    """Return the receipt, or None for bytes that are none; never raises."""
    members = read_members(payload)
    if members is None:
        return None
    store, epoch = members.text("store", longest=MAX_ID_LENGTH), members.text("epoch", longest=MAX_ID_LENGTH)
    round_, through_seq = members.integer("round"), members.integer("through_seq")
    refused = members.texts("refused") or ()
    if store is None or epoch is None or round_ is None or through_seq is None or members.wrong:
        return None
    if len(refused) > MAX_REFUSED or not all(map(_SHA256.fullmatch, refused)):
        return None
    return Receipt(store, round_, epoch, through_seq, refused)


def write_receipt(receipt: Receipt) -> bytes:
    """Return the receipt as the wire has it; of more than 32 refused the newest 32."""
    return write_message(receipt, refused=receipt.refused[-MAX_REFUSED:] or None)
