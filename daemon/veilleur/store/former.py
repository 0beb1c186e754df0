"""Mentions that are gone, or private now and were not, so that a change feed can tell whoever saw them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, or_, select, update

from veilleur.model.identity import MentionId
from veilleur.model.kinds import Visibility
from veilleur.store.among import among
from veilleur.store.bulk import insert_rows
from veilleur.store.change_tables import former_mentions
from veilleur.store.database import Database
from veilleur.store.tables import mentions

_COLUMNS = ("mention_id", "project_id", "was_public")


def note_former(connection: Connection, mention_ids: Sequence[MentionId]) -> None:
    """Remember these mentions, which are about to be taken out."""
    query = select(mentions.c.id, mentions.c.project_id, mentions.c.visibility)
    rows = connection.execute(query.where(among(connection, mentions.c.id, mention_ids))).all()
    noted = [(row.id, row.project_id, row.visibility == Visibility.PUBLIC) for row in rows]
    insert_rows(connection, former_mentions, _COLUMNS, noted, ignore=True)
    public = [mention_id for mention_id, _, was_public in noted if was_public]
    here = among(connection, former_mentions.c.mention_id, public)
    connection.execute(update(former_mentions).where(here).values(was_public=True))


def once_public(database: Database, mention_ids: Sequence[MentionId]) -> frozenset[MentionId]:
    """Return those of these mentions that everybody could read at some time, whether they are still there or not."""
    former = former_mentions.c
    with database.reading() as connection:
        here = among(connection, mentions.c.id, mention_ids)
        is_public = mentions.c.visibility == Visibility.PUBLIC.value
        there = connection.execute(select(mentions.c.id).where(here, is_public)).scalars().all()
        gone = among(connection, former.mention_id, mention_ids)
        was = connection.execute(select(former.mention_id).where(gone, former.was_public)).scalars().all()
    return frozenset(map(MentionId, (*there, *was)))


def forget_former(connection: Connection, mention_ids: Sequence[MentionId]) -> None:
    """Forget those of these mentions that are there again for everyone who could see them."""
    former = former_mentions.c
    is_public = select(mentions.c.id).where(
        mentions.c.id == former.mention_id, mentions.c.visibility == Visibility.PUBLIC.value
    )
    seen_again = or_(former.was_public.is_(False), is_public.exists())
    connection.execute(delete(former_mentions).where(among(connection, former.mention_id, mention_ids), seen_again))
