"""What a query asks for, once read: terms, joined by and, or, and not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class TextColumn(StrEnum):
    """Where in a mention tokens are sought: body and target; the actor's name, handle and phone; the conversation."""

    WORDS = "words"
    NAMES = "names"
    PLACES = "places"


class Words(Struct, frozen=True):
    """Tokens that stand next to each other; a `#tag` or `@handle` is one token.

    `is_prefix`: the last one is only how a token begins. `written` is what the person wrote.
    """

    tokens: tuple[str, ...]
    written: str
    column: TextColumn = TextColumn.WORDS
    is_prefix: bool = False

    @property
    def phrase(self) -> str:
        """Return the tokens as the index keeps them."""
        return " ".join(self.tokens)


class ValueField(StrEnum):
    """A field of a mention that holds one of a set of values, by its name in a query."""

    PLATFORM = "platform"
    KIND = "kind"
    LANGUAGE = "lang"
    REGION = "region"
    VISIBILITY = "visibility"
    DEVICE = "device"
    APP = "app"
    TAG = "tag"
    TONE = "tone"


class OneOf(Struct, frozen=True):
    """The field holds one of these; tags without regard to case or accents."""

    field: ValueField
    values: tuple[str, ...]


class Part(StrEnum):
    """What a mention may hold beside its words: any medium, or one of the kinds of media."""

    LINK = "link"
    HASHTAG = "hashtag"
    HANDLE = "handle"
    EMOJI = "emoji"
    TEXT = "text"
    FLAG = "flag"
    MEDIA = "media"
    PHOTO = "photo"
    VIDEO = "video"
    VOICE = "voice"
    AUDIO = "audio"
    GIF = "gif"
    STICKER = "sticker"
    DOCUMENT = "document"
    CONTACT = "contact"
    LOCATION = "location"
    POLL = "poll"


class Has(Struct, frozen=True):
    """The mention holds this."""

    part: Part


class State(StrEnum):
    """What became of a mention, or what people say of it."""

    EDITED = "edited"
    DELETED = "deleted"
    TREATED = "treated"
    OFFTOPIC = "offtopic"


class Is(Struct, frozen=True):
    """The mention is in this state."""

    state: State


class NumberField(StrEnum):
    """A number of a mention, by its name in a query."""

    COUNT = "count"
    OTHERS = "others"
    CONFIDENCE = "confidence"


class Between(Struct, frozen=True):
    """The number is known and within both bounds, which are part of it; None is no bound."""

    field: NumberField
    least: float | None
    most: float | None


class Since(Struct, frozen=True):
    """`happened_at` is at or after this."""

    at: datetime


class Until(Struct, frozen=True):
    """`happened_at` is before this."""

    before: datetime


class AllOf(Struct, frozen=True):
    """Every part holds; at least two, none of them an `AllOf`."""

    parts: tuple[Expression, ...]


class AnyOf(Struct, frozen=True):
    """One part or more holds; at least two, none of them an `AnyOf`."""

    parts: tuple[Expression, ...]


class Not(Struct, frozen=True):
    """The part does not hold; it is no `Not`."""

    part: Expression


Term = Words | OneOf | Has | Is | Between | Since | Until
Expression = Term | AllOf | AnyOf | Not


class Query(Struct, frozen=True):
    """A whole query; without an expression it asks for every mention."""

    expression: Expression | None = None

    @property
    def demands(self) -> tuple[Expression, ...]:
        """Return what must hold, each of it: the parts of the outermost `AllOf`."""
        if self.expression is None:
            return ()
        return self.expression.parts if isinstance(self.expression, AllOf) else (self.expression,)


EVERYTHING = Query()


def all_of(parts: Iterable[Expression]) -> Expression:
    """Join expressions that must all hold; raises ValueError for none."""
    flat = tuple(inner for part in parts for inner in (part.parts if isinstance(part, AllOf) else (part,)))
    return _joined(AllOf, flat)


def any_of(parts: Iterable[Expression]) -> Expression:
    """Join expressions of which one must hold; raises ValueError for none."""
    flat = tuple(inner for part in parts for inner in (part.parts if isinstance(part, AnyOf) else (part,)))
    return _joined(AnyOf, flat)


def negated(part: Expression) -> Expression:
    """Return what holds where `part` does not."""
    return part.part if isinstance(part, Not) else Not(part)


def _joined(join: type[AllOf | AnyOf], parts: tuple[Expression, ...]) -> Expression:
    if not parts:
        message = "nothing to join"
        raise ValueError(message)
    return parts[0] if len(parts) == 1 else join(parts)
