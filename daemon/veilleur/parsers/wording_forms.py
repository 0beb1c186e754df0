"""The compiled shapes of a catalogue entry: with the actor in the text, or under a title that names the actor."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final

from msgspec import Struct

from veilleur.parsers.catalogue import Entry, Slot, slots_of
from veilleur.parsers.linear import escape
from veilleur.parsers.plaintext import make_plain
from veilleur.parsers.written_numbers import number_pattern

FULL_STOPS: Final = ".。।"
_SAID: Final = re.compile(r" ?[:：] ?\{body\}$")
_COLON: Final = re.compile(" ?[:：] ?")
_SPLIT: Final = re.compile(r"(\{[a-z]+\})")
_STAR: Final = "(?i:stars?|étoiles?|sterne?|estrellas?|estrelas?|stell[ae]|sterren|bubbles?|bulles?)|[★⭐星]"
_SLOT_EXPRESSIONS: Final = {
    Slot.ACTOR: r"([^\n]+?)",
    Slot.TARGET: r"([^\n]+?)",
    Slot.BODY: r"((?s:.+))",
    Slot.DURATION: r"([0-9]{1,3}(?::[0-9]{2}){1,2})",
    Slot.STARS: rf"((?:[★☆⭐🟢⚪]\x{{FE0F}}?){{1,5}}|[0-5](?:[.,][0-9])?(?: ?/ ?5)?(?:[ -]?(?:{_STAR}))?)",
}
_NUMBERS: Final = frozenset({Slot.OTHERS, Slot.COUNT})
_SHOWN: Final = (str(Slot.ACTOR), str(Slot.TARGET), str(Slot.BODY), str(Slot.STARS))
_ACTOR: Final = f"{{{Slot.ACTOR}}}"
_ACTORS: Final = f"{{{Slot.ACTORS}}}"
# Scripts that write no space between words, and Hangul, whose particles follow a name directly: a space may stand.
_UNSPACED: Final = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3000-\u30ff\u3400-\u9fff\uac00-\ud7af\uff00-\uff65"
UNSPACED: Final = re.compile(f"[{_UNSPACED}]")
_BEGINS_UNSPACED: Final = re.compile(f" ?(?=[{_UNSPACED}])")
_ENDS_UNSPACED: Final = re.compile(f"(?<=[{_UNSPACED}]) ?$")


class ActorPlace(StrEnum):
    """Where the text at hand names its actor."""

    IN_TEXT = "in_text"
    IN_TITLE = "in_title"


class Form(Struct, frozen=True):
    """One compiled shape of an entry; `weight` is how many characters of it are fixed words.

    `shown` names the slots given back as shown, with their first and last group; `named` counts the actors.
    """

    entry: Entry
    source: str
    weight: int
    groups: tuple[str, ...]
    shown: tuple[tuple[str, int, int], ...]
    named: int


def forms_of(entry: Entry, several: Sequence[str], actor_place: ActorPlace) -> Iterable[Form]:
    """Yield the entry's shapes; "and 4 others" is never a name, so several people may also lack the first."""
    is_several = _ACTORS in entry.pattern
    sources = [entry.pattern.replace(_ACTORS, way) for way in several] if is_several else [entry.pattern]
    nameless = [shape for shape in map(_without_actor, sources) if shape is not None]
    shapes = nameless if actor_place is ActorPlace.IN_TITLE else [*sources, *(nameless if is_several else ())]
    for shape in shapes:
        yield _form(entry, make_plain(shape).text)


def fixed_words(source: str) -> tuple[str, ...]:
    """Return a pattern with its slots emptied: two patterns with the same are the same to a reader."""
    pieces = _SPLIT.split(source.rstrip(FULL_STOPS))
    return tuple("{}" if index % 2 and piece != _ACTORS else piece for index, piece in enumerate(pieces))


class FixedWords(Struct, frozen=True):
    """What a text must begin with, hold, show before a colon and end with to be a form; spaces at slots left out.

    The first letter of the beginning may be in either case; `within` has its longest part first.
    """

    start: str
    within: tuple[str, ...]
    before_colon: str
    end: str


def fixed_words_of(source: str) -> FixedWords:
    """Return the fixed words of a form's source, without what a text may leave out of them."""
    pieces = _SPLIT.split(_SAID.sub(":{body}", source.rstrip(FULL_STOPS)))
    words = [_COLON.split(piece.strip()) for piece in pieces[::2]]
    within = [part for literal in words for part in literal if part][bool(words[0][0]) : -1 if words[-1][-1] else None]
    before_colons = [part for literal in words for part in literal[:-1]]
    return FixedWords(
        start=words[0][0],
        within=tuple(sorted(within, key=len, reverse=True)),
        before_colon=max(before_colons, key=len, default=""),
        end=words[-1][-1],
    )


def expression_of(form: Form, *, fold_first: bool) -> str:
    """Return a form's expression; a final full stop, and words after a final colon, may be missing."""
    fixed = form.source.rstrip(FULL_STOPS)
    said = _SAID.sub("", fixed)
    pieces = _SPLIT.split(fixed if said == fixed else said)
    expressions = [
        _slot_expression(Slot(piece[1:-1]), form.entry.language)
        if index % 2
        else _literal(piece, follows_slot=index > 0, precedes_slot=index < len(pieces) - 1)
        for index, piece in enumerate(pieces)
    ]
    if fold_first and form.source[0].isalpha():
        expressions[0] = f"(?i:{form.source[0]}){_literal(pieces[0][1:], precedes_slot=len(pieces) > 1)}"
    return "".join(expressions) + _ending(form.source, is_said=said != fixed)


def _ending(source: str, *, is_said: bool) -> str:
    if is_said:
        return rf"(?: ?[:：](?: ?{_SLOT_EXPRESSIONS[Slot.BODY]})?)"
    # "Missed call from Emre D.": after a slot, a full stop is the name's unless the wording itself ends with one.
    return "" if source.endswith("}") else f"[{FULL_STOPS}]{{0,3}}"


def _form(entry: Entry, source: str) -> Form:
    groups = slots_of(source)
    last = {slot: index for index, slot in enumerate(groups)}
    shown = tuple((slot, groups.index(slot), last[slot]) for slot in _SHOWN if slot in last)
    return Form(entry, source, len(_SPLIT.sub("", source)), groups, shown, groups.count(Slot.ACTOR))


def _without_actor(source: str) -> str | None:
    """Return the wording as it stands under a title that names the actor; None where it cannot."""
    rest = source.removeprefix(_ACTOR)
    if rest == source or _ACTOR in rest or not (rest.startswith(" ") or _BEGINS_UNSPACED.match(rest)):
        return None
    return rest.strip()


def _slot_expression(slot: Slot, language: str) -> str:
    return f"({number_pattern(language)})" if slot in _NUMBERS else _SLOT_EXPRESSIONS[slot]


def _literal(words: str, *, follows_slot: bool = False, precedes_slot: bool = False) -> str:
    lead, end = "", ""
    if follows_slot and (found := _BEGINS_UNSPACED.match(words)):
        words, lead = words[found.end() :], " ?"
    if precedes_slot and words and (found := _ENDS_UNSPACED.search(words)):
        words, end = words[: found.start()], " ?"
    expression = escape(words).replace(r"\ \:", r" ?\:").replace(r"\：", "：").replace(r"\ ", " ")
    return f"{lead}{expression}{end}"
