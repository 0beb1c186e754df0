"""The timeline of a query: its grain, what its bars narrow the query to, and times that nobody saw."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest

from tests.daemon.dashboard.visiting import Browser, Clock, pages_of, person_in
from veilleur.dashboard.narrowing import during
from veilleur.model.scope import Scope
from veilleur.query.expression import EVERYTHING
from veilleur.store.database import Database
from veilleur.store.mentions import every_mention


@pytest.fixture
def browser(database: Database) -> Browser:
    """Give a browser on the evening of the story's day."""
    person_in(database)
    newest = next(iter(every_mention(database, Scope(may_read_private=True), EVERYTHING)))
    browser = Browser(pages_of(database, clock=Clock(at=newest.happened_at.replace(hour=22, minute=0))))
    browser.sign_in()
    return browser


def chart_of(page: str) -> dict[str, Any]:
    found = re.search(r"data-chart='([^']+)'", page)
    assert found is not None, page
    chart: dict[str, Any] = json.loads(unescape(found[1]))
    return chart


def test_a_short_time_is_shown_by_hours_and_each_bar_narrows_the_query(browser: Browser) -> None:
    chart = chart_of(browser.get("/stream/timeline", q="plastique since:30d").text)

    assert len(chart["starts"]) == len(chart["counts"]) == len(chart["queries"])
    shown = next(query for query, count in zip(chart["queries"], chart["counts"], strict=True) if count)
    assert re.fullmatch(r"plastique on:\d{4}-\d\d-\d\d", shown)
    hours = chart_of(browser.get("/stream/timeline", q="plastique").text)
    assert sum(hours["counts"]) == 2
    assert re.fullmatch(r"plastique since:\S+T\d\d:00 until:\S+T\d\d:00", hours["queries"][0])


def test_the_query_of_a_bar_finds_as_many_mentions_as_the_bar_shows(browser: Browser) -> None:
    for grain in ("hour", "day", "week"):
        chart = chart_of(browser.get("/stream/timeline", q="", grain=grain).text)
        for query, count in zip(chart["queries"], chart["counts"], strict=True):
            total = re.search(r"<b>(\d+)</b>", browser.get("/stream/choices", q=query).text)
            assert total is not None
            assert int(total[1]) == count


def test_a_week_ends_on_its_sunday(browser: Browser) -> None:
    (query,) = chart_of(browser.get("/stream/timeline", grain="week").text)["queries"]

    assert query == "since:2026-11-09 until:2026-11-15"


def test_without_a_mention_it_says_so(browser: Browser) -> None:
    assert "can be counted" in browser.get("/stream/timeline", q="zzzz").text


@pytest.mark.parametrize(
    ("text", "narrowed"),
    [
        ("", "on:2026-11-13"),
        ("plastique since:7d until:today", "plastique on:2026-11-13"),
        ("a OR b ON:yesterday", "(a OR b) on:2026-11-13"),
        ('"since: then"', '"since: then" on:2026-11-13'),
    ],
)
def test_a_time_takes_the_place_of_the_times_of_a_query(text: str, narrowed: str) -> None:
    assert during(text, "on:2026-11-13") == narrowed
