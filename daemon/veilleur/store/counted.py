"""How far back a query's mentions are counted: all of them, or its newest where counting all would take too long."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Select

from veilleur.store.instants import from_ms
from veilleur.store.order import instant_of
from veilleur.store.search import Search


class Counted(Struct, frozen=True):
    """The mentions of a query that are counted: from the order number `since` on, all of them where it is None."""

    asked: Search
    since: int | None

    @property
    def since_at(self) -> datetime | None:
        """Return from when on everything is counted; None: from the beginning."""
        return None if self.since is None else from_ms(instant_of(self.since))

    def orders(self) -> Select[Any]:
        """Return the SELECT of the order numbers of what is counted, as `ord`."""
        found = self.asked.orders()
        return found if self.since is None else found.where(self.asked.order >= self.since)


def counted(connection: Connection, asked: Search, most: int) -> Counted:
    """Return what is counted of a query, where `most` mentions may be looked at."""
    beyond = asked.reach(connection, most + 1)
    return Counted(asked, None if beyond is None else beyond + 1)
