"""What a parser is: a pure reader of one app's notifications."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from veilleur.model.outcome import Outcome
from veilleur_bridge.envelope import Envelope


class Parser(Protocol):
    """Reads the notifications of the packages it names; pure, total, and never guessing.

    `version` is raised whenever the output for any notification changes. `parse` is given events
    that carry a notification (`posted`, `updated`, `active`) and returns an outcome for each.
    """

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> int: ...

    @property
    def platform(self) -> str: ...

    @property
    def packages(self) -> frozenset[str]: ...

    def parse(self, envelope: Envelope) -> Outcome: ...


class Reading(Struct, frozen=True):
    """An outcome, and who read it."""

    outcome: Outcome
    parser: str
    parser_version: int
    platform: str
