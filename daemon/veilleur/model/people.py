"""People who sign in to the pages: what each may do in a project, and how somebody is known while signed in."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

from msgspec import Struct

from veilleur.model.scope import Scope, TokenScope

LONGEST_NAME: Final = 64
SHORTEST_PASSWORD: Final = 10
LONGEST_PASSWORD: Final = 256


class Role(StrEnum):
    """What a person does in a project."""

    VIEWER = "viewer"
    ANALYST = "analyst"
    ADMIN = "admin"


SCOPES_OF: Final = {
    Role.VIEWER: frozenset({TokenScope.READ_MENTIONS}),
    Role.ANALYST: frozenset({TokenScope.READ_MENTIONS, TokenScope.WRITE_CASES}),
    Role.ADMIN: frozenset({TokenScope.READ_MENTIONS, TokenScope.WRITE_CASES, TokenScope.ADMIN}),
}
"""What each role allows, in the words of tokens; private rows are allowed beside it, person by person."""


class Standing(Struct, frozen=True):
    """What somebody is given in a project."""

    role: Role = Role.VIEWER
    may_read_private: bool = False

    @property
    def scopes(self) -> frozenset[TokenScope]:
        """The same in the words of tokens."""
        private = {TokenScope.READ_PRIVATE} if self.may_read_private else set()
        return SCOPES_OF[self.role] | private


class Person(Struct, frozen=True, kw_only=True):
    """A person of a project; `has_password` is False until the link that they were given was opened."""

    name: str
    project: str
    standing: Standing
    has_password: bool
    created_at: datetime


class ProjectName(Struct, frozen=True, order=True):
    """A project as people call it."""

    name: str
    id: str


class Invitation(Struct, frozen=True, kw_only=True):
    """What a link that is good once makes of whoever opens it; `name` None: they choose one."""

    project: str
    standing: Standing
    name: str | None


class SignedIn(Struct, frozen=True, kw_only=True):
    """Who is looking, at which project: a person, or whoever holds a token (then `role` is None).

    `projects` are all that they belong to, by name.
    """

    name: str
    project: str
    scopes: frozenset[TokenScope]
    role: Role | None
    projects: tuple[ProjectName, ...]
    runs_server: bool
    """Whether projects, patterns and what else all of them share are theirs to change."""

    @property
    def scope(self) -> Scope:
        """Whose rows exist for them."""
        return Scope(self.project, may_read_private=TokenScope.READ_PRIVATE in self.scopes)

    @property
    def project_name(self) -> str:
        """What people call the project that they look at."""
        return next((one.name for one in self.projects if one.id == self.project), self.project)

    @property
    def is_of_several(self) -> bool:
        """Whether they need to be told at which project they look."""
        return len(self.projects) > 1

    @property
    def is_admin(self) -> bool:
        """Whether devices, patterns and people are theirs to change."""
        return TokenScope.ADMIN in self.scopes

    @property
    def may_write(self) -> bool:
        """Whether they may say things of mentions, and keep watches."""
        return TokenScope.WRITE_CASES in self.scopes
