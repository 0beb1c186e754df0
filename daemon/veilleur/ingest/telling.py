"""Tells messages that the store found to be new in what was shown without times, by stored notifications as well."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec import structs

from veilleur.ingest.reading import Reader
from veilleur.ingest.sighting import sighting_of
from veilleur.model.arrival import Arrival, Sighting
from veilleur.model.identity import Owner, UndatedSlot
from veilleur.model.outcome import Draft


class Teller:
    """What `LineTeller` asks for; `find_reader` is asked each time that stored notifications must be read again."""

    def __init__(self, find_reader: Callable[[], Reader]) -> None:
        self._find_reader = find_reader

    def read_again(self, stored: Sequence[tuple[bytes, datetime]]) -> list[Arrival | None]:
        """Read stored notifications and when they were received anew, None for those that no longer decode."""
        return self._find_reader().read_again(stored)

    def sighting(self, arrival: Arrival, draft: Draft, owner: Owner, slot: UndatedSlot) -> Sighting:
        """Return the mention of a message that `arrival` is the first to show."""
        placed = structs.replace(draft, identity=slot)
        return sighting_of(placed, owner, arrival.captured_at_ms, arrival.received_at_ms)
