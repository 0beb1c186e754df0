"""Messages that are no envelopes, each for another reason, and one that holds a NUL inside a text."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tests.end_to_end.made_envelopes import comment, encoded
from veilleur_bridge.envelope import MAX_ENVELOPE_BYTES
from veilleur_bridge.refusal import RejectReason

SECRET = "pistachecachee"
# The screen of unreadable bytes takes every Luhn number for a card's; this instant is none.
_AT_MS = 1_762_776_000_000


class Hostile(NamedTuple):
    """Bytes that cannot be read, why, and whether their head still names their seq."""

    payload: bytes
    reason: RejectReason
    has_head: bool


def hostile_messages(first_seq: int) -> list[Hostile]:
    """Return one of each kind; their seqs, where they can be read, count from `first_seq`."""
    made: list[Hostile] = []
    seq = first_seq
    for reason, make in _WITH_HEAD:
        made.append(Hostile(make(_secret(seq)), reason, has_head=True))
        seq += 1
    return made + [Hostile(payload, reason, has_head=False) for reason, payload in _WITHOUT_HEAD]


def with_nul(seq: int) -> bytes:
    """Return an envelope whose text holds U+0000, spelled as JSON may spell it."""
    return _secret(seq).replace(SECRET.encode(), rf"avant\u0000après {SECRET}".encode())


def _secret(seq: int) -> bytes:
    envelope = comment(seq)
    envelope["notification"] |= {"text": f"Ondine a commenté : {SECRET}", "posted_at_ms": _AT_MS}
    return encoded(envelope)


def _with_text(text: bytes) -> Callable[[bytes], bytes]:
    return lambda payload: payload.replace(SECRET.encode(), SECRET.encode() + text)


def _with_member(member: bytes) -> Callable[[bytes], bytes]:
    return lambda payload: payload[:-1] + b', "later": ' + member + b"}"


_WITH_HEAD: tuple[tuple[RejectReason, Callable[[bytes], bytes]], ...] = (
    (RejectReason.UNKNOWN_VERSION, lambda payload: payload.replace(b'"v": 1', b'"v": 9')),
    (RejectReason.OVERSIZE, _with_text(b"x" * (300 * 1024))),
    (RejectReason.TOO_DEEP, _with_member(b"[" * 100_000 + b"]" * 100_000)),
    (RejectReason.LONE_SURROGATE, _with_text(rb"\ud83c")),
    (RejectReason.NOT_JSON, _with_text(b"\0")),
    (RejectReason.NOT_JSON, lambda payload: payload + b"\0"),
    (RejectReason.NOT_JSON, lambda payload: payload[: len(payload) // 2 + 100]),
    (RejectReason.NOT_UTF8, _with_text(b"\xff\xfe")),
    (RejectReason.BAD_NUMBER, _with_member(b"7" * 5_000)),
    (RejectReason.BAD_NUMBER, _with_member(b"NaN")),
    (RejectReason.BAD_NUMBER, _with_member(str(2**63).encode())),
    (RejectReason.MISSING_FIELD, lambda payload: payload.replace(b'"key"', b'"clef"')),
)
_WITHOUT_HEAD: tuple[tuple[RejectReason, bytes], ...] = (
    (RejectReason.EMPTY, b""),
    (RejectReason.NOT_JSON, f"ceci n'est pas du JSON : {SECRET}".encode()),
    (RejectReason.NOT_UTF8, _secret(1).decode().encode("utf-16")),
    (RejectReason.NOT_AN_OBJECT, f'["{SECRET}"]'.encode()),
    (RejectReason.WRONG_DEVICE, _secret(1).replace(b"salle-9", b"salle-8")),
    (RejectReason.OVERSIZE, SECRET.encode() * (MAX_ENVELOPE_BYTES // len(SECRET) + 1)),
)
