"""What a page sets going and only the wiring can do: handed to the pages when they are made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from veilleur.model.scope import Scope


class ProposedPattern(Struct, frozen=True, kw_only=True):
    """A pattern proposed for wordings that nobody knew; `key` tells it from the others."""

    key: str
    app: str
    language: str
    pattern: str
    kind: str
    example: str
    count: int


class Refused(Exception):
    """An operation was not done; the message says what to do next."""


class Operations(Protocol):
    """Raises Refused with a sentence for the person who asked."""

    def pair(self, scope: Scope, device: str, *, over_usb: bool, opens_network: bool) -> str:
        """Make a pairing code and return the path of the page that shows it once."""
        ...

    def play_sample(self) -> None:
        """Play the sample log to its end, into the first project."""
        ...

    def proposed_patterns(self, scope: Scope) -> Sequence[ProposedPattern]:
        """Return a pattern for each shape of unknown wording of the project, the most frequent first."""
        ...

    def accept_pattern(self, scope: Scope, key: str) -> None:
        """Add a proposed pattern, and read again what nobody understood."""
        ...
