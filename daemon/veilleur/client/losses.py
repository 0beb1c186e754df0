"""What a server did not see, could not read or did not understand, and what is wrong with it."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Sequence
from datetime import datetime
from itertools import chain, islice

from msgspec import Struct

from veilleur.client.paging import every_page, pages_of
from veilleur.client.transport import Parameter, Transport
from veilleur.model.alarms import Alarm
from veilleur.model.coverage import Completeness, CoverageFilter, CoverageInterval, CoveragePage
from veilleur.model.drift import ParseRate
from veilleur.model.listing import DeadLetter
from veilleur.model.wire import instant_text

_EVERYTHING = CoverageFilter()


class _DeadPage(Struct, frozen=True):
    dead_letters: tuple[DeadLetter, ...]
    next_cursor: str | None


class _DeadDetail(Struct, frozen=True):
    payload: str


class _RatePage(Struct, frozen=True):
    parse_rates: tuple[ParseRate, ...]
    next_cursor: str | None


class _Alarms(Struct, frozen=True):
    alarms: tuple[Alarm, ...]


class Losses:
    """Operations on coverage, alarms, dead letters and parse rates."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def coverage(self, asked: CoverageFilter = _EVERYTHING) -> Completeness:
        """Return every interval that was not seen and is asked for, the latest beginning first."""
        given: dict[str, Parameter] = {
            "since": _text(asked.since_at),
            "until": _text(asked.until_at),
            "device": asked.device,
            "cause": asked.cause,
        }

        def ask(rows: int, after: str | None) -> CoveragePage:
            return self._transport.read("/coverage", CoveragePage, limit=rows, cursor=after, **given)

        pages = list(every_page(ask))
        intervals: tuple[CoverageInterval, ...] = tuple(chain.from_iterable(page.intervals for page in pages))
        return Completeness(pages[-1].known, intervals, pages[-1].omitted, pages[-1].shortfalls)

    def alarms(self, *, is_open: bool | None = None) -> Sequence[Alarm]:
        """Return what is wrong (True), what is over (False), or both, the oldest first."""
        return self._transport.read("/alarms", _Alarms, is_open=is_open).alarms

    def dead_letters(self, *, limit: int | None = None) -> Sequence[DeadLetter]:
        """Return bytes that are no envelope, in the order they came, `limit` at most."""

        def ask(rows: int, after: str | None) -> _DeadPage:
            return self._transport.read("/dead-letters", _DeadPage, limit=rows, cursor=after)

        pages = every_page(ask) if limit is None else pages_of(ask, lambda page: page.dead_letters, limit)
        return tuple(islice(chain.from_iterable(page.dead_letters for page in pages), limit))

    def dead_payload(self, dead_letter_id: int) -> bytes | None:
        """Return the bytes of a dead letter as they are stored, None where this token may read none."""
        found = self._transport.find(f"/dead-letters/{dead_letter_id}", _DeadDetail)
        return None if found is None else b64decode(found.payload)

    def parse_rates(
        self, *, limit: int | None = None, since_at: datetime | None = None, package: str | None = None
    ) -> Sequence[ParseRate]:
        """Return how much of each app's wording was known, the newest day first, `limit` at most."""

        def ask(rows: int, after: str | None) -> _RatePage:
            since = _text(since_at)
            return self._transport.read(
                "/parse-rates", _RatePage, since=since, package=package, limit=rows, cursor=after
            )

        pages = every_page(ask) if limit is None else pages_of(ask, lambda page: page.parse_rates, limit)
        return tuple(islice(chain.from_iterable(page.parse_rates for page in pages), limit))


def _text(at: datetime | None) -> str | None:
    return None if at is None else instant_text(at)
