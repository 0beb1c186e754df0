"""From a parser's draft to a sighting: identity, time, what the words hold, and the tokens of the index."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import msgspec

from veilleur.ingest.happening import dated, happened
from veilleur.model.arrival import IndexTokens, Sighting, SlotAmendment
from veilleur.model.identity import (
    FoldId,
    Identity,
    MentionId,
    MessageSlot,
    NotificationPart,
    Owner,
    SlotId,
    UndatedSlot,
    fold_id,
    mention_id,
    slot_id,
    undated_slot_id,
)
from veilleur.model.kinds import TextFlag, TimeQuality
from veilleur.model.outcome import Amendment, Draft
from veilleur.model.parts import Actor, Conversation
from veilleur.parsers.language import language_of
from veilleur.parsers.look_alikes import name_flags
from veilleur.parsers.regions import region_of
from veilleur.parsers.words import Extracts, extract
from veilleur.query.tokens import names_text, places_text, words_text
from veilleur_bridge.envelope import Envelope

# Messaging apps post a thread again with each message: the same words come by many times in a row.
_REMEMBERED_TEXTS: Final = 1_024


def owner_of(envelope: Envelope) -> Owner:
    """Return whose notification it is; a device that names no Android user has user 0."""
    return Owner(envelope.device, envelope.user or 0, envelope.app.package)


def hear_languages(drafts: Iterable[Draft]) -> None:
    """Tell the languages of a batch one after the other, so that they are known when its sightings are made.

    The model's tables are then in the processor's cache: 7 µs a text, and 19 between other work.
    """
    for draft in drafts:
        language_of(draft.body)


def sighting_of(
    draft: Draft, owner: Owner, captured_at_ms: int, received_at_ms: int, fold: FoldId | None = None
) -> Sighting:
    """Return the mention that `draft` makes of an envelope captured and received then, ready for the store."""
    happened_at_ms, quality = happened(draft.occurred_at_ms, captured_at_ms, received_at_ms)
    if quality is TimeQuality.OCCURRED and draft.is_time_approximate:
        quality = TimeQuality.APPROXIMATE
    mention, slot = identify(owner, draft.identity)
    found, words, language = _read_words(draft.body, draft.target, draft.hashtags)
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
        tokens=IndexTokens(words, _names(draft.actor), _places(draft.conversation)),
        fold=fold,
        slot=slot,
    )


def fold_of(draft: Draft, envelope: Envelope, owner: Owner) -> FoldId | None:
    """Return what joins the wordings of one growing aggregate, None where the draft is of none."""
    shown = envelope.notification
    if not draft.folds or shown is None:
        return None
    return fold_id(owner, shown.key, shown.when_ms or shown.posted_at_ms or 0)


def slot_amendment(amendment: Amendment, owner: Owner) -> SlotAmendment:
    """Return the amendment with the key of the message that it amends."""
    slot = slot_id(owner, amendment.conversation_key, amendment.sender, amendment.at_ms)
    return SlotAmendment(slot, amendment.kind)


@lru_cache(_REMEMBERED_TEXTS)
def identify(owner: Owner, place: Identity) -> tuple[MentionId, SlotId | None]:
    """Return the id of the mention in that place, and its slot where an amendment may come for it."""
    mention = mention_id(owner, place)
    match place:
        case MessageSlot():
            return mention, slot_id(owner, place.conversation_key, place.sender, place.at_ms)
        case UndatedSlot():
            return mention, undated_slot_id(mention)
        case NotificationPart():
            return mention, None


@lru_cache(_REMEMBERED_TEXTS)
def _read_words(body: str | None, target: str | None, hashtags: tuple[str, ...]) -> tuple[Extracts, str, str | None]:
    found = extract(body, target)
    if hashtags:
        found = msgspec.structs.replace(found, hashtags=tuple(dict.fromkeys((*found.hashtags, *hashtags))))
    return found, words_text(body, target, found.hashtags), language_of(body)


def _flags_of_name(draft: Draft) -> tuple[TextFlag, ...]:
    if draft.actor is None:
        return ()
    place = draft.identity
    return name_flags(draft.actor.name, place.words if isinstance(place, NotificationPart) else place.sender)


@lru_cache(_REMEMBERED_TEXTS)
def _names(actor: Actor | None) -> str:
    return names_text(actor.name, actor.handle, actor.phone) if actor else ""


# Apart from the actor's: a direct chat is called after whoever wrote last, and of the pairs hardly any comes again.
@lru_cache(_REMEMBERED_TEXTS)
def _places(conversation: Conversation | None) -> str:
    return places_text(conversation.title) if conversation else ""
