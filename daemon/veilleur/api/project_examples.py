"""What operations on projects are asked and answer, as the description shows it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from veilleur.model.people import Person, Role, Standing
from veilleur.model.project import LetIn, Project
from veilleur.model.wire import let_in_fields, project_fields

_MADE_AT: Final = datetime(2026, 11, 13, 9, 0, tzinfo=UTC)
_ID: Final = "maison-dupont"
_INVITATION: Final = "pDXnN6cXW6bMS4Yxl1hTQk8mDJx0sd5u"


def project_examples() -> dict[str, Any]:
    """Return the answer of each operation, by operation id."""
    project = project_fields(_project())
    named = ("read_project", "write_project", "remove_project", "take_device", "let_person_go")
    return {
        "list_projects": {"projects": [project]},
        "let_person_in": let_in_fields(LetIn(person=_person(), invitation=_INVITATION)),
        **dict.fromkeys(named, project),
    }


def project_bodies() -> dict[str, Any]:
    """Return the body of each operation that takes one, by operation id."""
    return {
        "write_project": {"name": "Maison Dupont"},
        "let_person_in": {"role": "analyst", "may_read_private": True},
    }


def _project() -> Project:
    return Project(
        id=_ID,
        name="Maison Dupont",
        created_at=_MADE_AT,
        devices=("salon-2",),
        people=(_person(),),
        watch_count=3,
        mention_count=412,
    )


def _person() -> Person:
    standing = Standing(Role.ANALYST, may_read_private=True)
    return Person(name="Zoé", project=_ID, standing=standing, has_password=False, created_at=_MADE_AT)
