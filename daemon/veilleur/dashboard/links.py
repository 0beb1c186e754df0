"""Where a name, and a hashtag within words, lead to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import quote, urlencode

from msgspec import Struct

from veilleur.model.parts import Actor
from veilleur.model.trends import Crossing, CrossingKind
from veilleur.query.tokens import names_text

_WORD: Final = re.compile(r"[#＃][\w\u0300-\u0e7f\u200c\u200d]+")
_HANDLE_SIGN: Final = "@"


class Piece(Struct, frozen=True):
    """A part of words; `tag` is the hashtag that it is, None for all else."""

    text: str
    tag: str | None = None


def linked(words: str, hashtags: Sequence[str]) -> Iterator[Piece]:
    """Yield the pieces of words, in order; a hashtag that the mention has is a piece of its own."""
    begin = 0
    for found in _WORD.finditer(words) if hashtags else ():
        tag = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", found[0][1:]).casefold())
        if tag in hashtags:
            if found.start() > begin:
                yield Piece(words[begin : found.start()])
            yield Piece(found[0], tag)
            begin = found.end()
    if begin < len(words):
        yield Piece(words[begin:])


def hashtag_address(tag: str) -> str:
    """Return where a hashtag's page is."""
    return f"/hashtags/{quote(tag, safe='')}"


def account_address(actor: Actor, platform: str) -> str | None:
    """Return where an actor's page is, None for a name without a sign that could be asked for."""
    if actor.handle is None and not names_text(actor.name):
        return None
    who = actor.name if actor.handle is None else f"{_HANDLE_SIGN}{actor.handle}"
    return f"/accounts?{urlencode({'platform': platform, 'who': who})}"


def actor_key_address(key: str) -> str:
    """Return where the page of an actor is that trends name `platform:handle` or `platform:name`."""
    platform, _, who = key.partition(":")
    return f"/accounts?{urlencode({'platform': platform, 'who': who})}"


def crossing_address(crossing: Crossing) -> str:
    """Return where the mentions are that hold a handle or a link."""
    sign = f"@{crossing.value}" if crossing.kind is CrossingKind.HANDLE else f'"{crossing.value.replace(chr(34), " ")}"'
    return f"/?{urlencode({'q': sign})}"
