"""Messages without times: whose snapshot a notification is, and its place among the others of its conversation."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from typing import Final

from msgspec.structs import replace

from veilleur.model.arrival import ShownThread
from veilleur.model.identity import GroupId, Owner, chain_id, group_id
from veilleur.model.outcome import UndatedLine, UndatedThread
from veilleur.store.instants import to_ms
from veilleur.store.said_keys import ids_in_line
from veilleur_bridge.envelope import Envelope, EventKind

_DAY_MS: Final = 86_400_000
_MAX_TIME_MS: Final = 2**42 - 1
_SALT_BYTES: Final = 2
# A summary is posted again with each new line: the same ones come by many times in a row.
_REMEMBERED_LINES: Final = 4_096


def shown_thread(thread: UndatedThread, envelope: Envelope, owner: Owner) -> ShownThread | None:
    """Return what a notification shows of its conversation, None where that is nothing."""
    return _shown(thread, envelope, owner, None)


def shown_candidates(thread: UndatedThread, envelope: Envelope, owner: Owner) -> ShownThread | None:
    """Return what a group's summary shows of its children, None where that is nothing."""
    group = group_id(owner, thread.conversation_key)
    shown = _shown(thread, envelope, owner, group)
    if shown is None:
        return None
    repeats = tuple(_repeats(group, line) for line in thread.lines if line.draft is not None)
    return replace(shown, repeats=repeats, must_fold=shown.is_fresh)


def without_words(shown: ShownThread) -> ShownThread:
    """Return a summary without its lines: they are read again should it be folded."""
    return replace(shown, thread=None)


@lru_cache(_REMEMBERED_LINES)
def _repeats(group: GroupId, line: UndatedLine) -> tuple[int, ...]:
    return ids_in_line(group, line.line or line.slot.words, line.draft.body if line.draft else None)


def _shown(thread: UndatedThread, envelope: Envelope, owner: Owner, group: GroupId | None) -> ShownThread | None:
    notification = envelope.notification
    if notification is None or not thread.lines:
        return None
    posted_at_ms = min(max(notification.posted_at_ms or notification.when_ms or 0, 0), _MAX_TIME_MS)
    return ShownThread(
        owner=owner,
        thread=thread,
        chain=chain_id(owner, thread.conversation_key, envelope.epoch or "", is_summary=group is not None),
        at=_place_in_chain(envelope),
        day_ms=posted_at_ms - posted_at_ms % _DAY_MS,
        is_fresh=envelope.event == EventKind.POSTED,
        group=group,
    )


def _place_in_chain(envelope: Envelope) -> int:
    """Return the seq; of an imported envelope, which has none, its time, and bits of its id where two share one."""
    if envelope.seq is not None:
        return envelope.seq
    captured_at_ms = min(max(to_ms(envelope.captured_at), 0), _MAX_TIME_MS)
    salt = blake2b(envelope.id.encode("utf-8", "surrogatepass"), digest_size=_SALT_BYTES).digest()
    return captured_at_ms << (8 * _SALT_BYTES) | int.from_bytes(salt)
