"""What a reader may see: the one condition that every read of mentions carries."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from veilleur.model.kinds import Visibility
from veilleur.model.scope import Scope
from veilleur.store.tables import mentions


def readable(scope: Scope) -> ColumnElement[bool]:
    """Return the condition that a row of `mentions` exists for this reader, shown or not."""
    of_project = mentions.c.project_id == scope.project
    if scope.may_read_private:
        return of_project
    return of_project & (mentions.c.visibility == Visibility.PUBLIC.value)


def visible(scope: Scope) -> ColumnElement[bool]:
    """Return the condition that this reader's lists and counts hold a row of `mentions`."""
    return readable(scope) & mentions.c.is_shown
