"""The watch plan: kept as people write it, and held against what arrives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, select

from veilleur.model.errors import PlanError
from veilleur.model.plan import (
    MANY_ENTRIES,
    MOST_ENTRIES,
    PlanEntry,
    PlanKind,
    PlanStanding,
    alerts_query,
    checked_entry,
    silence_of,
    tag_url,
)
from veilleur.model.scope import Scope
from veilleur.query.expression import Expression, OneOf, Query, TextColumn, ValueField, Words, all_of
from veilleur.query.tokens import fold, handle_token, tokens
from veilleur.store.database import Database
from veilleur.store.instants import from_ms, to_ms
from veilleur.store.mentions import page_mentions
from veilleur.store.qualification_tables import plan_entries

_RHYTHM: Final = 50
_FIELDS: Final = ("kind", "target", "platform", "device", "authorised_by", "ground", "note")


def list_plan(database: Database, scope: Scope) -> tuple[PlanEntry, ...]:
    """Return the project's plan; groups are told only to who may read private mentions: their titles are."""
    return tuple(entry for entry, _ in _read(database, scope))


def plan_standing(database: Database, scope: Scope, *, now: datetime) -> tuple[PlanStanding, ...]:
    """Return each entry with what was heard of it, as far as this reader may know."""
    return tuple(_standing(database, scope, entry, since_at, now) for entry, since_at in _read(database, scope))


def save_plan(
    database: Database, scope: Scope, entries: Sequence[PlanEntry], *, by: str, now: datetime
) -> tuple[int, int]:
    """Enter these, each in the place of the one that follows the same; return how many are new and how many changed."""
    checked = [checked_entry(entry) for entry in entries]
    added, changed = 0, 0
    with database.writing() as connection:
        held = {_key(entry): entry for entry, _ in _rows(connection, scope.project)}
        if len({*held, *map(_key, checked)}) > MOST_ENTRIES:
            raise PlanError(MANY_ENTRIES, most=f"{MOST_ENTRIES:,}")
        for entry in checked:
            values = {name: getattr(entry, name) for name in _FIELDS} | {"kind": entry.kind.value}
            known = held.get(_key(entry))
            if known is None:
                made = {"project_id": scope.project, "created_by": by, "created_at": to_ms(now)}
                connection.execute(plan_entries.insert().values(values | made))
                added += 1
            elif known != entry:
                connection.execute(plan_entries.update().where(_is(scope, entry)).values(values))
                changed += 1
            held[_key(entry)] = entry
    return added, changed


def remove_entry(database: Database, scope: Scope, entry: PlanEntry) -> bool:
    """Take an entry out; False where there is none that this reader may know of."""
    if entry.kind is PlanKind.GROUP and not scope.may_read_private:
        return False
    with database.writing() as connection:
        return connection.execute(delete(plan_entries).where(_is(scope, entry))).rowcount == 1


def plan_query(entry: PlanEntry) -> Query | None:
    """Return what finds the mentions that an entry brought; None where its target holds nothing to look for."""
    found: list[Expression] = []
    if entry.kind is PlanKind.HASHTAG:
        return Query(Words((fold(entry.target),), entry.target))
    if entry.device is not None:
        found.append(OneOf(ValueField.DEVICE, (entry.device,)))
    if entry.kind is PlanKind.ACCOUNT and entry.target.startswith("@"):
        words: tuple[str, ...] = (handle_token(entry.target[1:]),)
    else:
        words = tuple(tokens(entry.target))
    if not words:
        return None
    column = TextColumn.PLACES if entry.kind is PlanKind.GROUP else TextColumn.NAMES
    if entry.kind is not PlanKind.FEED:
        found.append(OneOf(ValueField.PLATFORM, (entry.platform,)))
    return Query(all_of([Words(words, entry.target, column), *found]))


def _standing(database: Database, scope: Scope, entry: PlanEntry, since_at: datetime, now: datetime) -> PlanStanding:
    query = plan_query(entry)
    found = () if query is None else page_mentions(database, scope, query, limit=_RHYTHM).mentions
    arrivals_at = [mention.happened_at for mention in found]
    is_hashtag = entry.kind is PlanKind.HASHTAG
    return PlanStanding(
        entry=entry,
        last_at=arrivals_at[0] if arrivals_at else None,
        silence=silence_of(entry, arrivals_at, since_at, now),
        tag_url=tag_url(entry.target) if is_hashtag else None,
        alerts_query=alerts_query(entry.target) if is_hashtag else None,
    )


def _read(database: Database, scope: Scope) -> list[tuple[PlanEntry, datetime]]:
    with database.reading() as connection:
        rows = _rows(connection, scope.project)
    return [one for one in rows if scope.may_read_private or one[0].kind is not PlanKind.GROUP]


def _rows(connection: Connection, project: str) -> list[tuple[PlanEntry, datetime]]:
    query = select(plan_entries).where(plan_entries.c.project_id == project)
    order = (plan_entries.c.kind, plan_entries.c.target, plan_entries.c.id)
    return [(_entry(row), from_ms(row.created_at)) for row in connection.execute(query.order_by(*order))]


def _entry(row: Row[Any]) -> PlanEntry:
    plain = {name: getattr(row, name) for name in _FIELDS if name != "kind"}
    return PlanEntry(kind=PlanKind(row.kind), **plain)


def _key(entry: PlanEntry) -> tuple[PlanKind, str, str, str | None]:
    return entry.kind, entry.target, entry.platform, entry.device


def _is(scope: Scope, entry: PlanEntry) -> ColumnElement[bool]:
    held = plan_entries.c
    of_device = held.device.is_(None) if entry.device is None else held.device == entry.device
    is_it = and_(held.kind == entry.kind.value, held.target == entry.target, held.platform == entry.platform)
    return and_(held.project_id == scope.project, is_it, of_device)
