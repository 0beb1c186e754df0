"""Commits what was read, and sets aside the one delivery that no database takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

import structlog

from veilleur.ingest.unstorable import bare, unstorable
from veilleur.model.alarms import AlarmCode
from veilleur.model.arrival import Arrival, DeadArrival, Fate
from veilleur.model.errors import StoreConflict, StoreRefused
from veilleur.model.unpaired import UnpairedDevices
from veilleur.store.alarms import raise_alarm
from veilleur.store.commit import commit_batch
from veilleur.store.database import Database
from veilleur.store.instants import to_ms
from veilleur.store.line_texts import LineTeller
from veilleur_bridge.topics import NAMELESS_DEVICE

# Another daemon's commit is seen by the next try. What conflicts more often conflicts with itself.
_CONFLICTS: Final = 5

log = structlog.get_logger()


class Committer:
    """Commits batches to one database; the same batch given twice changes nothing the second time."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        unpaired: UnpairedDevices = UnpairedDevices.ACCEPT,
        *,
        teller: LineTeller,
    ) -> None:
        self._database = database
        self._clock = clock
        self._unpaired = unpaired
        self._teller = teller

    def commit(self, batch: Sequence[Arrival | DeadArrival], *, is_replayed: bool = False) -> Fate:
        """Commit what was read; raises StoreBusy where nothing was written and it may be tried again."""
        for _ in range(_CONFLICTS):
            try:
                return self._commit_whole(batch, is_replayed=is_replayed)
            except StoreConflict:
                log.warning("batch conflicts with what another wrote", count=len(batch))
            except StoreRefused:
                break
        return self._commit_apart(batch, is_replayed=is_replayed)

    def _commit_whole(self, batch: Sequence[Arrival | DeadArrival], *, is_replayed: bool) -> Fate:
        now_ms = to_ms(self._clock())
        return commit_batch(
            self._database,
            batch,
            now_ms=now_ms,
            is_replayed=is_replayed,
            unpaired=self._unpaired,
            teller=self._teller,
        )

    def _commit_apart(self, batch: Sequence[Arrival | DeadArrival], *, is_replayed: bool) -> Fate:
        """Commit half by half, so that the one value that does not fit takes nothing else with it."""
        if len(batch) == 1:
            return self._set_aside(batch[0], is_replayed=is_replayed)
        middle = len(batch) // 2
        return sum((self.commit(half, is_replayed=is_replayed) for half in (batch[:middle], batch[middle:])), Fate())

    def _set_aside(self, one: Arrival | DeadArrival, *, is_replayed: bool) -> Fate:
        """Keep as much of one delivery as the database takes: nothing that a stranger sends may stop the line."""
        for kept in (unstorable(one), bare(one, device=NAMELESS_DEVICE)):
            try:
                return self._commit_whole([kept], is_replayed=is_replayed)
            except (StoreConflict, StoreRefused):
                log.warning("dead letter does not fit", reason=kept.reason, size=len(kept.payload))
        log.error("delivery could not be kept", size=len(one.payload))
        detail = f"a message of {len(one.payload)} bytes fits the database in no form: it is gone, see the daemon's log"
        raise_alarm(self._database, AlarmCode.NOT_KEPT, one.device, detail, self._clock())
        return Fate(dead=1)
