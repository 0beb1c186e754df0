"""Whether a mention is shown: its row, the word index and the roll-up change together."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select, update

from veilleur.model.identity import MentionId
from veilleur.store.among import among
from veilleur.store.tables import mentions
from veilleur.store.tallies import tally_stored
from veilleur.store.word_index import index, unindex


def show(connection: Connection, mention_ids: Sequence[MentionId], *, is_shown: bool) -> None:
    """Show these mentions in lists and counts, or hide them; those that already are so stay so."""
    if not mention_ids:
        return
    those = among(connection, mentions.c.id, mention_ids) & (mentions.c.is_shown.is_(not is_shown))
    orders = list(connection.execute(select(mentions.c.ord).where(those)).scalars())
    if not orders:
        return
    if not is_shown:
        unindex(connection, orders)
        tally_stored(connection, orders, -1)
    connection.execute(update(mentions).where(among(connection, mentions.c.ord, orders)).values(is_shown=is_shown))
    if is_shown:
        index(connection, orders)
        tally_stored(connection, orders, 1)


def turn(connection: Connection, rows: Sequence[tuple[MentionId, bool]]) -> None:
    """Hide of these mentions those that are shown, and show the others; each comes with whether it is."""
    for is_shown in (True, False):
        show(connection, [mention_id for mention_id, was_shown in rows if was_shown is not is_shown], is_shown=is_shown)
