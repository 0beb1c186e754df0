"""The order number of a mention: its time above, bits of its id below, so that one number sorts, pages and indexes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, select

from veilleur.model.arrival import Sighting
from veilleur.store.among import among
from veilleur.store.tables import mentions

_SALT_BITS: Final = 20
_MAX_TIME_MS: Final = 2**42 - 1


def first_order(at_ms: int) -> int:
    """Return the lowest order number of an instant, clamped to 1970 … 2109."""
    return min(max(at_ms, 0), _MAX_TIME_MS) << _SALT_BITS


def instant_of(order: int) -> int:
    """Return the instant that an order number holds, in milliseconds."""
    return order >> _SALT_BITS


def free_orders(connection: Connection, sightings: Sequence[Sighting]) -> list[int]:
    """Return an order number for each sighting; the next free one where two share an instant and a salt."""
    wanted = [_order(sighting) for sighting in sightings]
    taken = set(connection.execute(select(mentions.c.ord).where(among(connection, mentions.c.ord, wanted))).scalars())
    free: list[int] = []
    for order in wanted:
        candidate = order
        while candidate in taken or (candidate != order and _is_taken(connection, candidate)):
            candidate += 1
        taken.add(candidate)
        free.append(candidate)
    return free


def _order(sighting: Sighting) -> int:
    return first_order(sighting.happened_at_ms) | int(sighting.id[-_SALT_BITS // 4 :], 16)


def _is_taken(connection: Connection, order: int) -> bool:
    return connection.execute(select(mentions.c.ord).where(mentions.c.ord == order)).first() is not None
