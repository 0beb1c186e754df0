"""From a parser's draft to a sighting: identity, time, what the words hold, and the tokens of the index."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import msgspec

from veilleur.ingest.happening import dated, happened
from veilleur.model.arrival import Sighting, SlotAmendment
from veilleur.model.identity import (
    FoldId,
    MentionId,
    MessageSlot,
    NotificationPart,
    Owner,
    SlotId,
    fold_id,
    mention_id,
    slot_id,
)
from veilleur.model.kinds import TextFlag, TimeQuality
from veilleur.model.outcome import Amendment, Draft
from veilleur.parsers.language import language_of
from veilleur.parsers.look_alikes import name_flags
from veilleur.parsers.regions import region_of
from veilleur.parsers.words import Extracts, extract
from veilleur.query.tokens import indexed
from veilleur_bridge.envelope import Envelope

# Messaging apps post a thread again with each message: the same words come by many times in a row.
_REMEMBERED_TEXTS: Final = 4_096


def owner_of(envelope: Envelope) -> Owner:
    """Return whose notification it is; a device that names no Android user has user 0."""
    return Owner(envelope.device, envelope.user or 0, envelope.app.package)


def sighting_of(draft: Draft, envelope: Envelope, owner: Owner, captured_at_ms: int, received_at_ms: int) -> Sighting:
    """Return the mention that `draft` makes of this envelope, ready for the store."""
    happened_at_ms, quality = happened(draft.occurred_at_ms, captured_at_ms, received_at_ms)
    if quality is TimeQuality.OCCURRED and draft.is_time_approximate:
        quality = TimeQuality.APPROXIMATE
    mention, slot = _identify(owner, draft.identity)
    found, words, language = _read_words(draft.body, draft.target)
    if draft.hashtags:
        found, words = _with_hashtags(found, words, draft.hashtags)
    return Sighting(
        id=mention,
        draft=draft,
        occurred_at_ms=dated(draft.occurred_at_ms),
        happened_at_ms=happened_at_ms,
        time_quality=quality,
        hashtags=found.hashtags,
        handles=found.handles,
        links=found.links,
        emojis=found.emojis,
        flags=(*found.flags, *_flags_of_name(draft)),
        language=language,
        region=region_of(draft.actor.phone) if draft.actor and draft.actor.phone else None,
        words=words,
        names=_read_name(draft.actor.name) if draft.actor else "",
        fold=_fold(draft, envelope, owner),
        slot=slot,
    )


def slot_amendment(amendment: Amendment, owner: Owner) -> SlotAmendment:
    """Return the amendment with the key of the message that it amends."""
    slot = slot_id(owner, amendment.conversation_key, amendment.sender, amendment.at_ms)
    return SlotAmendment(slot, amendment.kind)


@lru_cache(_REMEMBERED_TEXTS)
def _identify(owner: Owner, place: MessageSlot | NotificationPart) -> tuple[MentionId, SlotId | None]:
    if not isinstance(place, MessageSlot):
        return mention_id(owner, place), None
    return mention_id(owner, place), slot_id(owner, place.conversation_key, place.sender, place.at_ms)


@lru_cache(_REMEMBERED_TEXTS)
def _read_words(body: str | None, target: str | None) -> tuple[Extracts, str, str | None]:
    return extract(body, target), indexed(body, target), language_of(body)


def _with_hashtags(found: Extracts, words: str, hashtags: Sequence[str]) -> tuple[Extracts, str]:
    """Add hashtags that stand outside the words, so that a search finds them as those within."""
    all_of_them = tuple(dict.fromkeys((*found.hashtags, *hashtags)))
    written = " ".join(f"#{tag}" for tag in hashtags)
    return msgspec.structs.replace(found, hashtags=all_of_them), f"{words} {indexed(written, None)}".strip()


def _flags_of_name(draft: Draft) -> tuple[TextFlag, ...]:
    if draft.actor is None:
        return ()
    place = draft.identity
    return name_flags(draft.actor.name, place.sender if isinstance(place, MessageSlot) else place.words)


@lru_cache(_REMEMBERED_TEXTS)
def _read_name(name: str) -> str:
    return indexed(name)


def _fold(draft: Draft, envelope: Envelope, owner: Owner) -> FoldId | None:
    shown = envelope.notification
    if not draft.folds or shown is None:
        return None
    return fold_id(owner, shown.key, shown.when_ms or shown.posted_at_ms or 0)
