"""The shapes of projects, as they are sent and answered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from veilleur.api.answer_parts import Answer
from veilleur.model.people import Role
from veilleur.model.project import LONGEST_PROJECT_NAME


class ProjectShape(BaseModel):
    """A project as it should be."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_PROJECT_NAME)]
    """What people call it."""


class StandingShape(BaseModel):
    """What a person is in a project."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")

    role: Role = Role.VIEWER
    may_read_private: bool = False
    """Whether they read private and group mentions too."""


class Standing(Answer):
    """What a person is in a project."""

    role: Role
    may_read_private: bool


class Person(Answer):
    """A person of a project."""

    name: str
    project: str
    standing: Standing
    has_password: bool
    """False until the link that they were given was opened."""
    created_at: datetime


class Project(Answer):
    """A client of the agency, with the devices, watches and people that are its own."""

    id: str
    """Stays as it is."""
    name: str
    created_at: datetime
    devices: list[str]
    people: list[Person]
    watch_count: int
    """Those at rest are not counted."""
    mention_count: int


class ProjectList(Answer):
    """By name: every project for a token that runs the server, its own for another."""

    projects: list[Project]


class LetIn(Answer):
    """A person who was let into a project."""

    person: Person
    invitation: str | None
    """For one without a password, told once: they choose it at `/welcome/` and this, once and within three days."""
