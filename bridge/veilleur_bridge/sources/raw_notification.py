"""A notification as a list of Android's shows it, and where in the list's text it stood."""

from __future__ import annotations

from dataclasses import dataclass

from veilleur_bridge.envelope import Notification


@dataclass(frozen=True, slots=True)
class RawNotification:
    """What Android showed; `origin` tells a person where it stood (`dump.txt:12`), `user` the Android profile."""

    origin: str
    package: str
    user: int | None
    notification: Notification
