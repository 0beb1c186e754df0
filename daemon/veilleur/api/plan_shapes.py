"""The shapes of the watch plan, as it is sent and answered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from veilleur.api.answer_parts import Answer
from veilleur.model.plan import LONGEST_TARGET, LONGEST_TEXT, MOST_ENTRIES, PlanKind

_Text = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]
_Name = Annotated[str, Field(max_length=64)]


class EntryShape(BaseModel):
    """One thing that is meant to be followed."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")

    kind: PlanKind
    target: Annotated[str, Field(min_length=1, max_length=LONGEST_TARGET)]
    """An account's `@handle` or its name as it is shown, a group's or feed's title, or a `#hashtag`."""
    platform: _Name = ""
    """Left out: the usual one of its kind."""
    device: _Name | None = None
    """Who follows it: accounts and groups need one."""
    authorised_by: _Text | None = None
    """Who allowed it: groups need it, and a ground."""
    ground: _Text | None = None
    note: _Text | None = None


class PlanShape(BaseModel):
    """Entries of the plan."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")

    entries: Annotated[list[EntryShape], Field(min_length=1, max_length=MOST_ENTRIES)]


class PlanEntry(Answer):
    """One thing that is meant to be followed."""

    kind: PlanKind
    target: str
    platform: str
    device: str | None
    authorised_by: str | None
    ground: str | None
    note: str | None


class PlanStanding(Answer):
    """An entry, and what was heard of it."""

    entry: PlanEntry
    last_at: datetime | None
    """When something of it last happened; null: never, as far as this token may know."""
    silence: str | None
    """Why its silence is worth a look; null: it is no longer than usual."""
    tag_url: str | None
    """A hashtag's page on TikTok, for a person to open."""
    alerts_query: str | None
    """What to paste into Google Alerts for a hashtag."""


class Plan(Answer):
    """Every entry; groups only for a token with `read:private`."""

    plan: list[PlanStanding]
    about_hashtags: str
    """What a hashtag's entry can see, and what it cannot."""


class SavedPlan(Answer):
    """What entering did."""

    added: int
    changed: int


class RemovedEntries(Answer):
    """How many entries are out of the plan."""

    removed: int
