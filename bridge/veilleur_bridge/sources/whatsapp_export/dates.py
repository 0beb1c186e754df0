"""Which of an export's numbers is the day: found from all its dates, never guessed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from veilleur_bridge.sources.log_format import DateOrder

Numbers = tuple[int, int, int]

_PLACES: Final = {
    DateOrder.DAY_MONTH_YEAR: (2, 1, 0),
    DateOrder.MONTH_DAY_YEAR: (2, 0, 1),
    DateOrder.YEAR_MONTH_DAY: (0, 1, 2),
    DateOrder.YEAR_DAY_MONTH: (0, 2, 1),
}
_FIRST_YEAR: Final = 2009  # WhatsApp's own first
_CENTURY: Final = 2000
_BUDDHIST_YEARS: Final = range(2540, 2700)
_BUDDHIST_OFFSET: Final = 543
_TWO_DIGITS: Final = 100
_GREATEST_YEAR: Final = 9999


def read_date(numbers: Numbers, order: DateOrder) -> date | None:
    """Return the date that three numbers make in this order, None where they make none; Thai years are counted."""
    year, month, day = (numbers[place] for place in _PLACES[order])
    if year < _TWO_DIGITS:
        year += _CENTURY
    elif year in _BUDDHIST_YEARS:
        year -= _BUDDHIST_OFFSET
    try:
        return date(year, month, day)
    except ValueError:
        return None


def greatest_numbers(order: DateOrder) -> Numbers:
    """Return the greatest numbers that a date in this order has, each in its place."""
    year, month, day = _PLACES[order]
    greatest = {year: _GREATEST_YEAR, month: 12, day: 31}
    return greatest[0], greatest[1], greatest[2]


class DateEvidence:
    """What the dates of one export say about their order, taken one after the other."""

    def __init__(self, today: date) -> None:
        self._latest = today + timedelta(days=1)
        self._possible = list(DateOrder)
        self._last: dict[DateOrder, date] = {}
        self._backwards = dict.fromkeys(DateOrder, 0)
        self._is_told_by_signs = True
        self._has_spaced_dots = False
        self.first: Numbers | None = None

    def add(self, numbers: Numbers, sign: str, *, is_foreign_clock: bool) -> None:
        """Take one date and the sign in it; dates that no order makes sense of are left out.

        No language writes the month first but with slashes, and next to none of those has a clock other than AM and PM.
        A year of two digits stands first in Korean (`24. 1. 15.`), and elsewhere hardly ever.
        """
        read = {order: read_date(numbers, order) for order in self._possible}
        possible = {order: on for order, on in read.items() if on and on.year >= _FIRST_YEAR and on <= self._latest}
        if not possible:
            return
        self.first = self.first or numbers
        self._possible = list(possible)
        self._is_told_by_signs &= "/" not in sign or is_foreign_clock
        self._has_spaced_dots |= sign.strip() != sign
        for order, on in possible.items():
            # A clock that was set back, or a zone crossed, is a day at most.
            self._backwards[order] += on < self._last.get(order, on) - timedelta(days=1)
            self._last[order] = on

    def orders(self) -> tuple[DateOrder, ...]:
        """Return the order of day, month and year; several where nothing tells which, none where there is no date."""
        if self.first is None:
            return ()
        fewest = min(self._backwards[order] for order in self._possible)
        left = [order for order in self._possible if self._backwards[order] == fewest]
        for rare, usual in self._rarer():
            if rare in left and usual in left:
                left.remove(rare)
        return tuple(left)

    def _rarer(self) -> Iterator[tuple[DateOrder, DateOrder]]:
        """Yield orders that nobody writes where the numbers do not force them, each with what is written instead."""
        yield DateOrder.YEAR_DAY_MONTH, DateOrder.YEAR_MONTH_DAY
        if self._is_told_by_signs:
            yield DateOrder.MONTH_DAY_YEAR, DateOrder.DAY_MONTH_YEAR
        if not self._has_spaced_dots:
            yield DateOrder.YEAR_MONTH_DAY, DateOrder.DAY_MONTH_YEAR
            yield DateOrder.YEAR_MONTH_DAY, DateOrder.MONTH_DAY_YEAR
