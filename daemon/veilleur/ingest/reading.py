"""Reads one delivery: decode, screen, parse; nothing is written here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Final

from msgspec.structs import replace

from veilleur.ingest.repeats import Repeats
from veilleur.ingest.sighting import fold_of, hear_languages, owner_of, sighting_of, slot_amendment
from veilleur.ingest.undated import shown_candidates, shown_thread, without_words
from veilleur.ingest.wording_source import wording_source
from veilleur.model.arrival import Arrival, DeadArrival, ReadNotification, SeqPlace
from veilleur.model.identity import MentionId, MessageSlot, group_id
from veilleur.model.kinds import OutcomeKind, Visibility
from veilleur.model.outcome import UNKNOWN_WORDING, Ignored, Parsed, Quarantined, has_unknown_words
from veilleur.parsers.conversation_message import REDACTED
from veilleur.parsers.protocol import Reading
from veilleur.parsers.registry import ParserRegistry
from veilleur.store.instants import to_ms
from veilleur_bridge.codec import Codec, Decoded, Undecodable
from veilleur_bridge.delivery import Delivery
from veilleur_bridge.envelope import Envelope
from veilleur_bridge.redaction import Screen
from veilleur_bridge.redaction_rules import RedactionKind

# A topic that names no device is kept in the name's place, as much of it as a name may be long.
_LONGEST_NAME: Final = 64
_HIDDEN: Final = Ignored(REDACTED)
_TAKEN_OUT: Final = frozenset(kind.value for kind in RedactionKind)


class Reader:
    """Turns deliveries into what the store commits; pure but for the tables it was given.

    With `repeats` a message of a thread is given whole once, and then by its id; what is read again is whole.
    """

    def __init__(self, codec: Codec, screen: Screen, parsers: ParserRegistry, repeats: Repeats | None = None) -> None:
        self._codec = codec
        self._screen = screen
        self._parsers = parsers
        self._repeats = repeats

    def use(self, parsers: ParserRegistry) -> None:
        """Read with these parsers from now on."""
        self._parsers = parsers

    def read(self, delivery: Delivery) -> Arrival | DeadArrival:
        """Return the delivery as read; bytes that are no envelope come back dead, with their reason."""
        opened = self._open(delivery)
        if isinstance(opened, DeadArrival):
            return opened
        [arrival] = self._arrivals([opened], [delivery.received_at], self._repeats)
        return _as_first_read(arrival)

    def read_all(self, deliveries: Sequence[Delivery]) -> list[Arrival | DeadArrival]:
        """Read many, in order: each stage over all of them, and what plug-ins read goes to their process at once."""
        opened = [self._open(delivery) for delivery in deliveries]
        living = [one for one in opened if isinstance(one, Decoded)]
        received = [one.received_at for one, read in zip(deliveries, opened, strict=True) if isinstance(read, Decoded)]
        arrivals = self._arrivals(living, received, self._repeats)
        return [one if isinstance(one, DeadArrival) else _as_first_read(next(arrivals)) for one in opened]

    def read_again(self, stored: Sequence[tuple[bytes, datetime]]) -> list[Arrival | None]:
        """Read stored bytes, and when they were received, anew; None where they no longer decode (a bit flipped)."""
        opened = [self._open_stored(payload) for payload, _ in stored]
        living = [one for one in opened if one is not None]
        received = [received_at for (_, received_at), one in zip(stored, opened, strict=True) if one is not None]
        arrivals = self._arrivals(living, received, None)
        return [None if one is None else next(arrivals) for one in opened]

    def _arrivals(
        self, screened: Sequence[Decoded], received: Sequence[datetime], repeats: Repeats | None
    ) -> Iterator[Arrival]:
        readings = self._parsers.read_all([one.envelope for one in screened])
        repeated = [
            self._repeated(one.envelope, reading, repeats) for one, reading in zip(screened, readings, strict=True)
        ]
        hear_languages(
            draft
            for reading, named in zip(readings, repeated, strict=True)
            if isinstance(reading.outcome, Parsed)
            for draft in reading.outcome.mentions[len(named) :]
        )
        for one, received_at, reading, named in zip(screened, received, readings, repeated, strict=True):
            yield _arrival(one, to_ms(received_at), reading, named, is_worded=self._parsers.reads(one.envelope))

    def _repeated(self, envelope: Envelope, reading: Reading, repeats: Repeats | None) -> tuple[MentionId, ...]:
        """Return the messages at the beginning of a thread that were passed on before; all others are now."""
        drafts = reading.outcome.mentions if isinstance(reading.outcome, Parsed) else ()
        # A plug-in is not asked again where its reading is committed.
        if repeats is None or not drafts or self._parsers.is_plugged_in(envelope):
            return ()
        places = [draft.identity for draft in drafts if isinstance(draft.identity, MessageSlot)]
        if len(places) < len(drafts):
            return ()
        return repeats.pass_on(owner_of(envelope), places, to_ms(envelope.captured_at))

    def _open(self, delivery: Delivery) -> Decoded | DeadArrival:
        stored = delivery.stored_changes
        if stored is None or delivery.topic_device is not None:
            decoded = self._codec.decode(delivery.payload, topic_device=delivery.topic_device)
        else:
            decoded = self._codec.decode_stored(delivery.payload)
        if isinstance(decoded, Undecodable):
            return self._dead(delivery, decoded, to_ms(delivery.received_at))
        screened = self._screen.screen(decoded)
        return replace(screened, changed=tuple(dict.fromkeys(stored + screened.changed))) if stored else screened

    def _open_stored(self, payload: bytes) -> Decoded | None:
        decoded = self._codec.decode_stored(payload)
        return None if isinstance(decoded, Undecodable) else self._screen.screen(decoded)

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


def _arrival(
    screened: Decoded, received_at_ms: int, reading: Reading, repeated: tuple[MentionId, ...], *, is_worded: bool
) -> Arrival:
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
        reading=_read(reading, envelope, captured_at_ms, received_at_ms, repeated),
        wording=wording_source(envelope) if is_worded else None,
        is_redacted=_is_redacted(screened, reading),
    )


def _is_redacted(screened: Decoded, reading: Reading) -> bool:
    """Return whether words of it were hidden, or taken out on the device or here."""
    if screened.envelope.redacted or reading.outcome == _HIDDEN:
        return True
    return any(name.partition(":")[0] in _TAKEN_OUT for name in screened.changed)


def _as_first_read(arrival: Arrival) -> Arrival:
    """Return it without the lines of a summary: they are many, come by again and again, and are hardly ever wanted."""
    shown = arrival.reading.undated
    if shown is None or shown.group is None:
        return arrival
    return replace(arrival, reading=replace(arrival.reading, undated=without_words(shown)))


def _read(
    reading: Reading, envelope: Envelope, captured_at_ms: int, received_at_ms: int, repeated: tuple[MentionId, ...]
) -> ReadNotification:
    outcome = reading.outcome
    if not isinstance(outcome, Parsed):
        return _unparsed(reading, outcome, envelope)
    owner, drafts = owner_of(envelope), outcome.mentions
    sightings = tuple(
        sighting_of(draft, owner, captured_at_ms, received_at_ms, fold_of(draft, envelope, owner))
        for draft in drafts[len(repeated) :]
    )
    return ReadNotification(
        outcome=OutcomeKind.PARSED,
        reason=UNKNOWN_WORDING if has_unknown_words(outcome) else None,
        parser=reading.parser,
        parser_version=reading.parser_version,
        platform=reading.platform,
        is_public=bool(drafts) and all(draft.visibility is Visibility.PUBLIC for draft in drafts),
        sightings=sightings,
        amendments=tuple(slot_amendment(amendment, owner) for amendment in outcome.amendments),
        undated=shown_thread(outcome.undated, envelope, owner) if outcome.undated else None,
        group=group_id(owner, outcome.group) if outcome.group else None,
        repeated=repeated,
        shows_edits=outcome.shows_edits,
    )


def _unparsed(reading: Reading, outcome: Ignored | Quarantined, envelope: Envelope) -> ReadNotification:
    candidates = outcome.candidates if isinstance(outcome, Ignored) else None
    return ReadNotification(
        outcome=OutcomeKind.IGNORED if isinstance(outcome, Ignored) else OutcomeKind.QUARANTINED,
        reason=outcome.reason,
        parser=reading.parser,
        parser_version=reading.parser_version,
        platform=reading.platform,
        is_public=False,
        sightings=(),
        amendments=(),
        undated=shown_candidates(candidates, envelope, owner_of(envelope)) if candidates else None,
    )


def _place(envelope: Envelope) -> SeqPlace | None:
    if envelope.epoch is None or envelope.seq is None:
        return None
    return SeqPlace(envelope.epoch, envelope.seq, envelope.through_seq or envelope.seq)
