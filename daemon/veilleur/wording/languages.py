"""The languages of pages and reports: which one a reader reads, its texts, and how it writes numbers and times."""

from __future__ import annotations

import gettext
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Final

from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

_NARROW_SPACE: Final = "\u202f"


class Language(StrEnum):
    """A language of the interface; English stands in the templates, the others in `locale/`."""

    ENGLISH = "en"
    FRENCH = "fr"


LANGUAGE_NAMES: Final = {Language.ENGLISH: "English", Language.FRENCH: "Français"}


def preferred_language(accept_language: str, asked: str | None = None) -> Language:
    """Return the language asked for, else the best that an Accept-Language header names, else English."""
    if asked in set(Language):
        return Language(asked)
    known = [(weight, tag) for tag, weight in _weighed(accept_language) if tag in set(Language)]
    return Language(max(known, key=lambda one: one[0])[1]) if known else Language.ENGLISH


@cache
def load_texts(language: Language) -> gettext.NullTranslations:
    """Return a language's texts, compiled from its catalogue as it lies in the package."""
    if language is Language.ENGLISH:
        return gettext.NullTranslations()
    path = files("veilleur.wording") / "locale" / language / "LC_MESSAGES" / "veilleur.po"
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(path.read_bytes()), locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def written_number(number: int, language: Language) -> str:
    """Return a number as the language groups its digits."""
    grouped = f"{number:,}"
    return grouped.replace(",", _NARROW_SPACE) if language is Language.FRENCH else grouped


def written_decimal(number: float, language: Language) -> str:
    """Return a number to one decimal, as the language writes it; small ones to two digits that tell something."""
    return format_decimal(number, "#,##0.#" if number >= 1 or not number else "@@", locale=_locale(language))


def written_instant(at: datetime, language: Language, zone: tzinfo) -> str:
    """Return an instant whole, to the second."""
    locale = _locale(language)
    day = format_date(at.astimezone(zone).date(), "full", locale=locale)
    return f"{day}, {format_time(at, 'HH:mm:ss', tzinfo=zone, locale=locale)}"


def written_moment(at: datetime, language: Language, zone: tzinfo) -> str:
    """Return an instant as a day and a minute."""
    return format_datetime(at, "d MMM y, HH:mm", tzinfo=zone, locale=_locale(language))


def written_hour(at: datetime, language: Language, zone: tzinfo) -> str:
    """Return the hour and minute of an instant."""
    return format_time(at, "HH:mm", tzinfo=zone, locale=_locale(language))


def written_day(day: date, today: date, language: Language) -> str:
    """Return a day; the year is left out of this year's."""
    form = "EEEE d MMMM" if day.year == today.year else "EEEE d MMMM y"
    written = format_date(day, form, locale=_locale(language))
    return written[:1].upper() + written[1:]


def written_date(day: date, language: Language) -> str:
    """Return a day whole, without the day of the week."""
    return format_date(day, "d MMMM y", locale=_locale(language))


def written_short_day(day: date, language: Language) -> str:
    """Return a day as narrow as under a chart."""
    return format_date(day, "EEE d MMM", locale=_locale(language))


def written_monday(day: date, language: Language) -> str:
    """Return the day that a week is called by, where its year is plain."""
    return format_date(day, "d MMM", locale=_locale(language))


def written_length(length: timedelta, language: Language) -> str:
    """Return about how long something lasted."""
    return format_timedelta(length, threshold=1.2, locale=_locale(language))


def _locale(language: Language) -> str:
    return "en_GB" if language is Language.ENGLISH else language.value


def _weighed(accept_language: str) -> list[tuple[str, float]]:
    """Return primary tags and weights (RFC 9110, 12.5.4); what cannot be read weighs nothing."""
    found: list[tuple[str, float]] = []
    for part in accept_language.split(","):
        tag, _, weight = part.partition(";")
        primary = tag.strip().lower().partition("-")[0]
        found.append((primary, _weight(weight.strip().removeprefix("q="))))
    return [one for one in found if one[1] > 0]


def _weight(text: str) -> float:
    try:
        return min(float(text), 1.0) if text else 1.0
    except ValueError:
        return 0.0
