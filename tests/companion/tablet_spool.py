"""What stands in a companion's spool in clear: its records, opened with the key file of the simulator."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.companion.companion_tablet import companion_tablet, named
from veilleur_bridge.mqtt_url import parse_mqtt_url

KILLED: Final = 137
_NOBODY = parse_mqtt_url("mqtt://127.0.0.1:9")
_SEGMENT_MARK, _EPOCH_BYTES, _SEGMENT_HEADER_BYTES = 16, 64, 92
_RECORD = struct.Struct("<4sIQQII")  # mark, size, seq, when, the payload's checksum and its own
_RECORD_MARK = b"VsR\x1e"
_NONCE_BYTES = 12


def spooled_offline(folder: Path, device: str, shown: Sequence[dict[str, Any]], *options: str) -> list[bytes]:
    """Return the payloads on the disk of a tablet whose power went when all was spooled; its broker is not there."""
    with companion_tablet(folder, named(device, _NOBODY)) as tablet:
        tablet.start(shown, "--kill-after", str(len(shown)), *options)
        assert tablet.ended() == KILLED, tablet.said[-1_000:]
    return payloads_in(folder / "state")


def payloads_in(state: Path) -> list[bytes]:
    """Return what a tablet's state folder holds in its spool, in seq order."""
    cipher = AESGCM((state / "key").read_bytes())
    return [payload for segment in sorted(state.glob("spool/*.spool")) for payload in _opened(segment, cipher)]


def count_in(state: Path) -> int:
    """Return how many records a tablet that runs has begun to write to its spool."""
    return sum(segment.read_bytes().count(_RECORD_MARK) for segment in state.glob("spool/*.spool"))


def first_seq_of(payloads: Sequence[bytes]) -> int:
    return int(json.loads(payloads[0])["seq"])


def _opened(segment: Path, cipher: AESGCM) -> Iterator[bytes]:
    content = segment.read_bytes()
    epoch = content[_SEGMENT_MARK : _SEGMENT_MARK + _EPOCH_BYTES].rstrip(b"\0")
    at = _SEGMENT_HEADER_BYTES
    while at < len(content):
        mark, size, seq, *_ = _RECORD.unpack_from(content, at)
        assert mark == _RECORD_MARK, f"{segment} holds something else at byte {at}"
        at += _RECORD.size
        sealed, at = content[at : at + size], at + size
        yield cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], epoch + seq.to_bytes(8, "big"))
