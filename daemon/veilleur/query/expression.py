"""What a query asks for, once read: a conjunction of terms."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from veilleur.model.kinds import MentionKind


class Words(Struct, frozen=True):
    """Tokens that stand next to each other in body or target; a `#tag` or `@handle` is one token."""

    tokens: tuple[str, ...]


class PlatformIn(Struct, frozen=True):
    """The platform is one of these."""

    platforms: tuple[str, ...]


class KindIn(Struct, frozen=True):
    """The kind is one of these."""

    kinds: tuple[MentionKind, ...]


class LanguageIn(Struct, frozen=True):
    """The language of the body is one of these."""

    languages: tuple[str, ...]


class RegionIn(Struct, frozen=True):
    """The country of the actor's phone number is one of these, in capitals."""

    regions: tuple[str, ...]


class ActorField(StrEnum):
    """Which part of the actor `from:` looks at."""

    NAME = "name"
    HANDLE = "handle"
    PHONE = "phone"


class FromActor(Struct, frozen=True):
    """The actor: `value` is tokens of the name separated by spaces, a handle without @, or a phone number."""

    field: ActorField
    value: str


class Since(Struct, frozen=True):
    """`happened_at` is at or after this."""

    at: datetime


class Until(Struct, frozen=True):
    """`happened_at` is before this."""

    before: datetime


Term = Words | PlatformIn | KindIn | LanguageIn | RegionIn | FromActor | Since | Until


class Query(Struct, frozen=True):
    """All terms must hold; no term means every mention."""

    terms: tuple[Term, ...] = ()


EVERYTHING = Query()
