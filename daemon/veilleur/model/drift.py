"""How much of an app's wording the parsers know."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class ParseRate(Struct, frozen=True, kw_only=True):
    """The notifications of one app, version, language and channel on one UTC day, and those of unknown wording."""

    package: str
    app_version: str | None
    language: str | None
    channel: str | None
    day_at: datetime
    total: int
    unknown: int


class ReadName(Struct, frozen=True):
    """The actor that a pattern read; `pattern` tells wordings apart."""

    pattern: str
    actor: str


class RecentWordings(Struct, frozen=True):
    """The newest notifications of one app: how many, how many of unknown wording, and where those came from.

    `before_total` and `before_unknown` count what came before them. `named` are the names read in the newest, oldest
    first, `named_before` those of some that came before.
    """

    package: str
    total: int
    unknown: int
    before_total: int
    before_unknown: int
    named: tuple[ReadName, ...] = ()
    named_before: tuple[ReadName, ...] = ()
