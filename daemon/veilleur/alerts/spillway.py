"""The spillway: a private complaint that nobody answered, and signs that it went public. Pure.

What can be known is little, and said so: an answer is known only where somebody marked the mention as treated, since
the house never sees what goes out; and a public mention is the complaint's only where it shares a handle, a link or
most of its words.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from msgspec import Struct
from rapidfuzz import fuzz

from veilleur.model.kinds import Visibility
from veilleur.model.mention import Mention
from veilleur.query.tokens import tokens

_LEAST_TOKENS: Final = 6
_ALIKE: Final = 80.0


class Sign(StrEnum):
    """What a public mention has in common with a private complaint."""

    HANDLE = "handle"
    LINK = "link"
    WORDS = "words"


class Told(Struct, frozen=True):
    """A mention with its words cut into tokens, made once and held against many; `words` joins them."""

    mention: Mention
    token_count: int
    words: str


def told_of(mention: Mention) -> Told:
    """Return a mention ready to be compared."""
    cut = tokens(mention.body or "")
    return Told(mention, len(cut), " ".join(cut))


def shared_sign(complaint: Told, public: Told) -> Sign | None:
    """Return what tells that a complaint went public; None where nothing does."""
    private, shown = complaint.mention, public.mention
    if shown.visibility is not Visibility.PUBLIC or shown.happened_at < private.happened_at:
        return None
    handle = private.actor.handle if private.actor else None
    if handle is not None and shown.actor is not None and handle == shown.actor.handle:
        return Sign.HANDLE
    if set(private.links) & set(shown.links):
        return Sign.LINK
    if min(complaint.token_count, public.token_count) < _LEAST_TOKENS:
        return None
    return Sign.WORDS if fuzz.token_set_ratio(complaint.words, public.words) >= _ALIKE else None
