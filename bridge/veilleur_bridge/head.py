"""The head of an envelope, read from its first 512 bytes when the rest cannot be read (DESIGN §1)."""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

from veilleur_bridge.envelope import MAX_SEQ

HEAD_BYTES: Final = 512

# Every part ends at its own delimiter: no backtracking, and a number cut in half is no number.
_HEAD: Final = re.compile(
    rb'[ \t\r\n]*+\{\s*+"v"\s*+:\s*+([0-9]{1,9}+)\s*+,'
    rb'\s*+"id"\s*+:\s*+"([ !#-\[\]-~]{1,128}+)"\s*+,'
    rb'\s*+"device"\s*+:\s*+"([a-z0-9-]{1,64}+)"\s*+,'
    rb'\s*+"epoch"\s*+:\s*+"([ !#-\[\]-~]{1,64}+)"\s*+,'
    rb'\s*+"seq"\s*+:\s*+([1-9][0-9]{0,15}+)\s*+[,}]'
)


class Head(Struct, frozen=True):
    """Who sent an unreadable envelope, and which seq it holds."""

    v: int
    id: str
    device: str
    epoch: str
    seq: int


def read_head(payload: bytes) -> Head | None:
    """Return the head where `v, id, device, epoch, seq` stand first and whole, else None; never raises."""
    found = _HEAD.match(payload[:HEAD_BYTES])
    if found is None:
        return None
    seq = int(found[5])
    if seq > MAX_SEQ:
        return None
    return Head(int(found[1]), found[2].decode(), found[3].decode(), found[4].decode(), seq)
