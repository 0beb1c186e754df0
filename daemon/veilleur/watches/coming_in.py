"""What comes in for watches: each change held against every active watch, as a search right now would."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Final

import structlog
from msgspec import Struct

from veilleur.model.changes import Change
from veilleur.model.errors import QueryError
from veilleur.model.watch import Watch
from veilleur.query.matching import Matches, matchable, matcher
from veilleur.query.said_terms import asks_what_is_said
from veilleur.store.consumers import Consumer
from veilleur.store.database import Database
from veilleur.store.watch_hits import Hit, note_hits
from veilleur.store.watches import active_watches, has_active_watch
from veilleur.watches.asking import asked_now

CONSUMER: Final = "watches"

log = structlog.get_logger()

Clock = Callable[[], datetime]


class AskedWatch(Struct, frozen=True):
    """A watch and whether a mention is what it asks for at one moment.

    What people say of an old mention makes it come in for a watch that asks what is said, and for no other.
    """

    watch: Watch
    matches: Matches
    asks_what_is_said: bool


def asked_watches(watches: Iterable[Watch], now: datetime) -> list[AskedWatch]:
    """Return the watches ready to be asked; one whose query this release cannot read holds up no other."""
    asked: list[AskedWatch] = []
    for watch in watches:
        try:
            query = asked_now(watch.query, watch.zone, now)
            asked.append(AskedWatch(watch, matcher(query), asks_what_is_said(query)))
        except QueryError as error:
            log.warning("a watch cannot be read", watch=watch.id, column=error.column)
    return asked


def hits_of(watches: Sequence[AskedWatch], changes: Iterable[Change]) -> list[Hit]:
    """Return what of these changes is in which watch now."""
    hits: list[Hit] = []
    for change in changes:
        if change.mention is None:
            continue
        ready = matchable(change.mention)
        hits += (
            Hit(asked.watch.id, asked.watch.version, change.mention_id)
            for asked in watches
            if asked.watch.project == change.project
            and (asked.asks_what_is_said or not change.is_said)
            and asked.matches(ready)
        )
    return hits


def watch_consumer(database: Database, clock: Clock) -> Consumer[list[Hit]]:
    """Return what notes the mentions that come in for watches; a replayed log brings nothing new."""

    def judge(changes: Sequence[Change]) -> list[Hit]:
        return hits_of(asked_watches(active_watches(database), clock()), changes)

    return Consumer(CONSUMER, judge, note_hits, partial(has_active_watch, database))
