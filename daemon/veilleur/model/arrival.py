"""What ingest hands to the store: deliveries that were read, ready to be committed."""

from __future__ import annotations

from msgspec import Struct

from veilleur.model.identity import FoldId, MentionId, SlotId
from veilleur.model.kinds import AmendmentKind, OutcomeKind, TimeQuality
from veilleur.model.outcome import Draft


class SeqPlace(Struct, frozen=True, gc=False):
    """The place in a device's epoch that an envelope answers for; `through_seq` > `seq` only for `lost`."""

    epoch: str
    seq: int
    through_seq: int


class Sighting(Struct, frozen=True, kw_only=True, gc=False):
    """One mention as one notification shows it; times are UTC milliseconds since 1970.

    `words` and `names` are the index's tokens, separated by spaces. A fold or slot ties it to other mentions.
    """

    id: MentionId
    draft: Draft
    occurred_at_ms: int | None
    happened_at_ms: int
    time_quality: TimeQuality
    hashtags: tuple[str, ...]
    handles: tuple[str, ...]
    links: tuple[str, ...]
    emojis: tuple[str, ...]
    flags: tuple[str, ...]
    language: str | None
    region: str | None
    words: str
    names: str
    fold: FoldId | None
    slot: SlotId | None


class SlotAmendment(Struct, frozen=True, gc=False):
    """An amendment of the message in one slot."""

    slot: SlotId
    kind: AmendmentKind


class ReadNotification(Struct, frozen=True, kw_only=True, gc=False):
    """What a parser made of one notification."""

    outcome: OutcomeKind
    reason: str | None
    parser: str
    parser_version: int
    platform: str
    is_public: bool
    sightings: tuple[Sighting, ...]
    amendments: tuple[SlotAmendment, ...]


class WordingSource(Struct, frozen=True, gc=False):
    """What decides how an app words its notifications; `channel` is without the number of an account or chat."""

    app_version: str | None
    language: str | None
    channel: str | None


class Arrival(Struct, frozen=True, kw_only=True, gc=False, tag=True):
    """An envelope that decoded. `payload` is what is stored, `changed` names what the screen altered in it.

    `wording` is None where no parser was asked for the words.
    """

    device: str
    place: SeqPlace | None
    envelope_id: str
    package: str
    event: str
    captured_at_ms: int
    received_at_ms: int
    payload: bytes
    changed: tuple[str, ...]
    reading: ReadNotification
    wording: WordingSource | None = None


class DeadArrival(Struct, frozen=True, kw_only=True, gc=False, tag=True):
    """Bytes that are no envelope; `place` and `envelope_id` are known where the head could be read.

    `received_sha256` is of the bytes as received, where a device must be told of them: it alone knows their seq.
    """

    device: str
    place: SeqPlace | None
    envelope_id: str | None
    received_at_ms: int
    payload: bytes
    reason: str
    detail: str
    received_sha256: bytes | None = None


class Fate(Struct, frozen=True, gc=False):
    """What the store did with one batch, counted by delivery."""

    parsed: int = 0
    ignored: int = 0
    quarantined: int = 0
    dead: int = 0
    duplicate: int = 0
    new_mentions: int = 0

    def __add__(self, other: Fate) -> Fate:
        """Return the sum, field by field."""
        return Fate(*(getattr(self, name) + getattr(other, name) for name in self.__struct_fields__))
