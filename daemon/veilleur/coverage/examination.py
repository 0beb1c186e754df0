"""One look as a whole: what the store holds and the clock → what the ledger and the alarms should say."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final, TypeVar

from msgspec import Struct

from veilleur.coverage.alarms import device_alarms, gap_alarms
from veilleur.coverage.drift import drift_alarms
from veilleur.coverage.progress import ReceiptProgress
from veilleur.coverage.recent import RecentArrivals
from veilleur.coverage.seen import Limits, Seen
from veilleur.coverage.states import state_changes
from veilleur.model.alarms import AlarmCode, AlarmKey
from veilleur.model.coverage import MissingSpan
from veilleur.store.coverage_rows import StateChanges

RULED: Final = frozenset(
    {
        AlarmCode.DEVICE_SILENT,
        AlarmCode.LISTENER_DEAD,
        AlarmCode.SATURATED,
        AlarmCode.GAP,
        AlarmCode.LOST,
        AlarmCode.SEQ_CONFLICT,
        AlarmCode.NO_RECEIPT_PROGRESS,
        AlarmCode.QUARANTINE_BURST,
        AlarmCode.PARSER_DRIFT,
        AlarmCode.REFUSED_PAYLOADS,
        AlarmCode.CONFIG_REFUSED,
        AlarmCode.DEVICE_PROBLEM,
        AlarmCode.APP_UNOPENED,
        AlarmCode.WRONG_DEVICE,
        AlarmCode.FLOOD,
        AlarmCode.BROKER_DOWN,
        AlarmCode.INGEST_STALLED,
    }
)
"""The alarms that stand and fall with a look."""

_PART_CODES: Final = {
    "broker": AlarmCode.BROKER_DOWN,
    "source": AlarmCode.BROKER_DOWN,
    "receipts": AlarmCode.BROKER_DOWN,
    "ingest": AlarmCode.INGEST_STALLED,
}
_Key = TypeVar("_Key", bound=Hashable)


class Examination(Struct, frozen=True):
    """What should be written: changes of states, gaps still missing, and every alarm that is due."""

    states: StateChanges
    missing: frozenset[MissingSpan]
    alarms: Mapping[AlarmKey, str]


class Examiner:
    """Judges look after look; it knows no clock and no store, and remembers only how long things have been so."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._missing_since: dict[MissingSpan, datetime] = {}
        self._stopped_since: dict[AlarmKey, datetime] = {}
        self._recent = RecentArrivals()
        self._progress = ReceiptProgress()

    def examine(self, seen: Seen) -> Examination:
        """Return what is due after this look."""
        self._recent.take_in(seen)
        self._missing_since = _since(self._missing_since, seen.missing, seen.now)
        missing = frozenset(_lasting(self._missing_since, seen.now, self._limits.gap_after))
        alarms = dict(self._alarms(seen, missing))
        return Examination(state_changes(seen, self._limits), missing, alarms)

    def _alarms(self, seen: Seen, missing: Collection[MissingSpan]) -> Iterator[tuple[AlarmKey, str]]:
        yield from device_alarms(seen, self._limits)
        yield from gap_alarms(seen, missing)
        yield from self._recent.alarms(seen, self._limits)
        yield from self._progress.alarms(seen, self._limits)
        yield from drift_alarms(seen.wordings)
        stopped = {
            AlarmKey(_PART_CODES[part.name], part.name): part.detail or "it does not answer"
            for part in seen.parts
            if not part.is_ok and part.name in _PART_CODES
        }
        self._stopped_since = _since(self._stopped_since, stopped, seen.now)
        for key in _lasting(self._stopped_since, seen.now, self._limits.gap_after):
            yield key, stopped[key]


def _since(known: Mapping[_Key, datetime], now_so: Collection[_Key], now: datetime) -> dict[_Key, datetime]:
    """Return since when each has been so: what is no longer so is forgotten."""
    return {key: known.get(key, now) for key in now_so}


def _lasting(since: Mapping[_Key, datetime], now: datetime, patience: timedelta) -> Iterator[_Key]:
    return (key for key, first in since.items() if now - first >= patience)
