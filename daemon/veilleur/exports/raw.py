"""The raw log as lines that `veilleur replay` plays into another database: the same mentions with the same ids.

What is left out on purpose: dead letters that were read since, or that were refused for their sender or their place
and not for their bytes; played again, those would tell what this database never told.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from veilleur.model.listing import DeadLetter, RawFilter
from veilleur.model.scope import Scope
from veilleur.store.database import Database
from veilleur.store.dead_letters import dead_payload, list_dead
from veilleur.store.notifications import every_stored
from veilleur_bridge.refusal import RejectReason
from veilleur_bridge.sources.stored_line import StoredLine, write_stored_line

_DEAD_AT_ONCE: Final = 200
_REFUSED_BYTES: Final = frozenset(RejectReason)


def raw_lines(database: Database, scope: Scope, asked: RawFilter) -> Iterator[bytes]:
    """Yield the envelopes in the order they were stored, then the dead letters, each in a line with its end."""
    for stored in every_stored(database, scope, asked):
        envelope = StoredLine(in_one_line(stored.payload), stored.received_at, stored.changed)
        yield write_stored_line(envelope) + b"\n"
    for dead in _dead_letters(database, scope, asked):
        payload = dead_payload(database, scope, dead.id)
        if payload is not None:
            yield write_stored_line(StoredLine(payload, dead.received_at, dead_device=dead.device)) + b"\n"


def in_one_line(payload: bytes) -> bytes:
    """Return an envelope without line ends between its fields."""
    return msgspec.json.format(payload, indent=-1) if b"\n" in payload or b"\r" in payload else payload


def _dead_letters(database: Database, scope: Scope, asked: RawFilter) -> Iterator[DeadLetter]:
    last = 0
    while page := list_dead(database, scope, limit=_DEAD_AT_ONCE, after=last):
        yield from (one for one in page if one.reason in _REFUSED_BYTES and _is_within(one, asked))
        last = page[-1].id


def _is_within(dead: DeadLetter, asked: RawFilter) -> bool:
    return (
        (asked.since_at is None or dead.received_at >= asked.since_at)
        and (asked.until_at is None or dead.received_at < asked.until_at)
        and asked.device in {None, dead.device}
    )
