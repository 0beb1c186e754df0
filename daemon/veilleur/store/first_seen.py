"""When an actor was first seen: by what arrived first, so that the answer stays the same however it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct
from sqlalchemy import String, cast, func

from veilleur.model.mention import Mention
from veilleur.model.scope import Scope
from veilleur.query.expression import Query, TextColumn, Words, all_of, any_of
from veilleur.query.tokens import names_text
from veilleur.store.database import Database
from veilleur.store.instants import to_ms
from veilleur.store.search import search
from veilleur.store.tables import mentions

_ACTORS_A_QUESTION: Final = 50


class ActorKey(Struct, frozen=True):
    """One actor of a platform: by the handle, by the name where none was shown."""

    platform: str
    handle: str | None
    name: str


class Arrival(Struct, frozen=True, order=True):
    """The place of a mention in the order in which they arrived."""

    received_at_ms: int
    mention_id: str


def actor_key(mention: Mention) -> ActorKey | None:
    """Return by what a mention's actor is known again; None for one without a name that can be sought."""
    actor = mention.actor
    if actor is None or not names_text(actor.name, None, None).strip():
        return None
    return ActorKey(mention.platform, actor.handle, actor.name)


def arrival_of(mention: Mention) -> Arrival:
    """Return when a mention arrived."""
    return Arrival(to_ms(mention.received_at), mention.id)


def first_arrivals(
    database: Database, scope: Scope, query: Query, actors: Iterable[ActorKey]
) -> dict[ActorKey, Arrival]:
    """Return the first mention of each actor in a query; actors without one are left out."""
    found: dict[ActorKey, Arrival] = {}
    asked = tuple(actors)
    for begin in range(0, len(asked), _ACTORS_A_QUESTION):
        found |= _first_of(database, scope, query, asked[begin : begin + _ACTORS_A_QUESTION])
    return found


def _first_of(database: Database, scope: Scope, query: Query, actors: Sequence[ActorKey]) -> dict[ActorKey, Arrival]:
    named = any_of(_sought(name) for name in dict.fromkeys(one.name for one in actors))
    asked = search(Query(all_of((named, *query.demands))), scope, is_sqlite=database.is_sqlite)
    held = mentions.c
    about = (held.platform, held.actor_handle, held.actor_name)
    first = func.min(cast(held.received_at, String) + " " + held.id).label("first")
    with database.reading() as connection:
        rows = connection.execute(asked.rows([*about, first]).group_by(*about)).all()
    found: dict[ActorKey, Arrival] = {}
    for one in actors:
        is_its = [row for row in rows if row.platform == one.platform and _is_of(one, row.actor_handle, row.actor_name)]
        places = [row.first.split(" ") for row in is_its]
        if places:
            found[one] = min(Arrival(int(at_ms), mention_id) for at_ms, mention_id in places)
    return found


def _is_of(one: ActorKey, handle: str | None, name: str) -> bool:
    return handle == one.handle if one.handle else name == one.name


def _sought(name: str) -> Words:
    return Words(tuple(names_text(name, None, None).split()), name, TextColumn.NAMES)
