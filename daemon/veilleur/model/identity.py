"""Ids made from raw fields only, so that they survive a reparse, a replay and any order of arrival (DESIGN §4)."""

from __future__ import annotations

from hashlib import blake2b
from typing import Final, NewType

from msgspec import Struct

MentionId = NewType("MentionId", str)
NotificationId = NewType("NotificationId", int)
FoldId = NewType("FoldId", str)
SlotId = NewType("SlotId", str)
ChainId = NewType("ChainId", str)
GroupId = NewType("GroupId", str)

_MAX_TIME_MS: Final = 2**48 - 1
_DIGEST_DIGITS: Final = 20
_SEPARATOR: Final = "\x1f"
_ESCAPES: Final = {ord("\\"): "\\\\", ord(_SEPARATOR): "\\u", 0: "\\0"}


class Owner(Struct, frozen=True, gc=False, array_like=True):
    """Whose notification it was: one app of one Android user on one device."""

    device: str
    user: int
    package: str


class MessageSlot(Struct, frozen=True, tag=True, gc=False, array_like=True):
    """The message form of identity: a message keeps its place however often its thread is posted again.

    `ordinal` counts equal (sender, time, words) messages within one snapshot, from 0.
    """

    conversation_key: str
    sender: str
    at_ms: int
    words: str
    ordinal: int = 0


class NotificationPart(Struct, frozen=True, tag=True, gc=False, array_like=True):
    """The notification form of identity: the wording itself; `part` tells several mentions of one wording apart."""

    key: str
    posted_at_ms: int
    words: str
    part: int = 0


class UndatedSlot(Struct, frozen=True, tag=True, gc=False, array_like=True):
    """The form of identity of a message that its app shows without a time; `sender` is empty where nobody is named.

    A parser gives the first three fields, raw. The fold adds the day (UTC, its first millisecond) on which the
    notification that first showed it was posted, and counts equal ones of that day in `ordinal`, from 0.
    """

    conversation_key: str
    sender: str
    words: str
    day_ms: int = 0
    ordinal: int = 0


Identity = MessageSlot | NotificationPart | UndatedSlot


def mention_id(owner: Owner, identity: Identity) -> MentionId:
    """Return 32 hex digits: 12 of the raw time (ms, clamped to 48 bits), 20 of a hash of every raw field.

    The time stands first so that ids sort nearly by time; a hash alone would scatter every index page.
    """
    if isinstance(identity, MessageSlot):
        at_ms = identity.at_ms
        place = (identity.conversation_key, identity.sender)
        fields: tuple[str, ...] = ("m", *place, str(at_ms), identity.words, str(identity.ordinal))
    elif isinstance(identity, UndatedSlot):
        at_ms = identity.day_ms
        place = (identity.conversation_key, identity.sender)
        fields = ("u", *place, str(at_ms), identity.words, str(identity.ordinal))
    else:
        at_ms = identity.posted_at_ms
        fields = ("n", identity.key, str(at_ms), identity.words, str(identity.part))
    clamped = min(max(at_ms, 0), _MAX_TIME_MS)
    return MentionId(f"{clamped:012x}{_digest(owner, fields)}")


def slot_id(owner: Owner, conversation_key: str, sender: str, at_ms: int) -> SlotId:
    """Return the key that an amendment and the message it amends share, whatever the words."""
    return SlotId(_digest(owner, ("s", conversation_key, sender, str(at_ms))))


def fold_id(owner: Owner, key: str, at_ms: int) -> FoldId:
    """Return the key shared by the wordings of one growing aggregate ("A", "A and 12 others")."""
    return FoldId(_digest(owner, ("f", key, str(at_ms))))


def undated_slot_id(mention: MentionId) -> SlotId:
    """Return the key under which the deletion of a message without a time is kept: it is that message's alone."""
    return SlotId(mention[-_DIGEST_DIGITS:])


def chain_id(owner: Owner, conversation_key: str, epoch: str, *, is_summary: bool) -> ChainId:
    """Return the key of the snapshots that are folded one after another: a conversation's, as one spool numbered it."""
    return ChainId(_digest(owner, ("g" if is_summary else "c", conversation_key, epoch)))


def group_id(owner: Owner, group: str) -> GroupId:
    """Return the key that a group's summary shares with its children."""
    return GroupId(_digest(owner, ("w", group)))


def _digest(owner: Owner, fields: tuple[str, ...]) -> str:
    joined = _SEPARATOR.join((owner.device, str(owner.user), owner.package, *fields))
    if joined.count(_SEPARATOR) != len(fields) + 2 or "\\" in joined:
        # A field that holds the separator must not be able to imitate two fields.
        parts = (owner.device, str(owner.user), owner.package, *fields)
        joined = _SEPARATOR.join(part.translate(_ESCAPES) for part in parts)
    return blake2b(joined.encode("utf-8", "surrogatepass"), digest_size=_DIGEST_DIGITS // 2).hexdigest()
