"""What `veilleur doctor` says of open alarms, and of when somebody last looked for what is wrong."""

from __future__ import annotations

from typing import Final

from veilleur.model.alarms import Alarm
from veilleur.store.alarms import open_alarms
from veilleur.store.database import Database
from veilleur.store.watching import last_look

ADVICE: Final = "what each means and what to do: docs/guides/coverage.md; they close by themselves once it is well"


def alarm_words(database: Database) -> tuple[bool, str]:
    """Return whether no alarm is open, and a line for each that is, the longest lasting first."""
    looked_at = last_look(database)
    seen = "a daemon has never looked" if looked_at is None else f"last looked {looked_at:%Y-%m-%d %H:%M} UTC"
    alarms = open_alarms(database)
    if not alarms:
        return True, f"none is open ({seen})"
    return False, "\n".join((f"{len(alarms)} open ({seen})", *(_line(alarm) for alarm in alarms)))


def _line(alarm: Alarm) -> str:
    return f"{alarm.code} {alarm.subject} since {alarm.since_at:%Y-%m-%d %H:%M} UTC: {alarm.detail}"
