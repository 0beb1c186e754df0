"""How much is stored that is public, counted at most every two seconds: the first page is open to everyone."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Final

from msgspec import Struct

from veilleur.model.errors import StoreError
from veilleur.model.scope import Scope
from veilleur.store.database import Database
from veilleur.store.devices import list_devices
from veilleur.store.mentions import total_mentions

_FRESH_S: Final = 2.0
_PUBLIC: Final = Scope()


class Totals(Struct, frozen=True):
    """How many rows there are that every reader may see."""

    notifications: int
    mentions: int


class StoredTotals:
    """The totals of one database, remembered for a moment; one thread counts at a time."""

    def __init__(self, database: Database, elapsed_s: Callable[[], float]) -> None:
        self._database = database
        self._elapsed_s = elapsed_s
        self._lock = Lock()
        self._counted: tuple[float, Totals | None] | None = None

    def read(self) -> Totals | None:
        """Return the totals, None where the database does not answer."""
        with self._lock:
            elapsed_s = self._elapsed_s()
            if self._counted is None or elapsed_s - self._counted[0] >= _FRESH_S:
                self._counted = elapsed_s, self._count()
            return self._counted[1]

    def _count(self) -> Totals | None:
        try:
            devices = list_devices(self._database, _PUBLIC)
            mentions = total_mentions(self._database, _PUBLIC)
        except StoreError:
            return None
        return Totals(sum(device.notification_count for device in devices), mentions)
