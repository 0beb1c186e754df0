"""From a shape to a catalogue entry: slots named and a kind chosen by the entry that says nearly the same."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Final

from msgspec import Struct

from veilleur.model.kinds import MediaKind, MentionKind
from veilleur.parsers.catalogue import Catalogue, Entry, Evidence, Slot, slots_of
from veilleur.parsers.shapes import Piece, PieceKind, Shape, group_by_shape, words_of
from veilleur.parsers.shapes import UnknownText as UnknownText  # noqa: PLC0414 - what proposals are made of

_ALIKE: Final = 0.5
_OF_ITS_KIND: Final = 0.15
_SAMPLES: Final = {
    Slot.ACTOR: "Lou Marchand",
    Slot.TARGET: "summer menu",
    Slot.BODY: "so good",
    Slot.OTHERS: "12",
    Slot.COUNT: "12",
}
_WORDED: Final = frozenset({MentionKind.COMMENT, MentionKind.REPLY, MentionKind.MENTION, MentionKind.DIRECT_MESSAGE})
_FALLBACK_LANGUAGE: Final = "en"


class Proposal(Struct, frozen=True, kw_only=True):
    """A pattern for one shape, ready for a catalogue; `like` is the known entry that it was named after."""

    app: str
    language: str
    name: str
    pattern: str
    kind: str
    example: str
    object: str | None
    media: MediaKind | None
    like: str | None
    count: int
    notification_ids: tuple[int, ...]

    def as_toml(self) -> str:
        """Return the entry as a catalogue file holds it."""
        fields = {"id": self.name, "pattern": self.pattern, "kind": self.kind, "object": self.object}
        fields |= {"media": self.media, "example": self.example, "evidence": Evidence.SEEN.value}
        lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items() if value]
        return "\n".join(("[[pattern]]", *lines, ""))


def propose(texts: Sequence[UnknownText], catalogues: Mapping[str, Mapping[str, Catalogue]]) -> list[Proposal]:
    """Return a pattern for each shape of these texts, the most frequent first; `catalogues` are by app and language."""
    proposals: list[Proposal] = []
    for app in dict.fromkeys(text.app for text in texts):
        known = catalogues.get(app, {})
        entries = [entry for catalogue in known.values() for entry in catalogue.entries]
        vocabulary = frozenset(word for entry in entries for word in _fixed(entry))
        for shape in group_by_shape((text for text in texts if text.app == app), vocabulary):
            proposal = _proposal(shape, entries)
            if proposal is not None:
                proposals.append(proposal)
    return sorted(_each_once(proposals), key=lambda proposal: -proposal.count)


def _each_once(proposals: Iterable[Proposal]) -> Iterable[Proposal]:
    """Leave out what another proposal of the app has: a shape of two channels needs one pattern."""
    seen: dict[tuple[str, str, str], Proposal] = {}
    for proposal in proposals:
        seen.setdefault((proposal.app, proposal.language, proposal.pattern), proposal)
    return seen.values()


def _proposal(shape: Shape, entries: Sequence[Entry]) -> Proposal | None:
    first = shape.first
    like = _nearest(shape, entries)
    pattern = _pattern(shape, like)
    if pattern is None:
        return None
    meaning = like.meaning if like else None
    kind = first.kind or (meaning.kind if meaning else None)
    if meaning is not None and meaning.ignored is not None and first.kind is None:
        words = f"ignored:{meaning.ignored}"
    elif meaning is not None and meaning.kind is not None:
        words = meaning.kind.value
    else:
        words = (kind or MentionKind.OTHER).value
    language = like.language if like else first.language or _FALLBACK_LANGUAGE
    digest = blake2b(pattern.encode(), digest_size=3).hexdigest()
    return Proposal(
        app=first.app,
        language=language,
        name=f"suggested_{words.replace(':', '_')}_{digest}",
        pattern=pattern,
        kind=words,
        example=_example(pattern),
        object=like.object if like else None,
        media=like.media if like else None,
        like=f"{like.language}/{like.name}" if like else None,
        count=shape.count,
        notification_ids=tuple(text.notification_id for text in shape.texts),
    )


def _nearest(shape: Shape, entries: Sequence[Entry]) -> Entry | None:
    """Return the entry with most words in common, those of the channel's kind and the device's language before."""
    first = shape.first
    ours = {piece.key for piece in shape.pieces if piece.kind is PieceKind.WORD}
    best, nearest = _ALIKE, None
    for entry in entries:
        if entry.meaning.kind is None and (entry.meaning.ignored is None or first.kind is not None):
            continue
        theirs = set(_fixed(entry))
        alike = 2 * len(ours & theirs) / (len(ours) + len(theirs) or 1)
        alike += _OF_ITS_KIND * (entry.meaning.kind is first.kind and first.kind is not None)
        alike += 0.01 * (entry.language == first.language)
        if alike > best:
            best, nearest = alike, entry
    return nearest


def _fixed(entry: Entry) -> list[str]:
    text = entry.pattern
    for slot in slots_of(text):
        text = text.replace(f"{{{slot}}}", " ")
    return words_of(text)


def _pattern(shape: Shape, like: Entry | None) -> str | None:
    text = shape.first.text
    if "{" in text or "}" in text:
        return None
    names = _slot_names(shape, like)
    parts: list[str] = []
    at = 0
    for piece in shape.pieces:
        slot = names.get(piece)
        if slot is not None:
            parts += [text[at : piece.start], f"{{{slot}}}"]
            at = piece.end
    pattern = "".join((*parts, text[at:])).strip()
    if shape.first.name is not None and Slot.ACTOR not in names.values():
        # A pattern that begins with {actor} is tried under a title that names the actor, too.
        pattern = f"{{{Slot.ACTOR}}} {pattern}"
    return None if "}{" in pattern else pattern


def _slot_names(shape: Shape, like: Entry | None) -> dict[Piece, Slot]:
    """Name each slot of a shape once; a number or gap too many stays as it is written in the first text."""
    wanted = [Slot(name) for name in slots_of(like.pattern)] if like else []
    has_several = Slot.ACTORS in wanted or Slot.OTHERS in wanted
    is_worded = Slot.BODY in wanted or (Slot.TARGET not in wanted and shape.first.kind in _WORDED)
    is_named = shape.first.name is not None
    names: dict[Piece, Slot] = {}
    for piece in _best_first(shape):
        for slot in _choices(piece.kind, has_several=has_several, is_worded=is_worded, is_named=is_named):
            if slot not in names.values():
                names[piece] = slot
                break
    return names


def _choices(kind: PieceKind, *, has_several: bool, is_worded: bool, is_named: bool) -> tuple[Slot, ...]:
    about = (Slot.BODY, Slot.TARGET) if is_worded else (Slot.TARGET, Slot.BODY)
    match kind:
        case PieceKind.WORD:
            return ()
        case PieceKind.NAME:
            return (Slot.ACTOR,)
        case PieceKind.NUMBER:
            return (Slot.OTHERS,) if has_several else (Slot.COUNT,)
        case PieceKind.QUOTED | PieceKind.SAID:
            return about
        case PieceKind.GAP:
            return about if is_named else (Slot.ACTOR, *about)


def _best_first(shape: Shape) -> list[Piece]:
    """Return what is sure before what is a gap, and of gaps the shortest first: a name is shorter than a subject."""
    return sorted(
        shape.pieces,
        key=lambda piece: (piece.kind is PieceKind.GAP, piece.end - piece.start if piece.kind is PieceKind.GAP else 0),
    )


def _example(pattern: str) -> str:
    example = pattern
    for slot, sample in _SAMPLES.items():
        example = example.replace(f"{{{slot}}}", sample)
    return example
