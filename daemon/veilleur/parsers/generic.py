"""The parser of every app that has none: it keeps the notification and says so."""

from __future__ import annotations

from veilleur.model.kinds import Platform
from veilleur.model.outcome import Outcome, Quarantined
from veilleur_bridge.envelope import Envelope


class GenericParser:
    """Quarantines what no parser reads, until one is written for it."""

    name = "generic"
    version = 1
    platform: str = Platform.OTHER
    packages: frozenset[str] = frozenset()

    def parse(self, _envelope: Envelope) -> Outcome:
        """Return `no_parser`, whatever the words."""
        return Quarantined("no_parser")
