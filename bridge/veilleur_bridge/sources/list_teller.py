"""Tells a device program what changed on a notification list, look by look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from veilleur_bridge.captured import Captured
from veilleur_bridge.delivery import Clock
from veilleur_bridge.envelope import AppInfo, EventKind
from veilleur_bridge.sources.list_changes import ActiveList, ListChange, Screening, changes_since
from veilleur_bridge.sources.told_list import ToldList

Offer = Callable[[Captured], bool]
"""Hands one event to the device program; True where it is spooled, False where the capture policy dropped it."""


class ListTeller:
    """Compares each look with what was told, offers the difference, and remembers it only then."""

    def __init__(self, offer: Offer, told: ToldList, screening: Screening, *, clock: Clock) -> None:
        self._offer = offer
        self._told = told
        self._screening = screening
        self._clock = clock
        self._is_catching_up = True
        self._config_revision: int | None = None
        self.locale: str | None = None

    def tell(self, shown: ActiveList, config_revision: int | None) -> Mapping[EventKind, int]:
        """Offer what changed since the last look; return how many events of each kind were spooled.

        The first look, and one under another revision of the configuration, catches up.
        """
        if config_revision != self._config_revision:
            self._told.forget_dropped()
            self._is_catching_up = True
        changes = changes_since(self._told.known(), shown, self._screening, is_catching_up=self._is_catching_up)
        spooled: Counter[EventKind] = Counter()
        try:
            for change in changes:
                is_end_of_dropped = change.told is None and self._told.was_dropped(change.slot)
                is_spooled = not is_end_of_dropped and self._offer(self._captured(change))
                self._told.note(change, is_spooled=is_spooled)
                spooled[change.event] += is_spooled
        finally:
            if spooled:
                self._told.save()
        self._config_revision = config_revision
        self._is_catching_up = False
        return spooled

    def _captured(self, change: ListChange) -> Captured:
        return Captured(
            event=change.event,
            captured_at=self._clock(),
            app=AppInfo(change.slot.package),
            notification=change.notification,
            user=change.slot.user,
            locale=self.locale,
        )
