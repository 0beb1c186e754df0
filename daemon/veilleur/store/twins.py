"""Twins: a message that was captured and stands in an export too is one in lists and counts (DESIGN §4).

They share a fold, whose id begins with a letter that no other fold's has: the same words of the same sender in one
minute of one conversation, for exports know no seconds.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from veilleur.model.arrival import Arrival, Sighting
from veilleur.model.identity import FoldId, MentionId
from veilleur.model.kinds import MentionKind
from veilleur.model.parts import Actor, Conversation
from veilleur.query.tokens import fold, names_text, places_text
from veilleur.store.among import among
from veilleur.store.bulk import insert_rows
from veilleur.store.showing import turn
from veilleur.store.tables import facts, mentions
from veilleur_bridge.export_package import ExportPackage

_MESSAGES: Final = frozenset({MentionKind.DIRECT_MESSAGE, MentionKind.GROUP_MESSAGE})
_EXPORTS: Final = frozenset(map(str, ExportPackage))
_MARK: Final = "t"
_MINUTE_MS: Final = 60_000
_REMEMBERED_NAMES: Final = 1_024
_HAS_EXPORTS: Final = "exports.read"


def fold_of(arrival: Arrival, sighting: Sighting) -> FoldId | None:
    """Return the fold that a mention stands in: its aggregate's, else that of its twins."""
    draft = sighting.draft
    if sighting.fold is not None or draft.kind not in _MESSAGES or draft.occurred_at_ms is None or draft.actor is None:
        return sighting.fold
    title = _title(draft.conversation, draft.actor)
    if title is None:
        return None
    platform = draft.platform or arrival.reading.platform
    sender = _sender(draft.actor.name)
    words = sighting.tokens.words or fold(draft.body or "").strip()
    said = "\x1f".join((platform, title, sender, words, str(draft.occurred_at_ms // _MINUTE_MS)))
    return FoldId(_MARK + blake2b(said.encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()[1:])


def is_twins(fold_id: str) -> bool:
    """Whether a fold is one of twins."""
    return fold_id.startswith(_MARK)


def note_exports(connection: Connection, arrivals: Collection[Arrival]) -> None:
    """Remember that there are exported messages: before there are, nobody looks for twins."""
    if any(one.package in _EXPORTS for one in arrivals):
        insert_rows(connection, facts, ("name", "value"), [(_HAS_EXPORTS, "yes")], ignore=True)


def pair_twins(connection: Connection, fold_ids: Sequence[str]) -> list[MentionId]:
    """Show of the exported messages those that no device captured; return what changed.

    Equal messages of one minute are counted: an export that tells three where two were captured shows one more.
    """
    if not fold_ids or connection.execute(select(facts.c.name).where(facts.c.name == _HAS_EXPORTS)).first() is None:
        return []
    columns = ("fold_id", "project_id", "id", "kind", "device", "package", "conversation_id", "is_shown")
    query = select(*(mentions.c[name] for name in columns)).where(among(connection, mentions.c.fold_id, fold_ids))
    groups: dict[tuple[str, str], list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(query):
        groups[row.project_id, row.fold_id].append(row)
    turned: list[tuple[MentionId, bool]] = []
    for members in groups.values():
        exported = [row for row in members if row.package in _EXPORTS]
        shown = _uncaptured(exported, [row for row in members if row.package not in _EXPORTS])
        turned += [(MentionId(row.id), row.is_shown) for row in exported if row.is_shown != (row.id in shown)]
    turn(connection, turned)
    return [mention_id for mention_id, _ in turned]


def _uncaptured(exported: Sequence[Row[Any]], captured: Sequence[Row[Any]]) -> set[str]:
    """Return the ids of what the exports tell, less as many as the device that captured most.

    Of a group the export that tells most stands for all; in direct chats none stands for another, for on two phones
    one name may be two people's.
    """
    chats: dict[tuple[str, str], dict[str, list[tuple[bool, str]]]] = defaultdict(lambda: defaultdict(list))
    devices = {row.device for row in captured}
    for row in exported:
        apart = row.device if row.kind == MentionKind.DIRECT_MESSAGE else ""
        chats[row.conversation_id or "", apart][row.device].append((row.device not in devices, row.id))
    told = [
        ranked for chat in chats.values() for ranked in min(chat.items(), key=lambda one: (-len(one[1]), one[0]))[1]
    ]
    count = max(Counter((row.device, row.package) for row in captured).values(), default=0)
    return {mention_id for _, mention_id in sorted(told)[count:]}


def _title(conversation: Conversation | None, actor: Actor) -> str | None:
    """Return the folded title of a conversation; None where it is not known.

    Where no title is told of a direct chat it is called after its counterpart, who wrote.
    """
    title = (conversation.title if conversation else None) or ""
    if not title and not (conversation and conversation.is_group):
        title = actor.name
    return _place(title) or None


@lru_cache(_REMEMBERED_NAMES)
def _sender(name: str) -> str:
    return names_text(name) or fold(name)


@lru_cache(_REMEMBERED_NAMES)
def _place(title: str) -> str:
    return places_text(title) or fold(title).strip()
