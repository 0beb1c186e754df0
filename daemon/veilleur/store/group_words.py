"""What children of a group said, so that its summary tells nothing twice (DESIGN §4): a child withdraws a candidate."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, delete, select, update

from veilleur.model.arrival import Arrival
from veilleur.model.identity import Identity, MentionId, NotificationPart
from veilleur.store.among import among
from veilleur.store.bulk import insert_rows
from veilleur.store.said_keys import words_id
from veilleur.store.undated_tables import group_words, summary_candidates, undated_messages


def said(arrival: Arrival, identity: Identity) -> tuple[int, ...]:
    """Return the key of what this message of a child says, none where no summary repeats it."""
    group = arrival.reading.group
    return () if group is None else (words_id(group, _words(identity)),)


def note_said(connection: Connection, said_ids: Collection[int]) -> list[MentionId]:
    """Keep what children said, and withdraw the candidates that say the same; return those."""
    if not said_ids:
        return []
    insert_rows(connection, group_words, ("words_id",), [(one,) for one in sorted(said_ids)], ignore=True)
    repeating = select(summary_candidates.c.mention_id).where(
        among(connection, summary_candidates.c.words_id, said_ids)
    )
    found = sorted(set(connection.execute(repeating).scalars()))
    if found:
        told = undated_messages.c
        withdrawing = update(undated_messages).where(among(connection, told.mention_id, found))
        connection.execute(withdrawing.values(is_withdrawn=True))
        forget_candidates(connection, found)
    return found


def already_said(connection: Connection, wanted: Collection[int]) -> set[int]:
    """Return which of these a child has said."""
    query = select(group_words.c.words_id).where(among(connection, group_words.c.words_id, wanted))
    return set(connection.execute(query).scalars())


def note_candidates(connection: Connection, rows: Iterable[tuple[int, MentionId]]) -> None:
    """Keep what the candidates say that stand."""
    insert_rows(connection, summary_candidates, ("words_id", "mention_id"), sorted(set(rows)), ignore=True)


def forget_candidates(connection: Connection, mention_ids: Collection[MentionId]) -> None:
    """Take out candidates that stand no longer."""
    gone = among(connection, summary_candidates.c.mention_id, mention_ids)
    connection.execute(delete(summary_candidates).where(gone))


def _words(identity: Identity) -> str:
    """Return the words as they were shown; a single notification's stand under its title."""
    return identity.words.partition("\n")[2] if isinstance(identity, NotificationPart) else identity.words
