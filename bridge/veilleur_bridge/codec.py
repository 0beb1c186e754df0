"""Bytes to Envelope: the only JSON reader of envelopes (contract v1, DESIGN §3). It never raises on a payload."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from typing import Final

import msgspec
from msgspec import Struct

from veilleur_bridge.admission import refusal_of
from veilleur_bridge.diagnosis import refusal_of_json, refusal_of_tree, refusal_of_types
from veilleur_bridge.encoding import encode
from veilleur_bridge.envelope import MAX_DEPTH, MAX_ENVELOPE_BYTES, SPOOL_PACKAGE, Envelope, EventKind
from veilleur_bridge.head import Head, read_head
from veilleur_bridge.json_tree import Json, TreeCodec, without_nulls, without_nuls
from veilleur_bridge.refusal import Refusal, RejectReason

__all__ = ["SPOOL_PACKAGE", "Codec", "Decoded", "RejectReason", "Undecodable", "encode"]

# One pass makes long numbers and nesting plain: every digit a 0, whatever may stand before a number a colon,
# every closing bracket a ], and the white space and signs between them gone.
_SHAPE: Final = bytes.maketrans(b"123456789,[}", b"000000000::]")
_BETWEEN: Final = b"- \t\r\n"
_DIGITS_OF_2_63: Final = b":" + b"0" * 19


class Decoded(Struct, frozen=True):
    """An envelope and the bytes to store; `changed` names what differs from those received (`nul:PATH`, `otp:PATH`)."""

    envelope: Envelope
    payload: bytes
    changed: tuple[str, ...] = ()


class Undecodable(Struct, frozen=True):
    """Why the bytes are no envelope, in one line without their content; `head` only where it names the right device."""

    reason: RejectReason
    detail: str
    head: Head | None


class Codec:
    """Decodes envelopes; made once and handed to whoever reads."""

    def __init__(self) -> None:
        self._envelopes = msgspec.json.Decoder(Envelope)
        self._trees = TreeCodec()

    def decode(self, payload: bytes, *, topic_device: str | None) -> Decoded | Undecodable:
        """Decode one message or log line; `topic_device` None means a log line, where epoch and seq may be absent."""
        if len(payload) > MAX_ENVELOPE_BYTES:
            refusal = Refusal(RejectReason.OVERSIZE, f"{len(payload)} bytes, more than {MAX_ENVELOPE_BYTES}")
            return _undecodable(refusal, payload, topic_device)
        return self._decode(payload, topic_device)

    def decode_stored(self, payload: bytes) -> Decoded | Undecodable:
        """Decode out of the raw log, whatever the size: the screen's marks may have made a full message longer."""
        return self._decode(payload, None)

    def tree_of(self, decoded: Decoded) -> Json:
        """Return the stored payload as a tree of its own, with unknown fields and without nulls, for `with_tree`."""
        return without_nulls(self._trees.read(decoded.payload))

    def with_tree(self, tree: Json, changed: tuple[str, ...]) -> Decoded:
        """Return the envelope of an edited tree and its new bytes; only words may have been edited."""
        payload = self._trees.write(tree)
        return Decoded(_in_utc(self._envelope_of(tree)), payload, changed)

    def _decode(self, payload: bytes, topic_device: str | None) -> Decoded | Undecodable:
        read = _refusal_of_text(payload) or self._read(payload, topic_device)
        return _undecodable(read, payload, topic_device) if isinstance(read, Refusal) else read

    def _read(self, payload: bytes, topic_device: str | None) -> Decoded | Refusal:
        if not _is_plain(payload):
            return self._read_carefully(payload, topic_device)
        try:
            envelope = self._envelopes.decode(payload)
        except (msgspec.DecodeError, RecursionError):
            return self._read_carefully(payload, topic_device)
        notification = envelope.notification
        if notification is not None and notification.extras and None in notification.extras.values():
            return self._read_carefully(payload, topic_device)
        return _admit(envelope, payload, (), topic_device)

    def _read_carefully(self, payload: bytes, topic_device: str | None) -> Decoded | Refusal:
        try:
            tree = self._trees.read(payload)
        except (msgspec.DecodeError, RecursionError) as error:
            return refusal_of_json(payload, error)
        if (refusal := refusal_of_tree(tree)) is not None:
            return refusal
        changed: list[str] = []
        clean = without_nuls(tree, "", changed)
        try:
            envelope = self._envelope_of(clean)
        except msgspec.ValidationError as error:
            return refusal_of_types(without_nulls(clean), error)
        return _admit(envelope, self._trees.write(clean) if changed else payload, tuple(changed), topic_device)

    def _envelope_of(self, tree: Json) -> Envelope:
        present = without_nulls(tree)
        if present.get("event") == EventKind.LOST:
            present.setdefault("app", {"package": SPOOL_PACKAGE})
        return self._envelopes.decode(self._trees.write(present))


def _refusal_of_text(payload: bytes) -> Refusal | None:
    if not payload or payload.isspace():
        return Refusal(RejectReason.EMPTY, "no bytes but white space")
    try:
        str(payload, "utf-8")
    except UnicodeDecodeError as error:
        return Refusal(RejectReason.NOT_UTF8, f"no UTF-8 at byte {error.start}")
    return None


def _is_plain(payload: bytes) -> bool:
    """Tell whether the typed decoder alone can be trusted: no U+0000, no integer of 64 bits, no deep nesting."""
    if b"\\" in payload and b"\\u0000" in payload:
        return False
    shape = payload.translate(_SHAPE, _BETWEEN)
    return _DIGITS_OF_2_63 not in shape and shape.count(b"]") <= MAX_DEPTH


def _admit(envelope: Envelope, payload: bytes, changed: tuple[str, ...], topic_device: str | None) -> Decoded | Refusal:
    refusal = refusal_of(envelope, topic_device)
    if refusal is not None:
        return refusal
    if not {"nul:id", "nul:epoch"}.isdisjoint(changed):
        return Refusal(RejectReason.BAD_FIELD, "id or epoch holds U+0000")
    if envelope.captured_at.tzinfo is UTC:
        return Decoded(envelope, payload, changed)
    try:
        return Decoded(_in_utc(envelope), payload, changed)
    except (ValueError, OverflowError):
        return Refusal(RejectReason.BAD_FIELD, "captured_at names no time zone, or no UTC time")


def _in_utc(envelope: Envelope) -> Envelope:
    if envelope.captured_at.tzinfo is None:
        raise ValueError("captured_at without a time zone")
    return replace(envelope, captured_at=envelope.captured_at.astimezone(UTC))


def _undecodable(refusal: Refusal, payload: bytes, topic_device: str | None) -> Undecodable:
    head = read_head(payload)
    if head is not None and topic_device is not None and head.device != topic_device:
        head = None
    return Undecodable(refusal.reason, refusal.detail, head)
