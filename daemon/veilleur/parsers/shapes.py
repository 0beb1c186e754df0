"""Texts that no pattern reads, grouped by shape: the same words around slots that differ."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

from msgspec import Struct, structs

from veilleur.model.kinds import MentionKind

# Scripts that write no space between words are compared letter by letter, and Hangul, whose particles follow names.
_LETTERS: Final = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"
# Marks that belong to the letter before them, and the blocks of India's scripts, which have them for vowels.
_MARKED: Final = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0963\u0970-\u0dff"
_TOKEN: Final = re.compile(
    r"(?P<duration>[0-9]{1,3}(?::[0-9]{2}){1,2})"
    r"|(?P<number>[0-9]+(?:[ .,'][0-9]+)*(?: ?(?:k|K|M|B|Md|mln|тыс\.|万|萬|億|亿|만|억)(?!\w))?\+?)"
    rf"|(?P<letter>[{_LETTERS}])"
    rf"|(?P<word>(?:(?![{_LETTERS}])\w[{_MARKED}]*)+)|(?P<sign>[^\w\s])"
)
QUOTED: Final = re.compile(r"“([^“”]+)”|\"([^\"]+)\"|«\s?([^«»]+?)\s?»|„([^„“”]+)[“”]|「([^「」]+)」")
_SAID: Final = re.compile(r"(?:[:：](?![0-9])|(?<![0-9])[:：])\s*(?=\S)")
_PICTURE: Final = re.compile("[\u2190-\u2bff\U0001f000-\U0001faff]")
_LEAST_ALIKE: Final = 0.6
_MOST_SHAPES: Final = 200
_KEPT_TEXTS: Final = 50
# No app words a notice so long; comparing two such texts would cost a second.
_LONGEST_TEXT: Final = 400


class PieceKind(StrEnum):
    """What a piece of a text is; all but fixed words are slots."""

    WORD = "word"
    NAME = "name"
    NUMBER = "number"
    DURATION = "duration"
    QUOTED = "quoted"
    SAID = "said"
    GAP = "gap"


class UnknownText(Struct, frozen=True, kw_only=True):
    """A text that no pattern read, made plain; `name` is the title where it may name somebody, `kind` the channel's.

    `is_message` where it stands for what somebody wrote in a conversation.
    """

    notification_id: int
    app: str
    package: str
    language: str | None
    channel: str | None
    name: str | None
    text: str
    kind: MentionKind | None = None
    is_message: bool = False


class Piece(Struct, frozen=True):
    """A part of a shape's first text, from `start` to `end`."""

    kind: PieceKind
    start: int
    end: int
    key: str


class Shape(Struct, frozen=True):
    """The first text cut into fixed words and slots, and all texts of this shape; `count` is how many there were."""

    pieces: tuple[Piece, ...]
    texts: tuple[UnknownText, ...]
    count: int

    @property
    def first(self) -> UnknownText:
        """The text that the pieces are cut from."""
        return self.texts[0]


def group_by_shape(texts: Iterable[UnknownText], vocabulary: frozenset[str]) -> list[Shape]:
    """Return the shapes of these texts, the most frequent first; `vocabulary` holds words that are no slots.

    Texts of more than 400 characters are somebody's words and are left out.
    """
    groups: dict[tuple[str, str | None, str | None, bool, bool], list[Shape]] = {}
    for text in texts:
        if len(text.text) > _LONGEST_TEXT:
            continue
        key = (text.app, text.language, text.channel, text.name is not None, text.is_message)
        shapes = groups.setdefault(key, [])
        pieces = tuple(_cut(text))
        fits = [(merged, at) for at, shape in enumerate(shapes) if (merged := _merge(shape, text, pieces, vocabulary))]
        if fits:
            merged, at = max(fits, key=lambda fit: _fixed_length(fit[0].pieces))
            shapes[at] = merged
        elif len(shapes) < _MOST_SHAPES:
            shapes.append(Shape(pieces, (text,), 1))
    return sorted((shape for shapes in groups.values() for shape in shapes), key=lambda shape: -shape.count)


def words_of(text: str) -> list[str]:
    """Return the words and pictures of a text as shapes compare them."""
    return [
        match[0].casefold()
        for match in _TOKEN.finditer(text)
        if match["word"] or match["letter"] or _PICTURE.match(match[0])
    ]


def said_in(text: str) -> str:
    """Return what stands after the first colon, as shapes take it for somebody's words."""
    said = _SAID.search(text)
    return text[said.end() :] if said else ""


