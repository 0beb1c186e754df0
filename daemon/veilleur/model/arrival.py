"""What ingest hands to the store: deliveries that were read, ready to be committed."""

from __future__ import annotations

from msgspec import Struct

from veilleur.model.identity import ChainId, FoldId, GroupId, MentionId, Owner, SlotId
from veilleur.model.kinds import AmendmentKind, OutcomeKind, TimeQuality
from veilleur.model.outcome import Draft, UndatedThread


class SeqPlace(Struct, frozen=True, gc=False, array_like=True):
    """The place in a device's epoch that an envelope answers for; `through_seq` > `seq` only for `lost`."""

    epoch: str
    seq: int
    through_seq: int


class IndexTokens(Struct, frozen=True, gc=False, array_like=True):
    """What is sought in a mention, as tokens between spaces: of its words, of its actor, of its conversation."""

    words: str
    names: str = ""
    places: str = ""


class Sighting(Struct, frozen=True, kw_only=True, gc=False, array_like=True):
    """One mention as one notification shows it; times are UTC milliseconds since 1970.

    A fold or slot ties it to other mentions.
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
    tokens: IndexTokens
    fold: FoldId | None
    slot: SlotId | None


class SlotAmendment(Struct, frozen=True, gc=False, array_like=True):
    """An amendment of the message in one slot."""

    slot: SlotId
    kind: AmendmentKind


class ShownThread(Struct, frozen=True, kw_only=True, gc=False, array_like=True):
    """What one notification shows of a conversation without times; `at` is its place in its chain of snapshots.

    `day_ms` is the day on which it was posted. `group` is set where it is a summary, whose lines are candidates; then
    `repeats` holds, of each line that makes a message, the keys of what a child says that says the same. Nearly always
    children say all of them, and it need not be folded unless `must_fold` (posted anew): its
    `thread` is None as it was first read, and read again where it is wanted.
    """

    owner: Owner
    thread: UndatedThread | None
    chain: ChainId
    at: int
    day_ms: int
    is_fresh: bool
    group: GroupId | None = None
    repeats: tuple[tuple[int, ...], ...] = ()
    must_fold: bool = True


class ReadNotification(Struct, frozen=True, kw_only=True, gc=False, array_like=True):
    """What a parser made of one notification; `group` where a summary of its app repeats its words.

    `repeated` are messages that stand before those of `sightings`, each told whole by a notification read before.
    With `shows_edits` a message may stand in the place of one of other words: it is that one, edited.
    """

    outcome: OutcomeKind
    reason: str | None
    parser: str
    parser_version: int
    platform: str
    is_public: bool
    sightings: tuple[Sighting, ...]
    amendments: tuple[SlotAmendment, ...]
    undated: ShownThread | None = None
    group: GroupId | None = None
    repeated: tuple[MentionId, ...] = ()
    shows_edits: bool = False

    @property
    def mention_ids(self) -> list[MentionId]:
        """The mentions that it tells, in their order."""
        return [*self.repeated, *(sighting.id for sighting in self.sightings)]


class WordingSource(Struct, frozen=True, gc=False, array_like=True):
    """What decides how an app words its notifications; `channel` is without the number of an account or chat."""

    app_version: str | None
    language: str | None
    channel: str | None


class Arrival(Struct, frozen=True, kw_only=True, gc=False, tag=True, array_like=True):
    """An envelope that decoded. `payload` is what is stored, `changed` names what the screen altered in it.

    `wording` is None where no parser was asked for the words; with `is_redacted` some of them were hidden or taken out.
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
    is_redacted: bool = False


class DeadArrival(Struct, frozen=True, kw_only=True, gc=False, tag=True, array_like=True):
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
