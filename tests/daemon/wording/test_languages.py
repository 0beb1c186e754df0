"""The visitor's language, and how it writes numbers, days and lengths of time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from veilleur.wording.languages import (
    Language,
    preferred_language,
    written_day,
    written_instant,
    written_length,
    written_moment,
    written_number,
)

AT = datetime(2026, 11, 22, 23, 30, 5, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("number", "english", "french"), [(0, "0", "0"), (999, "999", "999"), (1_240_000, "1,240,000", "1 240 000")]
)
def test_numbers_are_grouped_as_the_language_does(number: int, english: str, french: str) -> None:
    assert written_number(number, Language.ENGLISH) == english
    assert written_number(number, Language.FRENCH) == french.replace(" ", "\u202f")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("fr", Language.FRENCH),
        ("FR-ca", Language.FRENCH),
        ("fr;q=0.2, en;q=0.3", Language.ENGLISH),
        ("fr;q=0, en;q=0.1", Language.ENGLISH),
        ("fr;q=0", Language.ENGLISH),
        ("fr;q=zero", Language.ENGLISH),
        ("fr;q=-1,,;;,=", Language.ENGLISH),
        ("fr;q=nan", Language.ENGLISH),
        ("*", Language.ENGLISH),
        ("\x00, fr", Language.FRENCH),
        ("de," * 1_000 + "fr", Language.FRENCH),
    ],
)
def test_the_best_known_language_is_taken_and_nonsense_is_passed_over(header: str, language: Language) -> None:
    assert preferred_language(header) is language


def test_times_are_the_viewer_s_in_24_hours() -> None:
    assert written_instant(AT, Language.FRENCH, PARIS) == "lundi 23 novembre 2026, 00:30:05"
    assert written_instant(AT, Language.ENGLISH, PARIS) == "Monday, 23 November 2026, 00:30:05"
    assert written_moment(AT, Language.FRENCH, ZoneInfo("UTC")) == "22 nov. 2026, 23:30"


def test_a_day_names_its_year_where_it_is_another_one() -> None:
    assert written_day(date(2026, 1, 4), date(2026, 11, 22), Language.FRENCH) == "Dimanche 4 janvier"
    assert written_day(date(2025, 1, 4), date(2026, 11, 22), Language.ENGLISH) == "Saturday 4 January 2025"


def test_a_length_is_told_as_people_say_it() -> None:
    assert written_length(timedelta(hours=5, minutes=3), Language.FRENCH) == "5\u00a0heures"
    assert written_length(timedelta(days=2), Language.ENGLISH) == "2 days"
