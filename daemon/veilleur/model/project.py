"""Projects: a client of the agency, with the devices, watches and people that are its own."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec import Struct

from veilleur.model.people import Person

PROJECT_KEY_PATTERN: Final = "^[a-z0-9-]{1,64}$"
LONGEST_PROJECT_NAME: Final = 64


class Project(Struct, frozen=True, kw_only=True):
    """A project and what it holds; `id` stays, `name` is what people call it. Watches at rest are not counted."""

    id: str
    name: str
    created_at: datetime
    devices: tuple[str, ...]
    people: tuple[Person, ...]
    watch_count: int
    mention_count: int


class LetIn(Struct, frozen=True, kw_only=True):
    """A person who was let into a project; `invitation`, told once, ends the link by which they choose a password.

    None where they have one.
    """

    person: Person
    invitation: str | None