def _cut(unknown: UnknownText) -> Iterator[Piece]:
    """Cut a text into words, and the slots that can be told from one text alone."""
    text = unknown.text
    slots = sorted(_told_slots(unknown), key=lambda piece: piece.start)
    at = 0
    for slot in slots:
        if slot.start < at:
            continue
        yield from _words(text, at, slot.start)
        yield slot
        at = slot.end
    yield from _words(text, at, len(text))


def _told_slots(unknown: UnknownText) -> Iterator[Piece]:
    text, name = unknown.text, unknown.name
    if name and (start := text.find(name)) >= 0:
        yield Piece(PieceKind.NAME, start, start + len(name), "")
    for quoted in QUOTED.finditer(text):
        group = quoted.lastindex or 0
        yield Piece(PieceKind.QUOTED, quoted.start(group), quoted.end(group), "")
    said = _SAID.search(text)
    if said is not None and len(words_of(text[: said.start()])) > 1:
        yield Piece(PieceKind.SAID, said.end(), len(text), "")


def _words(text: str, start: int, end: int) -> Iterator[Piece]:
    for match in _TOKEN.finditer(text, start, end):
        kind = PieceKind.NUMBER if match["number"] else PieceKind.DURATION if match["duration"] else PieceKind.WORD
        yield Piece(kind, match.start(), match.end(), match[0].casefold() if kind is PieceKind.WORD else "")


def _merge(shape: Shape, text: UnknownText, pieces: Sequence[Piece], vocabulary: frozenset[str]) -> Shape | None:
    """Return the shape widened to this text too, None where the two say different things."""
    ours, theirs = [_key(piece) for piece in shape.pieces], [_key(piece) for piece in pieces]
    if ours == theirs:
        return _with(shape, shape.pieces, text)
    shared = {piece.key for piece in shape.pieces if piece.key} & {piece.key for piece in pieces if piece.key}
    if not shared:
        return None
    blocks = SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks()
    kept = [(a + step, b + step) for a, b, size in blocks for step in range(size) if ours[a + step] is not None]
    widened = _widen(shape.pieces, pieces, kept, vocabulary)
    if widened is None:
        return None
    fewest = min(_fixed_length(shape.pieces), _fixed_length(pieces))
    is_alike = _fixed_length(widened) >= _LEAST_ALIKE * fewest and any(piece.key for piece in widened)
    return _with(shape, widened, text) if is_alike else None


def _widen(
    ours: Sequence[Piece], theirs: Sequence[Piece], kept: list[tuple[int, int]], vocabulary: frozenset[str]
) -> tuple[Piece, ...] | None:
    """Put a gap where the two differ; a word beside a gap that one of them lacks joins it: `Ann` and `Ann B`."""
    kept = list(kept)
    at = 0
    while at <= len(kept):
        a, b = kept[at - 1] if at else (-1, -1)
        next_a, next_b = kept[at] if at < len(kept) else (len(ours), len(theirs))
        ours_between, theirs_between = next_a - a - 1, next_b - b - 1
        if bool(ours_between) == bool(theirs_between):
            at += 1
            continue
        if at:
            del kept[at - 1]
            at -= 1
        elif kept:
            del kept[0]
        else:
            return None
    return _with_gaps(ours, theirs, kept, vocabulary)


def _with_gaps(
    ours: Sequence[Piece], theirs: Sequence[Piece], kept: list[tuple[int, int]], vocabulary: frozenset[str]
) -> tuple[Piece, ...] | None:
    pieces: list[Piece] = []
    before_a, before_b = -1, -1
    for a, b in [*kept, (len(ours), len(theirs))]:
        between, other = ours[before_a + 1 : a], theirs[before_b + 1 : b]
        if between:
            if all(piece.key in vocabulary for piece in between) and all(piece.key in vocabulary for piece in other):
                return None
            pieces.append(Piece(PieceKind.GAP, between[0].start, between[-1].end, ""))
        if a < len(ours):
            pieces.append(ours[a])
        before_a, before_b = a, b
    return tuple(pieces)


def _key(piece: Piece) -> tuple[PieceKind, str] | None:
    """Return what is compared; a gap is like nothing."""
    return None if piece.kind is PieceKind.GAP else (piece.kind, piece.key)


def _fixed_length(pieces: Iterable[Piece]) -> int:
    """Count what two texts may have in common: words, and slots that each shows alone."""
    return sum(_is_common(piece) for piece in pieces)


def _is_common(piece: Piece) -> bool:
    return piece.key[:1].isalpha() if piece.kind is PieceKind.WORD else piece.kind is not PieceKind.GAP


def _with(shape: Shape, pieces: tuple[Piece, ...], text: UnknownText) -> Shape:
    texts = shape.texts if len(shape.texts) >= _KEPT_TEXTS else (*shape.texts, text)
    return structs.replace(shape, pieces=pieces, texts=texts, count=shape.count + 1)
