"""Tells as alarms which plug-ins of this daemon are suspended."""

from __future__ import annotations

from datetime import datetime

from veilleur.app.plugins.standing import Standings
from veilleur.model.alarms import AlarmCode, AlarmKey
from veilleur.store.alarms import clear_alarm, open_alarms, settle_alarms
from veilleur.store.database import Database


def tell_suspensions(database: Database, standings: Standings, daemon: str, now: datetime) -> None:
    """Raise an alarm for each suspended plug-in, and end those of this daemon whose plug-in reads again."""
    wanted = {
        AlarmKey(AlarmCode.PARSER_SUSPENDED, f"{daemon}:{one.distribution}"): (
            f"its process died {len(one.deaths)} times within a day: install a mended version, or"
            f" `veilleur parsers resume {one.distribution}`; then `veilleur quarantine retry`"
        )
        for one in standings.suspended()
    }
    settle_alarms(database, wanted, now=now)
    for alarm in open_alarms(database):
        key = AlarmKey(alarm.code, alarm.subject)
        if alarm.code is AlarmCode.PARSER_SUSPENDED and alarm.subject.startswith(f"{daemon}:") and key not in wanted:
            clear_alarm(database, alarm.code, alarm.subject, now)
