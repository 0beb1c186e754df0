"""From a shape to a catalogue entry: slots named and a kind chosen by the entry that says nearly the same."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Final

from msgspec import Struct

from veilleur.model.kinds import MediaKind, MentionKind
from veilleur.parsers.catalogue import Catalogue, Entry, Evidence, Meaning, Slot, slots_of
from veilleur.parsers.conversation_message import accept_in_message
from veilleur.parsers.hidden_names import name_at_end
from veilleur.parsers.shapes import QUOTED, Piece, PieceKind, Shape, group_by_shape, said_in, words_of
from veilleur.parsers.shapes import UnknownText as UnknownText  # noqa: PLC0414 - what proposals are made of
from veilleur.parsers.wording_forms import FULL_STOPS, fixed_words

_ALIKE: Final = 0.5
_OF_ITS_KIND: Final = 0.15
_SAMPLES: Final = {
    Slot.ACTOR: "Lou Marchand",
    Slot.TARGET: "summer menu",
    Slot.BODY: "so good",
    Slot.OTHERS: "12",
    Slot.COUNT: "12",
    Slot.DURATION: "0:07",
}
_WORDED: Final = frozenset({MentionKind.COMMENT, MentionKind.REPLY, MentionKind.MENTION, MentionKind.DIRECT_MESSAGE})
_CALLS: Final = frozenset({MentionKind.CALL, MentionKind.MISSED_CALL})
# What a channel of one kind shows as well.
_TOLD_ALIKE: Final = dict.fromkeys(_CALLS, _CALLS)
_FALLBACK_LANGUAGE: Final = "en"
_NUMBERS: Final = frozenset({Slot.OTHERS, Slot.COUNT})
_ACTOR: Final = f"{{{Slot.ACTOR}}}"


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


def propose(
    texts: Sequence[UnknownText],
    catalogues: Mapping[str, Mapping[str, Catalogue]],
    names: Collection[str] = frozenset(),
) -> list[Proposal]:
    """Return a pattern for each shape of these texts, the most frequent first; `catalogues` are by app and language.

    `names` are people that other notifications name.
    """
    proposals: list[Proposal] = []
    for app in dict.fromkeys(text.app for text in texts):
        known = catalogues.get(app, {})
        entries = [entry for catalogue in known.values() for entry in catalogue.entries]
        vocabulary = frozenset(word for entry in entries for word in _fixed(entry))
        for shape in group_by_shape((text for text in texts if text.app == app), vocabulary):
            proposal = _proposal(shape, entries, names)
            if proposal is not None:
                proposals.append(proposal)
    return list(_each_once(sorted(proposals, key=lambda proposal: -proposal.count)))


def _each_once(proposals: Iterable[Proposal]) -> Iterable[Proposal]:
    """Leave out what a more frequent one of the app reads too: a catalogue takes the same words once."""
    seen: dict[tuple[str, str, tuple[str, ...]], Proposal] = {}
    for proposal in proposals:
        seen.setdefault((proposal.app, proposal.language, fixed_words(proposal.pattern)), proposal)
    return seen.values()


def _proposal(shape: Shape, entries: Sequence[Entry], names: Collection[str]) -> Proposal | None:
    first = shape.first
    like = _nearest(shape, entries)
    pattern = _pattern(shape, like, names)
    if pattern is None or (like is None and first.is_message):
        return None
    words = _kind(first, like)
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


def _kind(first: UnknownText, like: Entry | None) -> str:
    """Return what stands for the meaning in a catalogue: the known entry's, else the channel's."""
    meaning = like.meaning if like else Meaning()
    if meaning.use is not None:
        return meaning.use.value
    if meaning.amends is not None:
        return f"amend:{meaning.amends}"
    if meaning.ignored is not None:
        return f"ignored:{meaning.ignored}"
    return (meaning.kind or first.kind or MentionKind.OTHER).value


def _may_be(meaning: Meaning, first: UnknownText) -> bool:
    """Whether a text may mean this: what somebody wrote is no notice, and what a channel tells is no noise."""
    if first.is_message:
        return accept_in_message(meaning)
    return meaning.kind is not None or (meaning.ignored is not None and first.kind is None)


def _nearest(shape: Shape, entries: Sequence[Entry]) -> Entry | None:
    """Return the entry with most words in common, those of the channel's kind and the device's language before."""
    first = shape.first
    ours = {word for piece in shape.pieces if piece.kind is PieceKind.WORD for word in words_of(piece.key)}
    best, nearest = _ALIKE, None
    for entry in entries:
        if not _may_be(entry.meaning, first):
            continue
        theirs = set(_fixed(entry))
        alike = 2 * len(ours & theirs) / (len(ours) + len(theirs) or 1)
        alike += _OF_ITS_KIND * (
            first.kind is not None and entry.meaning.kind in _TOLD_ALIKE.get(first.kind, {first.kind})
        )
        alike += 0.01 * (entry.language == first.language)
        if alike > best:
            best, nearest = alike, entry
    return nearest


def _fixed(entry: Entry) -> list[str]:
    text = entry.pattern
    for slot in slots_of(text):
        text = text.replace(f"{{{slot}}}", " ")
    return words_of(text)


def _pattern(shape: Shape, like: Entry | None, known: Collection[str]) -> str | None:
    text = shape.first.text
    if "{" in text or "}" in text:
        return None
    names = _slot_names(shape, like)
    is_named = shape.first.name is not None or Slot.ACTOR in names.values()
    is_moved = not is_named and like is not None and _ACTOR in like.pattern
    parts: list[str] = []
    at = 0
    for piece in shape.pieces:
        slot = names.get(piece)
        if slot is not None:
            parts += [text[at : piece.start], f"{{{slot}}}"]
            at = piece.end - (piece.end == len(text) and _ends_with_stop(shape, like))
        if piece.kind is PieceKind.SAID and is_moved:
            between = name_at_end([said_in(one.text) for one in shape.texts], known)
            parts += [between, _ACTOR] if between else []
    pattern = "".join((*parts, text[at:])).strip()
    is_titled = shape.first.name is not None and (like is None or like.pattern.startswith(_ACTOR))
    if is_titled and Slot.ACTOR not in names.values():
        # A pattern that begins with {actor} is tried under a title that names the actor, too.
        pattern = f"{_ACTOR} {pattern}"
    return None if "}{" in pattern else pattern


def _slot_names(shape: Shape, like: Entry | None) -> dict[Piece, Slot]:
    """Name each slot of a shape once; a number or gap too many stays as it is written in the first text."""
    choices = _choices(shape, like)
    names: dict[Piece, Slot] = {}
    for piece in _best_first(shape):
        if _is_fixed_quote(piece, shape, like):
            continue
        free = [slot for slot in choices[piece.kind] if slot not in names.values()]
        if free:
            names[piece] = free[0]
    return names


def _is_fixed_quote(piece: Piece, shape: Shape, like: Entry | None) -> bool:
    """Whether the app itself quotes this in each text: it calls a like 「いいね」."""
    quoted = shape.first.text[piece.start : piece.end]
    is_known = piece.kind is PieceKind.QUOTED and like is not None and quoted in like.pattern
    return is_known and all(quoted in one.text for one in shape.texts)


def _ends_with_stop(shape: Shape, like: Entry | None) -> bool:
    """Whether each text ends with the full stop that the app puts after the slot: then it is not of the words."""
    if like is None or like.pattern[-1] not in FULL_STOPS or like.pattern[-2:-1] != "}":
        return False
    return all(one.text.endswith(like.pattern[-1]) for one in shape.texts)


def _choices(shape: Shape, like: Entry | None) -> dict[PieceKind, tuple[Slot, ...]]:
    """Return what each kind of piece may be, the likeliest first: the slots of the known entry before others."""
    wanted = [Slot(name) for name in slots_of(like.pattern)] if like else []
    is_worded = Slot.BODY in wanted or (Slot.TARGET not in wanted and shape.first.kind in _WORDED)
    is_said = any(piece.kind is PieceKind.SAID for piece in shape.pieces)
    numbers = tuple(slot for slot in wanted if slot in _NUMBERS) or (
        Slot.OTHERS if Slot.ACTORS in wanted else Slot.COUNT,
    )
    names_actor = shape.first.name is None and (not shape.first.is_message or Slot.ACTOR in wanted)
    about = (Slot.BODY, Slot.TARGET) if is_worded else (Slot.TARGET, Slot.BODY)
    return {
        PieceKind.WORD: (),
        PieceKind.NAME: (Slot.ACTOR,),
        PieceKind.NUMBER: numbers,
        PieceKind.DURATION: (Slot.DURATION,),
        PieceKind.SAID: about,
        PieceKind.QUOTED: _quoted_in(like) or ((Slot.TARGET, Slot.BODY) if is_said else about),
        PieceKind.GAP: (Slot.ACTOR, *about) if names_actor else about,
    }


def _quoted_in(like: Entry | None) -> tuple[Slot, ...]:
    """Return the slots that the known entry quotes."""
    quotations = QUOTED.findall(like.pattern) if like else []
    return tuple(Slot(name) for quoted in quotations for name in slots_of("".join(quoted)))


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
