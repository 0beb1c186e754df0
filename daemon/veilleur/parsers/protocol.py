"""What a parser is: a pure reader of one app's notifications; and what somebody else's has to be (protocol 1)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final, Protocol

from msgspec import Struct

from veilleur.model.outcome import Outcome
from veilleur_bridge.envelope import Envelope

PLUGIN_GROUP: Final = "veilleur.parsers"
"""The group of entry points that plug-ins stand in: each is named by the package that it reads."""
PROTOCOL_VERSION: Final = 1
"""Raised when `PluginParser` changes so that older plug-ins no longer fit; theirs are then refused, not tried."""


class Fault(StrEnum):
    """Why a record that its parser should have read is quarantined: it may well be readable, at another time."""

    FAILED = "parser_failed"
    OVER_BUDGET = "parser_over_budget"
    DIED = "parser_died"
    REFUSED = "parser_refused"
    SUSPENDED = "parser_suspended"
    UNREAD = "unread_after_two_deaths"


class PluginParser(Protocol):
    """What the entry point of a plug-in leads to: an object, or a class or function that makes one without arguments.

    `protocol` is the version that it was written for. `version` is raised whenever the output for any notification
    changes; `platform` is a name in small letters. `parse` is given events that carry a notification (`posted`,
    `updated`, `active`) of the packages it is registered for, and returns an outcome for each: pure, total, and never
    guessing. It runs in a process of its own, which ends when it takes too long or too much memory.
    """

    @property
    def protocol(self) -> int: ...

    @property
    def version(self) -> int: ...

    @property
    def platform(self) -> str: ...

    def parse(self, envelope: Envelope) -> Outcome: ...


class Parser(Protocol):
    """A parser of the house: reads the notifications of the packages it names; pure, total, and never guessing.

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


class PluggedIn(Protocol):
    """A plug-in as the registry asks it: never raises, whatever becomes of the plug-in; answers in order."""

    @property
    def name(self) -> str: ...

    @property
    def packages(self) -> frozenset[str]: ...

    def read(self, envelopes: Sequence[Envelope]) -> Sequence[Reading]: ...

    def reading(self, outcome: Outcome) -> Reading:
        """Return an outcome that was found without asking it, as its reading."""
        ...
