"""The names that people gave communities of hashtags: decisions, never rebuilt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select

from veilleur.model.scope import Scope
from veilleur.model.trends import NamedCommunity
from veilleur.store.database import Database
from veilleur.store.instants import from_ms, to_ms
from veilleur.store.trend_tables import community_names as names


def community_names(database: Database, scope: Scope) -> tuple[NamedCommunity, ...]:
    """Return the project's names."""
    query = select(names).where(names.c.project_id == scope.project).order_by(names.c.name)
    with database.reading() as connection:
        return tuple(
            NamedCommunity(
                name=row.name,
                hashtags=tuple(row.hashtags.split()),
                named_by=row.named_by,
                named_at=from_ms(row.named_at),
            )
            for row in connection.execute(query)
        )


def name_community(  # noqa: PLR0913 - what is named how, by whom and when
    database: Database,
    scope: Scope,
    name: str,
    hashtags: Sequence[str],
    *,
    by: str,
    now: datetime,
    instead_of: str | None = None,
) -> None:
    """Call the community that has these hashtags so, `instead_of` the name it had; one that was given goes over."""
    values = {"project_id": scope.project, "name": name, "hashtags": " ".join(hashtags)}
    is_former = (names.c.project_id == scope.project) & names.c.name.in_({name, instead_of or name})
    with database.writing() as connection:
        connection.execute(delete(names).where(is_former))
        connection.execute(insert(names).values(**values, named_by=by, named_at=to_ms(now)))


def forget_name(database: Database, scope: Scope, name: str) -> bool:
    """Take a name back; False where there is none."""
    is_it = (names.c.project_id == scope.project) & (names.c.name == name)
    with database.writing() as connection:
        return connection.execute(delete(names).where(is_it)).rowcount == 1
