"""Folds: of the wordings of one growing aggregate, one is shown; and amendments of messages by their slot."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from veilleur.model.identity import MentionId
from veilleur.store.among import among
from veilleur.store.showing import turn
from veilleur.store.tables import mentions
from veilleur.store.twins import is_twins, pair_twins


def refold(connection: Connection, fold_ids: Iterable[str]) -> list[MentionId]:
    """Show of each fold the largest `others_count`, then the earliest sighting, and pair twins; return what changed.

    The rule looks at the members alone, so the order of their arrival does not matter.
    """
    every = sorted(set(fold_ids))
    paired = pair_twins(connection, [fold for fold in every if is_twins(fold)])
    wanted = [fold for fold in every if not is_twins(fold)]
    if not wanted:
        return paired
    columns = (
        mentions.c.fold_id,
        mentions.c.id,
        mentions.c.actor_others_count,
        mentions.c.captured_at,
        mentions.c.is_shown,
    )
    members = connection.execute(select(*columns).where(among(connection, mentions.c.fold_id, wanted))).all()
    best: dict[str, tuple[int, int, str]] = {}
    for row in members:
        rank = (-(row.actor_others_count or 0), row.captured_at, row.id)
        best[row.fold_id] = min(best.get(row.fold_id, rank), rank)
    shown = {rank[2] for rank in best.values()}
    turned = [(MentionId(row.id), row.is_shown) for row in members if row.is_shown != (row.id in shown)]
    turn(connection, turned)
    return paired + [mention_id for mention_id, _ in turned]
