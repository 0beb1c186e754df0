"""Mentions that something else names: what gave a burst away, what was passed on."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from veilleur.model.identity import MentionId
from veilleur.model.mention import Mention
from veilleur.model.scope import Scope
from veilleur.store.among import among
from veilleur.store.qualified import mentions_of
from veilleur.store.snapshot import Readable
from veilleur.store.tables import mentions
from veilleur.store.visible import visible


def read_mentions(database: Readable, scope: Scope, ids: Collection[MentionId]) -> dict[MentionId, Mention]:
    """Return those mentions that this reader's lists hold; what was erased or is told by another is not there."""
    with database.reading() as connection:
        rows = connection.execute(select(mentions).where(visible(scope), among(connection, mentions.c.id, ids))).all()
        return {one.id: one for one in mentions_of(connection, rows)}
