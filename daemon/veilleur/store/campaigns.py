"""Campaigns and their openings: people's decisions, never rebuilt."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, select, update

from veilleur.model.campaign import Campaign, CampaignKind
from veilleur.model.scope import Scope
from veilleur.store.bulk import insert_rows
from veilleur.store.database import Database
from veilleur.store.instants import from_ms, to_ms
from veilleur.store.snapshot import Readable
from veilleur.store.tables import campaign_openings, campaigns

_OPENING_COLUMNS = ("project_id", "campaign", "opening")


def list_campaigns(database: Readable, scope: Scope) -> tuple[Campaign, ...]:
    """Return the project's campaigns by name."""
    mine = campaigns.c.project_id == scope.project
    with database.reading() as connection:
        rows = connection.execute(select(campaigns).where(mine).order_by(campaigns.c.name)).all()
        texts = _openings(connection, scope)
    return tuple(
        Campaign(
            name=row.name,
            project=row.project_id,
            kind=CampaignKind(row.kind),
            openings=tuple(texts[row.name]),
            created_at=from_ms(row.created_at),
        )
        for row in rows
    )


def find_campaign(database: Database, scope: Scope, name: str) -> Campaign | None:
    """Return the project's campaign of this name."""
    return next((one for one in list_campaigns(database, scope) if one.name == name), None)


def save_campaign(  # noqa: PLR0913 - a campaign is made of these
    database: Database,
    scope: Scope,
    name: str,
    kind: CampaignKind,
    openings: tuple[str, ...],
    *,
    now: datetime,
    new_name: str | None = None,
) -> bool:
    """Make a campaign, or replace the kind, the openings and perhaps the name of the one that has the name.

    False, and nothing is changed, where another has the new name.
    """
    with database.writing() as connection:
        wanted = new_name or name
        if wanted != name and _is_taken(connection, scope, wanted):
            return False
        columns = ("project_id", "name", "kind", "created_at")
        row = (scope.project, name, kind.value, to_ms(now))
        insert_rows(connection, campaigns, columns, [row], ignore=True)
        connection.execute(update(campaigns).where(_is_called(scope, name)).values(kind=kind.value))
        _forget_openings(connection, scope, name)
        rows = [(scope.project, name, opening) for opening in dict.fromkeys(openings)]
        insert_rows(connection, campaign_openings, _OPENING_COLUMNS, rows)
        if wanted != name:
            _rename(connection, scope, name, wanted)
    return True


def rename_campaign(database: Database, scope: Scope, name: str, new_name: str) -> bool:
    """Give a campaign another name; False where there is none, or one has the new name already."""
    with database.writing() as connection:
        return not _is_taken(connection, scope, new_name) and _rename(connection, scope, name, new_name)


def remove_campaign(database: Database, scope: Scope, name: str) -> bool:
    """Take a campaign out; False where there is none."""
    with database.writing() as connection:
        _forget_openings(connection, scope, name)
        return connection.execute(delete(campaigns).where(_is_called(scope, name))).rowcount == 1


def _is_taken(connection: Connection, scope: Scope, name: str) -> bool:
    return connection.execute(select(campaigns.c.name).where(_is_called(scope, name))).first() is not None


def _rename(connection: Connection, scope: Scope, name: str, new_name: str) -> bool:
    renaming = update(campaigns).where(_is_called(scope, name)).values(name=new_name)
    renamed = connection.execute(renaming).rowcount == 1
    connection.execute(update(campaign_openings).where(_are_of(scope, name)).values(campaign=new_name))
    return renamed


def _is_called(scope: Scope, name: str) -> ColumnElement[bool]:
    return (campaigns.c.project_id == scope.project) & (campaigns.c.name == name)


def _are_of(scope: Scope, name: str) -> ColumnElement[bool]:
    return (campaign_openings.c.project_id == scope.project) & (campaign_openings.c.campaign == name)


def _openings(connection: Connection, scope: Scope) -> dict[str, list[str]]:
    texts: dict[str, list[str]] = defaultdict(list)
    query = select(campaign_openings).where(campaign_openings.c.project_id == scope.project)
    for row in connection.execute(query.order_by(campaign_openings.c.campaign, campaign_openings.c.opening)):
        texts[row.campaign].append(row.opening)
    return texts


def _forget_openings(connection: Connection, scope: Scope, name: str) -> None:
    connection.execute(delete(campaign_openings).where(_are_of(scope, name)))
