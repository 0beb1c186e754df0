"""Finds messages that go round: nearly the same words in several conversations. Pure.

MinHash with banding (A. Broder, "On the resemblance and containment of documents", 1997; J. Leskovec et al., "Mining of
Massive Datasets", chapter 3) proposes pairs; each is then held against the words themselves, because people add a
greeting, cut an end and mistype when they pass a message on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Final

from msgspec import Struct
from networkx.utils import UnionFind
from rapidfuzz import fuzz, process
from rensa import RMinHash, RMinHashLSH

from veilleur.model.identity import MentionId
from veilleur.model.trends import Forward
from veilleur.query.tokens import tokens

_HASHES: Final = 128
_BANDS: Final = 32
_SEED: Final = 1
_PROPOSED_FROM: Final = 0.4
ALIKE: Final = 0.8
"""From here on two messages are the same one passed on: the share of their words that agree, in order."""

# Shorter ones are what everybody writes ("ok merci"): nothing was passed on.
_LEAST_TOKENS: Final = 6
_MOST_TOKENS: Final = 400


class Message(Struct, frozen=True):
    """What forwards need of a mention that has words and a conversation."""

    mention_id: MentionId
    conversation_id: str
    happened_at: datetime
    words: str


def find_forwards(messages: Iterable[Message]) -> tuple[Forward, ...]:
    """Return the messages that stand in at least two conversations, the most conversations first.

    Of one conversation the first showing counts. Equal words are compared once, however often they went round.
    """
    shown: dict[tuple[str, ...], list[Message]] = defaultdict(list)
    for message in messages:
        cut = tuple(tokens(message.words)[:_MOST_TOKENS])
        if len(cut) >= _LEAST_TOKENS:
            shown[cut].append(message)
    texts = list(shown)
    alike: UnionFind[int] = UnionFind(range(len(texts)))
    for one, other in _alike(texts):
        alike.union(one, other)
    found = (_forward([texts[number] for number in group], shown) for group in alike.to_sets())
    return tuple(
        sorted(
            (one for one in found if one is not None),
            key=lambda forward: (-len(forward.conversation_ids), forward.first_at, forward.mention_ids),
        )
    )


def _alike(texts: Sequence[tuple[str, ...]]) -> Iterator[tuple[int, int]]:
    near = RMinHashLSH(_PROPOSED_FROM, _HASHES, _BANDS)
    written = [" ".join(text) for text in texts]
    for number, text in enumerate(texts):
        signature = RMinHash(_HASHES, _SEED)
        signature.update([f"{one} {other}" for one, other in pairwise(text)])
        proposed = near.query(signature)
        if proposed:
            near_by = {other: written[other] for other in proposed}
            found = process.extract(written[number], near_by, scorer=fuzz.ratio, score_cutoff=ALIKE * 100, limit=None)
            yield from ((other, number) for _, _, other in found)
        near.insert(number, signature)


def _forward(texts: Sequence[tuple[str, ...]], shown: dict[tuple[str, ...], list[Message]]) -> Forward | None:
    ordered = sorted(
        (message for text in texts for message in shown[text]),
        key=lambda message: (message.happened_at, message.mention_id),
    )
    first: dict[str, Message] = {}
    for message in ordered:
        first.setdefault(message.conversation_id, message)
    if len(first) <= 1:
        return None
    told = list(first.values())
    likeness = min(fuzz.ratio(told[0].words, message.words) for message in told[1:]) / 100
    return Forward(
        mention_ids=tuple(message.mention_id for message in told),
        conversation_ids=tuple(first),
        first_at=told[0].happened_at,
        last_at=told[-1].happened_at,
        likeness=likeness,
    )
