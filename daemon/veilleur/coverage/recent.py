"""What arrived lately: a flood, wordings that nobody understands any more, payloads that nobody can read."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from statistics import median_low
from typing import Final

from msgspec import Struct

from veilleur.coverage.seen import Limits, Seen
from veilleur.model.alarms import AlarmCode, AlarmKey
from veilleur.model.coverage import LostTally
from veilleur.model.kinds import OutcomeKind
from veilleur.model.watched import ArrivalTally, DeadLetterTally

MINUTE: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
_MOST_CLAIMED: Final = timedelta(days=3)
_DEAD_CODES: Final = {"seq_conflict": AlarmCode.SEQ_CONFLICT, "wrong_device": AlarmCode.WRONG_DEVICE}
_DEAD_WORDS: Final = {
    AlarmCode.SEQ_CONFLICT: "{count} envelopes had a seq that another one had: are two devices using one spool?",
    AlarmCode.WRONG_DEVICE: "{count} envelopes named another device than the topic they came by",
    AlarmCode.REFUSED_PAYLOADS: "{count} payloads could not be read ({reasons}): `veilleur coverage` tells when",
}


class _Rate(Struct, frozen=True):
    """What one tally adds to its device's rate for a minute."""

    device_id: int
    received_at: datetime
    per_minute: int


class RecentArrivals:
    """The tallies of the last hour by when we received them, and the losses of the last day by when we found them."""

    def __init__(self) -> None:
        self._tallies: deque[ArrivalTally] = deque()
        self._dead: deque[DeadLetterTally] = deque()
        self._lost: deque[tuple[datetime, LostTally]] = deque()
        self._rates: deque[_Rate] = deque()
        self._unclaimed: dict[int, timedelta] = {}
        self._looked_at: datetime | None = None

    def take_in(self, seen: Seen) -> None:
        """Add what one look saw, and forget what is older than an hour, or of what was lost, a day."""
        # A replayed log tells how an app spoke and how much came when it was written.
        live = [tally for tally in seen.arrivals.notifications if not tally.is_replayed]
        self._tallies.extend(live)
        self._dead.extend(seen.arrivals.dead_letters)
        self._rate(seen, live)
        horizon = seen.now - HOUR
        self._tallies = deque(tally for tally in self._tallies if tally.received_at > horizon)
        self._dead = deque(tally for tally in self._dead if tally.received_at > horizon)
        self._lost.extend((seen.now, lost) for lost in seen.newly_lost)
        self._lost = deque((at, lost) for at, lost in self._lost if at > seen.now - DAY)

    def alarms(self, seen: Seen, limits: Limits) -> Iterator[tuple[AlarmKey, str]]:
        """Yield what is wrong with what arrived lately."""
        names = {device.id: device.name for device in seen.devices}
        yield from _floods(self._per_minute(), names, limits)
        yield from self._bursts(names, limits)
        yield from self._unread(names)
        yield from self._losses(names)

    def _rate(self, seen: Seen, live: Sequence[ArrivalTally]) -> None:
        """Spread what came over the time that its device says it was captured in: a spool that empties is no flood.

        A device may claim no more of its own time than has passed: one that dates a flood over days is told soon.
        """
        passed = timedelta(0) if self._looked_at is None else seen.now - self._looked_at
        self._looked_at = seen.now
        for device_id in self._unclaimed:
            self._unclaimed[device_id] = min(self._unclaimed[device_id] + passed, _MOST_CLAIMED)
        claimed: dict[int, timedelta] = {}
        for tally in live:
            left = self._unclaimed.setdefault(tally.device_id, DAY)
            span = min(tally.last_captured_at - tally.first_captured_at, left)
            claimed[tally.device_id] = max(span, claimed.get(tally.device_id, span))
            per_minute = int(tally.count * (MINUTE / max(span, MINUTE)))
            self._rates.append(_Rate(tally.device_id, tally.received_at, per_minute))
        for device_id, span in claimed.items():
            self._unclaimed[device_id] -= span
        self._rates = deque(rate for rate in self._rates if rate.received_at > seen.now - MINUTE)

    def _per_minute(self) -> dict[int, int]:
        rates: Counter[int] = Counter()
        for rate in self._rates:
            rates[rate.device_id] += rate.per_minute
        return rates

    def _bursts(self, names: dict[int, str], limits: Limits) -> Iterator[tuple[AlarmKey, str]]:
        every: Counter[tuple[int, str]] = Counter()
        unknown: Counter[tuple[int, str]] = Counter()
        for tally in self._tallies:
            every[tally.device_id, tally.package] += tally.count
            if tally.outcome is OutcomeKind.QUARANTINED:
                unknown[tally.device_id, tally.package] += tally.count
        for (device_id, package), count in sorted(unknown.items()):
            total = every[device_id, package]
            if device_id in names and count >= limits.quarantine_burst and count >= limits.quarantine_share * total:
                detail = f"{count} of {total} of the last hour were not understood: has the app changed its wording?"
                yield AlarmKey(AlarmCode.QUARANTINE_BURST, f"{names[device_id]}:{package}"), detail

    def _unread(self, names: dict[int, str]) -> Iterator[tuple[AlarmKey, str]]:
        counts: Counter[tuple[int, AlarmCode]] = Counter()
        reasons: dict[tuple[int, AlarmCode], set[str]] = {}
        for tally in self._dead:
            key = tally.device_id, _DEAD_CODES.get(tally.reason, AlarmCode.REFUSED_PAYLOADS)
            counts[key] += tally.count
            reasons.setdefault(key, set()).add(tally.reason)
        for (device_id, code), count in sorted(counts.items()):
            if device_id in names:
                words = _DEAD_WORDS[code].format(count=count, reasons=", ".join(sorted(reasons[device_id, code])))
                yield AlarmKey(code, names[device_id]), f"in the last hour {words}"

    def _losses(self, names: dict[int, str]) -> Iterator[tuple[AlarmKey, str]]:
        for device_id in sorted({lost.device_id for _, lost in self._lost} & names.keys()):
            own = [lost for _, lost in self._lost if lost.device_id == device_id]
            reasons = ", ".join(sorted({reason for lost in own for reason in lost.reasons}))
            count = sum(lost.count for lost in own)
            detail = f"in the last day {count} notifications were found to be lost for good ({reasons})"
            yield AlarmKey(AlarmCode.LOST, names[device_id]), detail


def _floods(rates: dict[int, int], names: dict[int, str], limits: Limits) -> Iterator[tuple[AlarmKey, str]]:
    for device_id, rate in sorted(rates.items()):
        usual = median_low([rates.get(other, 0) for other in names if other != device_id] or [0])
        if device_id in names and rate >= limits.flood_per_minute and rate >= limits.flood_times_others * usual:
            detail = f"more than {_rounded(rate)} notifications a minute; another device usually sends {usual}"
            yield AlarmKey(AlarmCode.FLOOD, names[device_id]), detail


def _rounded(rate: int) -> int:
    """Return one figure and noughts, so that an alarm is not reworded at each look."""
    step: int = 10 ** (len(str(rate)) - 1)
    return rate - rate % step
