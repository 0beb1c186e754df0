"""Following mentions live: changes as they are committed, each with the place from which to go on after it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Final

from msgspec import Struct

from veilleur.model.changes import Change
from veilleur.model.errors import StaleCursor, StoreError
from veilleur.model.scope import Scope
from veilleur.store.changes import follow_changes, newest_cursor
from veilleur.store.database import Database

LOOK_EVERY_S: Final = 0.4
_MOST_CHANGES: Final = 200


class Happened(Struct, frozen=True):
    """Changes in order, each with the cursor of the place after it; `cursor` is the place after all of them."""

    changes: tuple[tuple[str, Change], ...]
    cursor: str


class Lost(Struct, frozen=True):
    """The place is not there any more: everything is read anew, and `cursor` goes on from here."""

    cursor: str


class Quiet(Struct, frozen=True):
    """Nothing happened since the last look; `cursor` is the place."""

    cursor: str


Look = Happened | Lost | Quiet


class Following:
    """One reader that follows changes; it holds no more than one batch, and reads on as fast as it is asked."""

    def __init__(self, database: Database, scope: Scope, *, is_over: Callable[[], bool]) -> None:
        self._database = database
        self._scope = scope
        self._is_over = is_over

    async def looks(self, cursor: str | None) -> AsyncIterator[Look]:
        """Yield what happened after a cursor (None: from now on), look by look, until it is over.

        Ends as well where the database does not answer: whoever follows comes again and goes on.
        """
        try:
            place = await asyncio.to_thread(newest_cursor, self._database, self._scope) if cursor is None else cursor
            if cursor is None:
                yield Quiet(place)
            while not self._is_over():
                look, has_more = await asyncio.to_thread(self._look, place)
                place = look.cursor
                yield look
                if not has_more:
                    await self._pause()
        except StoreError:
            return

    def _look(self, cursor: str) -> tuple[Look, bool]:
        try:
            page = follow_changes(self._database, self._scope, after=cursor, limit=_MOST_CHANGES)
        except StaleCursor:
            return Lost(newest_cursor(self._database, self._scope)), False
        look = Happened(page.changes, page.next_cursor) if page.changes else Quiet(page.next_cursor)
        return look, page.has_more

    async def _pause(self) -> None:
        await asyncio.sleep(LOOK_EVERY_S)


async def numbered(looks: AsyncIterator[Look]) -> AsyncIterator[tuple[int, Look]]:
    """Yield looks with their numbers from 0."""
    number = 0
    async for look in looks:
        yield number, look
        number += 1
