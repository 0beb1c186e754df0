"""By which keys a mention is counted."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from sys import intern
from typing import Final

from veilleur.model.mention import Mention
from veilleur.model.trends import TrendKey, TrendKind
from veilleur.query.tokens import words_text
from veilleur.store.trend_rows import TrendRow

_LEAST_LETTERS: Final = 3


def row_of(mention: Mention, at_ms: int, *, is_private: bool) -> TrendRow:
    """Return a mention in hand as the store's rows are counted."""
    actor, place = mention.actor, mention.conversation
    return TrendRow(
        mention_id=mention.id,
        project=mention.project,
        is_private=is_private,
        at_ms=at_ms,
        platform=mention.platform,
        hashtags=mention.hashtags,
        handles=mention.handles,
        links=mention.links,
        # One text for each actor: all that is remembered of each mention names it.
        actor=None if actor is None else intern(f"{mention.platform}:{actor.handle or actor.name}"),
        conversation=None if place is None else place.id,
        words=words_text(mention.body, mention.target, mention.hashtags),
    )


def values_of(row: TrendRow, kind: TrendKind) -> Collection[str]:
    """Return the values of one kind that a mention is counted by, each once; of words also those that are no keys."""
    match kind:
        case TrendKind.HASHTAG:
            return frozenset(row.hashtags)
        case TrendKind.ACTOR:
            return () if row.actor is None else (row.actor,)
        case TrendKind.CONVERSATION:
            return () if row.conversation is None else (row.conversation,)
        case TrendKind.WORD:
            return distinct_words(row.words)


def distinct_words(words: str) -> Collection[str]:
    """Return the tokens of a mention, each once, also those that are no keys."""
    return frozenset(words.split())


def is_key(kind: TrendKind, value: str) -> bool:
    """Return whether a value is counted: of words not every one is."""
    return kind is not TrendKind.WORD or _is_word(value)


def keys_of(row: TrendRow, *, begins_turn: bool = True) -> Iterator[TrendKey]:
    """Yield the keys of a mention, each once; one that goes on with a turn counts by its hashtags alone."""
    yield from (TrendKey(TrendKind.HASHTAG, tag) for tag in dict.fromkeys(row.hashtags))
    if not begins_turn:
        return
    if row.actor is not None:
        yield TrendKey(TrendKind.ACTOR, row.actor)
    if row.conversation is not None:
        yield TrendKey(TrendKind.CONVERSATION, row.conversation)
    yield from (TrendKey(TrendKind.WORD, word) for word in dict.fromkeys(row.words.split()) if _is_word(word))


def _is_word(token: str) -> bool:
    return len(token) >= _LEAST_LETTERS and token[0] not in "#@" and not token.isdigit()
