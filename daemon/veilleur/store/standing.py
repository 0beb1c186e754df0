"""How mentions stand in the tables, and how they should: a reparse writes those anew where the two differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import Connection, Table, delete, select

from veilleur.model.arrival import IndexTokens
from veilleur.model.identity import MentionId
from veilleur.store.among import among
from veilleur.store.database import Database
from veilleur.store.mention_rows import COLUMNS, mention_row
from veilleur.store.merging import TERMS, Seen, terms_of
from veilleur.store.tables import mention_words, mentions
from veilleur.store.word_index import remove_words

# Of a mention's row, what its own sighting does not decide: its order number, and what others of its fold or its place
# make of it.
_UNDECIDED: Final = {"ord", "is_shown", "edited"}
_DECIDED: Final = tuple(at for at, name in enumerate(COLUMNS) if name not in _UNDECIDED)
_SHOWN = COLUMNS.index("is_shown")
_SHARED: Final = (COLUMNS.index("fold_id"), COLUMNS.index("slot_id"))
_BATCH: Final = 1_000
Cells = tuple[Any, ...]


class Standing(Struct, frozen=True):
    """One mention over all of its tables; `tokens` None where it is in no word index."""

    row: Cells
    tokens: IndexTokens | None
    terms: frozenset[tuple[str, str]]


def due_standing(one: Seen, *, is_deleted: bool) -> Standing:
    """Return how the mention that a sighting tells should stand."""
    sighting = one.sighting
    row = mention_row(0, one.project, one.notification_id, one.arrival, sighting, fold=one.fold, is_deleted=is_deleted)
    terms = ((field, value) for _, _, field in TERMS for value in terms_of(sighting, field))
    return Standing(_decided(row), sighting.tokens, frozenset(terms))


def stored_standings(connection: Connection, mention_ids: Sequence[MentionId]) -> dict[MentionId, Standing]:
    """Return how those of these mentions that are there stand."""
    rows = connection.execute(select(*mentions.columns).where(among(connection, mentions.c.id, mention_ids))).all()
    orders = [row.ord for row in rows]
    held = connection.execute(select(mention_words).where(among(connection, mention_words.c.ord, orders)))
    tokens = {row.ord: IndexTokens(row.words, row.names, row.places) for row in held}
    terms: dict[int, set[tuple[str, str]]] = {}
    for table, term, field in TERMS:
        for value, order in connection.execute(
            select(table.c[term], table.c.ord).where(among(connection, table.c.ord, orders))
        ):
            terms.setdefault(order, set()).add((field, value))
    return {
        row.id: Standing(_decided(tuple(row)), tokens.get(row.ord), frozenset(terms.get(row.ord, ()))) for row in rows
    }


def differences(stored: Standing, due: Standing) -> dict[str, tuple[Any, Any]]:
    """Return each field of a mention that should stand otherwise, with what it is and what it would be.

    Words and terms of the index follow from these fields; where they alone differ, `index` does.
    """
    names = [COLUMNS[at] for at in _DECIDED]
    pairs = zip(names, stored.row, due.row, strict=False)
    found = {name: (before, after) for name, before, after in pairs if before != after}
    return found or {"index": (None, None)}


def sweep_strays(database: Database, connection: Connection) -> None:
    """Take out words and terms of mentions that are gone, which would be in the way."""
    for table in (mention_words, *(table for table, _, _ in TERMS)):
        while orders := _stray_orders(database, table):
            with connection.begin():
                if table is mention_words:
                    remove_words(connection, orders)
                else:
                    connection.execute(delete(table).where(among(connection, table.c.ord, orders)))


def _stray_orders(database: Database, table: Table) -> list[int]:
    strays = select(table.c.ord).where(table.c.ord.not_in(select(mentions.c.ord))).limit(_BATCH)
    with database.reading() as connection:
        return list(connection.execute(strays).scalars())


def _decided(row: Cells) -> Cells:
    return (*(row[at] for at in _DECIDED), row[_SHOWN] or any(row[at] is not None for at in _SHARED))
