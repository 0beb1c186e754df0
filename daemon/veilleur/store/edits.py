"""Edits: a message that stands in its place with other words is one mention, told by the newest of them.

An app says nothing of an edit: it posts the thread again, and where the message stood, of the same sender and time,
are other words. Two messages of one second look alike but for this: the notification that first shows the second
still shows the first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, case, func, select, update

from veilleur.model.identity import MentionId
from veilleur.store.among import among
from veilleur.store.database import Database
from veilleur.store.showing import turn
from veilleur.store.tables import mentions, notifications, outcomes


def restate_edits(connection: Connection, slots: Collection[str]) -> list[MentionId]:
    """Show of each of these places what the newest of its tellers shows there; return the mentions that changed.

    The rule looks at the members alone, so the order of their arrival does not matter. A place of which a teller's raw
    row is gone stays as it is.
    """
    places: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in _members(connection, slots) if slots else ():
        places[row.slot_id].append(row)
    turned: list[tuple[MentionId, bool]] = []
    reworded: list[tuple[MentionId, bool]] = []
    for rows in places.values():
        if any(row.seen_in is None for row in rows):
            continue
        standing = _standing(rows)
        turned += [(MentionId(row.id), row.is_shown) for row in rows if row.is_shown != (row.id in standing)]
        reworded += [(MentionId(row.id), row.edited) for row in rows if row.edited != standing.get(row.id, False)]
    turn(connection, turned)
    for was_edited in (True, False):
        if those := [mention_id for mention_id, before in reworded if before is was_edited]:
            hit = among(connection, mentions.c.id, those)
            connection.execute(update(mentions).where(hit).values(edited=not was_edited))
    return [mention_id for mention_id, _ in (*turned, *reworded)]


def places_of_edits(connection: Connection, mention_ids: Collection[MentionId]) -> list[str]:
    """Return the places of these mentions in which one is an edited one."""
    theirs = select(mentions.c.slot_id).where(among(connection, mentions.c.id, mention_ids))
    query = select(mentions.c.slot_id).where(mentions.c.slot_id.in_(theirs), mentions.c.edited).distinct()
    return list(connection.execute(query).scalars())


def first_wordings(database: Database, mention_ids: Collection[MentionId]) -> dict[MentionId, MentionId]:
    """Return of these edited mentions which one stood in their place first, where that is known.

    Of a place in which several stand, each edited one follows one that is gone, in the order in which they were told.
    """
    if not mention_ids:
        return {}
    with database.reading() as connection:
        theirs = select(mentions.c.slot_id).where(among(connection, mentions.c.id, mention_ids))
        told, log = mentions.c, notifications.c
        columns = (told.slot_id, told.id, told.is_shown, told.edited, told.captured_at, told.envelope_id)
        query: Select[Any] = select(*columns, log.epoch, log.seq).where(told.slot_id.in_(theirs))
        rows = connection.execute(query.outerjoin(notifications, log.id == told.notification_id)).all()
    places: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in sorted(rows, key=_rank):
        places[row.slot_id].append(row)
    return {
        MentionId(edited.id): MentionId(gone.id)
        for place in places.values()
        for edited, gone in zip(
            (row for row in place if row.is_shown and row.edited),
            (row for row in place if not row.is_shown),
            strict=False,
        )
        if edited.id in mention_ids
    }


def _members(connection: Connection, slots: Collection[str]) -> Sequence[Row[Any]]:
    """Return what stands in these places, leaving out those where one stands alone as nearly all do."""
    in_places = among(connection, mentions.c.slot_id, slots)
    is_settled = mentions.c.is_shown & mentions.c.edited.is_(False)
    counted = select(mentions.c.slot_id).where(in_places).group_by(mentions.c.slot_id)
    unclear = counted.having((func.count() > 1) | (func.sum(case((is_settled, 0), else_=1)) > 0))
    found = connection.execute(unclear).scalars().all()
    if not found:
        return ()
    told, log = mentions.c, notifications.c
    columns = (told.slot_id, told.id, told.is_shown, told.edited, told.notification_id, told.captured_at)
    seen_in = outcomes.c.mention_ids.label("seen_in")
    query: Select[Any] = select(*columns, told.envelope_id, log.epoch, log.seq, seen_in)
    query = query.outerjoin(notifications, log.id == told.notification_id)
    query = query.outerjoin(outcomes, outcomes.c.notification_id == log.id)
    return connection.execute(query.where(among(connection, told.slot_id, found))).all()


def _standing(rows: Sequence[Row[Any]]) -> dict[str, bool]:
    """Return the members of one place that stand, and whether each is an edited one: told after what stands no more.

    As many stand as one notification showed together. What the newest does not show is gone, the last first: the
    earlier may have left its window.
    """
    members = {row.id for row in rows}
    snapshots = {row.notification_id: [one for one in row.seen_in.split() if one in members] for row in rows}
    newest = snapshots[max(rows, key=_rank).notification_id]
    absent = [row for row in rows if row.id not in newest]
    absent.sort(key=lambda row: (_rank(row), snapshots[row.notification_id].index(row.id)))
    gone = absent[max(map(len, snapshots.values())) - len(newest) :]
    since = min(map(_rank, gone), default=None)
    left = members.difference(row.id for row in gone)
    return {row.id: since is not None and _rank(row) > since for row in rows if row.id in left}


def _rank(row: Row[Any]) -> tuple[int, str, int, str]:
    return row.captured_at, row.epoch or "", row.seq or 0, row.envelope_id
