"""What one look of the Watchman works on, and how patient its rules are."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct

from veilleur.model.coverage import LostTally, MissingSpan, OpenInterval
from veilleur.model.drift import RecentWordings
from veilleur.model.readiness import PartState
from veilleur.model.watched import Arrivals, WatchedDevice


class Limits(Struct, frozen=True, kw_only=True):
    """From when on something is wrong; `gap_after` and `progress_after` say how long it must have been so."""

    gap_after: timedelta = timedelta(seconds=15)
    progress_after: timedelta = timedelta(seconds=30)
    silent_intervals: int = 3
    canary_intervals: float = 2.5
    many_active: int = 20
    saturated_active: int = 25
    unopened_for: timedelta = timedelta(days=21)
    clock_error: timedelta = timedelta(minutes=10)
    flood_per_minute: int = 1_200
    flood_times_others: int = 10
    quarantine_burst: int = 20
    quarantine_share: float = 0.5


class Seen(Struct, frozen=True, kw_only=True):
    """Everything one look sees, at `now`; `watching_since` is when this daemon began to listen to statuses."""

    now: datetime
    watching_since: datetime
    devices: tuple[WatchedDevice, ...] = ()
    open_states: tuple[OpenInterval, ...] = ()
    missing: tuple[MissingSpan, ...] = ()
    newly_lost: tuple[LostTally, ...] = ()
    arrivals: Arrivals = Arrivals()
    parts: tuple[PartState, ...] = ()
    wordings: tuple[RecentWordings, ...] = ()
