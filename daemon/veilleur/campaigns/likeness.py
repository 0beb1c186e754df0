"""How alike a first message is to an opening that was filled in beforehand. Pure.

People change little of it: a greeting or a name is added, an end is cut off, words are mistyped or put in another
order. Another wish in the same frame ("… a table for tonight") changes a word where one of the opening's stood: what is
missing and what is new at once count most against it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from rapidfuzz.distance import OSA

from veilleur.query.tokens import tokens

ALIKE: Final = 0.72
"""From here on two openings are taken for one, in telling origins and in proposing campaigns."""

_SURE: Final = 1.0
# An opening is a sentence or two: of a longer text its beginning counts.
_MOST_WORDS: Final = 100
_MOST_SIGNS: Final = 2_000
# Texts of lengths further apart than this cannot come near, whatever their words weigh.
_TIMES_LONGER: Final = 8
_WORDS_LONGER: Final = 10
_LONG_WORD: Final = 4
_CUT_WORD: Final = 3
_CUT_LIKENESS: Final = 0.9
_MISTYPED_FROM: Final = 0.7
_SHORT_WEIGHT: Final = 0.35
_NUMBER_WEIGHT: Final = 1.6
_EDGE_WEIGHT: Final = 0.2
_EDGE_WORDS: Final = 5
_MISSING_COSTS: Final = 0.45
_NEW_COSTS: Final = 0.3
_REPLACED_COSTS: Final = 2.2
_GREETINGS: Final = (
    " hello hi hey dear good morning afternoon evening please thanks thank you bonjour bonsoir salut coucou merci svp "
    "stp madame monsieur hola buenos buenas dias tardes noches gracias favor hallo guten tag morgen abend danke bitte "
    "ciao salve buongiorno buonasera grazie ola oi bom boa dia tarde noite obrigado obrigada merhaba selam "
)


class Opening(Struct, frozen=True):
    """The words of a text as they are compared."""

    words: tuple[str, ...]


def opening_of(text: str) -> Opening:
    """Return a text made ready to be compared."""
    return Opening(tuple(tokens(text[:_MOST_SIGNS])[:_MOST_WORDS]))


def likeness(message: Opening, opening: Opening) -> float:
    """Return from 0 to 1 how surely the message is the opening as somebody sent it."""
    if not message.words or not opening.words:
        return 0.0
    if message.words == opening.words:
        return _SURE
    shorter, longer = sorted((len(message.words), len(opening.words)))
    if longer > _TIMES_LONGER * shorter + _WORDS_LONGER:
        return 0.0
    places, found = _aligned(message.words, opening.words)
    wanted = sum(map(_weight, opening.words))
    missing = 1 - sum(found) / wanted
    new = _new_weight(message.words, places, is_begun=found[0] > 0, is_ended=found[-1] > 0) / wanted
    cost = _MISSING_COSTS * missing + _NEW_COSTS * new + _REPLACED_COSTS * min(missing, new)
    return max(0.0, _SURE - cost)


def _aligned(message: Sequence[str], opening: Sequence[str]) -> tuple[set[int], list[float]]:
    """Return which of the message's words stand in the opening, and the weight found of each of the opening's.

    Equal words find each other first, then those that are alike.
    """
    places: dict[str, list[int]] = defaultdict(list)
    for place, word in enumerate(message):
        places[word].append(place)
    equal = [places[word].pop(0) if places.get(word) else None for word in opening]
    taken = {place for place in equal if place is not None}
    free = [place for place in range(len(message)) if place not in taken]
    last = len(message) - 1
    found: list[float] = []
    for word, at in zip(opening, equal, strict=True):
        alike = 1.0
        if at is None:
            ranked = [(_similarity(message[place], word, is_last=place == last), -place) for place in free]
            alike, place = max(ranked, default=(0.0, 0))
            if alike:
                taken.add(-place)
                free.remove(-place)
        found.append(alike * _weight(word))
    return taken, found


def _similarity(said: str, word: str, *, is_last: bool) -> float:
    if said == word:
        return 1.0
    if not (said.isalpha() and word.isalpha()):
        return 0.0
    if is_last and len(said) >= _CUT_WORD and word.startswith(said):
        return _CUT_LIKENESS
    if min(len(said), len(word)) < _LONG_WORD:
        return 0.0
    alike: float = OSA.normalized_similarity(said, word, score_cutoff=_MISTYPED_FROM)
    return alike


def _new_weight(message: Sequence[str], places: set[int], *, is_begun: bool, is_ended: bool) -> float:
    """Return the weight of the words that the opening has not.

    A few before its beginning and after its end weigh little: a greeting, a name. Where that end is missing, what
    stands in its place weighs in full.
    """
    new = [place for place, word in enumerate(message) if place not in places and f" {word} " not in _GREETINGS]
    if not places:
        return sum(_weight(message[place]) for place in new)
    first, last = min(places), max(places)
    edges = [place for place in new if (place < first and is_begun) or (place > last and is_ended)]
    light = set(edges) if len(edges) <= _EDGE_WORDS else set()
    return sum(_weight(message[place]) * (_EDGE_WEIGHT if place in light else 1) for place in new)


def _weight(word: str) -> float:
    if any(map(str.isdigit, word)):
        return _NUMBER_WEIGHT
    return 1.0 if len(word) >= _LONG_WORD else _SHORT_WEIGHT
