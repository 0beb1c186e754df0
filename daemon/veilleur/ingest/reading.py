"""Reads one delivery: decode, screen, parse; nothing is written here."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Final

from veilleur.ingest.sighting import owner_of, sighting_of, slot_amendment
from veilleur.ingest.wording_source import wording_source
from veilleur.model.arrival import Arrival, DeadArrival, ReadNotification, SeqPlace
from veilleur.model.kinds import OutcomeKind, Visibility
from veilleur.model.outcome import UNKNOWN_WORDING, Ignored, Parsed, is_by_channel_alone
from veilleur.parsers.protocol import Reading
from veilleur.parsers.registry import ParserRegistry
from veilleur.store.instants import to_ms
from veilleur_bridge.codec import Codec, Decoded, Undecodable
from veilleur_bridge.delivery import Delivery
from veilleur_bridge.envelope import Envelope
from veilleur_bridge.redaction import Screen

# A topic that names no device is kept in the name's place, as much of it as a name may be long.
_LONGEST_NAME: Final = 64


class Reader:
    """Turns deliveries into what the store commits; pure but for the tables it was given."""

    def __init__(self, codec: Codec, screen: Screen, parsers: ParserRegistry) -> None:
        self._codec = codec
        self._screen = screen
        self._parsers = parsers

    def use(self, parsers: ParserRegistry) -> None:
        """Read with these parsers from now on."""
        self._parsers = parsers

    def read(self, delivery: Delivery) -> Arrival | DeadArrival:
        """Return the delivery as read; bytes that are no envelope come back dead, with their reason."""
        received_at_ms = to_ms(delivery.received_at)
        decoded = self._codec.decode(delivery.payload, topic_device=delivery.topic_device)
        if isinstance(decoded, Undecodable):
            return self._dead(delivery, decoded, received_at_ms)
        return self._arrival(self._screen.screen(decoded), received_at_ms)

    def read_again(self, payload: bytes, received_at: datetime) -> Arrival | None:
        """Read stored bytes anew, None where they no longer decode (a bit flipped on disk)."""
        decoded = self._codec.decode_stored(payload)
        if isinstance(decoded, Undecodable):
            return None
        return self._arrival(self._screen.screen(decoded), to_ms(received_at))

    def _arrival(self, screened: Decoded, received_at_ms: int) -> Arrival:
        envelope = screened.envelope
        captured_at_ms = to_ms(envelope.captured_at)
        return Arrival(
            device=envelope.device,
            place=_place(envelope),
            envelope_id=envelope.id,
            package=envelope.app.package,
            event=envelope.event,
            captured_at_ms=captured_at_ms,
            received_at_ms=received_at_ms,
            payload=screened.payload,
            changed=screened.changed,
            reading=self._parse(envelope, captured_at_ms, received_at_ms),
            wording=wording_source(envelope) if self._parsers.reads(envelope) else None,
        )

    def _dead(self, delivery: Delivery, undecodable: Undecodable, received_at_ms: int) -> DeadArrival:
        head = undecodable.head
        return DeadArrival(
            device=(delivery.topic_device or "")[:_LONGEST_NAME],
            place=SeqPlace(head.epoch, head.seq, head.seq) if head else None,
            envelope_id=head.id if head else None,
            received_at_ms=received_at_ms,
            payload=self._screen.screen_refused(delivery.payload).payload,
            reason=undecodable.reason.value,
            detail=undecodable.detail,
            received_sha256=sha256(delivery.payload).digest() if head is None and delivery.topic_device else None,
        )

    def _parse(self, envelope: Envelope, captured_at_ms: int, received_at_ms: int) -> ReadNotification:
        reading = self._parsers.read(envelope)
        outcome = reading.outcome
        if not isinstance(outcome, Parsed):
            kind = OutcomeKind.IGNORED if isinstance(outcome, Ignored) else OutcomeKind.QUARANTINED
            return _unparsed(reading, kind, outcome.reason)
        owner = owner_of(envelope)
        sightings = tuple(
            sighting_of(draft, envelope, owner, captured_at_ms, received_at_ms) for draft in outcome.mentions
        )
        return ReadNotification(
            outcome=OutcomeKind.PARSED,
            reason=UNKNOWN_WORDING if is_by_channel_alone(outcome) else None,
            parser=reading.parser,
            parser_version=reading.parser_version,
            platform=reading.platform,
            is_public=bool(sightings) and all(one.draft.visibility is Visibility.PUBLIC for one in sightings),
            sightings=sightings,
            amendments=tuple(slot_amendment(amendment, owner) for amendment in outcome.amendments),
        )


def _unparsed(reading: Reading, kind: OutcomeKind, reason: str) -> ReadNotification:
    return ReadNotification(
        outcome=kind,
        reason=reason,
        parser=reading.parser,
        parser_version=reading.parser_version,
        platform=reading.platform,
        is_public=False,
        sightings=(),
        amendments=(),
    )


def _place(envelope: Envelope) -> SeqPlace | None:
    if envelope.epoch is None or envelope.seq is None:
        return None
    return SeqPlace(envelope.epoch, envelope.seq, envelope.through_seq or envelope.seq)
