"""Arrivals made by hand: what ingest would give the store, without a parser between."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256

from veilleur.model.arrival import (
    Arrival,
    DeadArrival,
    IndexTokens,
    ReadNotification,
    SeqPlace,
    Sighting,
    SlotAmendment,
)
from veilleur.model.identity import FoldId, MessageSlot, Owner, mention_id, slot_id
from veilleur.model.kinds import AmendmentKind, MentionKind, OutcomeKind, TimeQuality, Visibility
from veilleur.model.outcome import Draft
from veilleur.model.parts import Actor, Conversation
from veilleur.query.tokens import names_text, places_text, words_text

NOON_MS = int(datetime(2026, 11, 10, 12, tzinfo=UTC).timestamp()) * 1_000
OWNER = Owner("salle-1", 0, "com.whatsapp")


CLIENTS = Conversation("chat", "Clients")


def sighting(
    words: str,
    *,
    at_ms: int = NOON_MS,
    sender: str = "Nadia",
    visibility: Visibility = Visibility.PUBLIC,
    kind: MentionKind = MentionKind.COMMENT,
    hashtags: tuple[str, ...] = (),
    others: int | None = None,
    fold: str | None = None,
    language: str | None = None,
    region: str | None = None,
    conversation: Conversation | None = CLIENTS,
) -> Sighting:
    """Return a mention that `sender` made at `at_ms`."""
    place = MessageSlot("chat", sender, at_ms, words)
    draft = Draft(
        kind=kind,
        visibility=visibility,
        identity=place,
        pattern="test",
        confidence=1.0,
        actor=Actor(sender, handle=sender.lower(), others_count=others),
        conversation=conversation,
        body=words,
    )
    return Sighting(
        id=mention_id(OWNER, place),
        draft=draft,
        occurred_at_ms=at_ms,
        happened_at_ms=at_ms,
        time_quality=TimeQuality.OCCURRED,
        hashtags=hashtags,
        handles=(),
        links=(),
        emojis=(),
        flags=(),
        language=language,
        region=region,
        tokens=IndexTokens(
            words_text(words, None, hashtags), names_text(sender, sender.lower()), places_text("Clients")
        ),
        fold=FoldId(fold) if fold else None,
        slot=slot_id(OWNER, "chat", sender, at_ms),
    )


def arrival(
    seq: int | None,
    *sightings: Sighting,
    envelope_id: str | None = None,
    through_seq: int | None = None,
    captured_at_ms: int | None = None,
    deletes: Sighting | None = None,
    outcome: OutcomeKind = OutcomeKind.PARSED,
    epoch: str = "e1",
    device: str = OWNER.device,
) -> Arrival:
    """Return an envelope, of epoch `e1` unless told, that shows these mentions, and perhaps deletes one."""
    amendments = (SlotAmendment(deletes.slot, AmendmentKind.DELETED),) if deletes and deletes.slot else ()
    return Arrival(
        device=device,
        place=None if seq is None else SeqPlace(epoch, seq, through_seq or seq),
        envelope_id=envelope_id or f"id-{seq}",
        package=OWNER.package,
        event="posted" if through_seq is None else "lost",
        captured_at_ms=captured_at_ms or NOON_MS + (seq or 0),
        received_at_ms=NOON_MS + 60_000,
        payload=f"payload {envelope_id or seq}".encode(),
        changed=(),
        reading=ReadNotification(
            outcome=outcome,
            reason=None if outcome is OutcomeKind.PARSED else "because",
            parser="test",
            parser_version=1,
            platform="whatsapp",
            is_public=bool(sightings) and all(one.draft.visibility is Visibility.PUBLIC for one in sightings),
            sightings=sightings,
            amendments=amendments,
        ),
    )


def dead(payload: bytes, *, seq: int | None = None, at_ms: int = NOON_MS) -> DeadArrival:
    """Return bytes that no codec could read, from a device that must be told of them where they name no seq."""
    return DeadArrival(
        device="salle-1",
        place=None if seq is None else SeqPlace("e1", seq, seq),
        envelope_id=None,
        received_at_ms=at_ms,
        payload=payload,
        reason="not_json",
        detail="byte 1",
        received_sha256=sha256(payload).digest() if seq is None else None,
    )
