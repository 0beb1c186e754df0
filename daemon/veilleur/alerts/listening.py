"""Keeps the alarm of each app that has gone silent against its own rhythm."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Final

from veilleur.alerts.rhythm import LOOKED_AT, Rhythm, Silence, rhythm_of, unusual_silence
from veilleur.model.alarms import AlarmCode, AlarmKey
from veilleur.store.alarms import open_alarms, settle_alarms
from veilleur.store.app_arrivals import AppKey, app_arrivals
from veilleur.store.database import Database
from veilleur.store.instants import to_ms
from veilleur.wording.spans import silence_text

_AWAY: Final = frozenset({AlarmCode.DEVICE_SILENT, AlarmCode.LISTENER_DEAD, AlarmCode.BROKER_DOWN})
_MADE_ANEW_AFTER: Final = timedelta(hours=1)
_LOOK_AFTER: Final = timedelta(seconds=60)


class AppListener:
    """Looks once a minute; what it remembers is read from the store when it begins."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._times: dict[AppKey, list[int]] = defaultdict(list)
        self._rhythms: dict[AppKey, Rhythm | None] = {}
        self._through = 0
        self._looked_at: datetime | None = None
        self._made_at: datetime | None = None
        self.silences: dict[str, Silence] = {}
        """Those that the last look found, by the subject of their alarm."""

    def look(self, now: datetime) -> None:
        """Raise the alarm of each app that is unusually silent, and close those that are over."""
        if self._looked_at is not None and now - self._looked_at < _LOOK_AFTER:
            return
        self._looked_at = now
        self._hear(now)
        away = {alarm.subject for alarm in open_alarms(self._database) if alarm.code in _AWAY}
        self.silences = {
            app.subject: silence
            for app, times in self._times.items()
            # A device that says nothing has an alarm of its own, and what is not heard is not silent.
            if app.device not in away and (silence := self._silence(app, times, now)) is not None
        }
        wanted = {
            AlarmKey(AlarmCode.APP_SILENT, subject): silence_text(one.lasted, one.usual)
            for subject, one in self.silences.items()
        }
        settle_alarms(self._database, wanted, ruled=(AlarmCode.APP_SILENT,), now=now)

    def _hear(self, now: datetime) -> None:
        found, self._through = app_arrivals(self._database, since_at=now - LOOKED_AT, after_id=self._through)
        for app, times in found.items():
            for at_ms in sorted(times):
                insort(self._times[app], at_ms)
        if self._made_at is None or now - self._made_at >= _MADE_ANEW_AFTER:
            self._made_at = now
            for app, times in self._times.items():
                del times[: bisect_left(times, to_ms(now - LOOKED_AT))]
                self._rhythms[app] = rhythm_of(times)

    def _silence(self, app: AppKey, times: list[int], now: datetime) -> Silence | None:
        rhythm = self._rhythms.get(app)
        if rhythm is None or not times:
            return None
        return unusual_silence(rhythm, times[-1], to_ms(now))
