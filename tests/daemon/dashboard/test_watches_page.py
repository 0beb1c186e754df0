"""Watches on their pages: made from a query, changed, seen, tried on the past, archived and restored."""

from __future__ import annotations

from html import unescape

import pytest

from tests.daemon.dashboard.visiting import Browser, Clock, pages_of, person_in
from veilleur.model.people import Role
from veilleur.model.scope import Scope
from veilleur.model.watch import Watch
from veilleur.query.expression import EVERYTHING
from veilleur.store.database import Database
from veilleur.store.mentions import every_mention
from veilleur.store.watches import get_watch

NAME = "Plastique & co"
PATH = "/watches/Plastique%20%26%20co"


@pytest.fixture
def browser(database: Database) -> Browser:
    """Give the browser of an analyst who reads private mentions."""
    person_in(database, Role.ANALYST)
    browser = Browser(pages_of(database))
    browser.sign_in()
    return browser


def kept(database: Database, name: str = NAME) -> Watch | None:
    return get_watch(database, Scope(may_read_private=True), name)


def test_a_query_is_kept_under_a_name_and_listed(database: Database, browser: Browser) -> None:
    assert 'value="plastique"' in browser.get("/new-watch", q="plastique").text

    answer = browser.post("/new-watch", name=NAME, q="plastique", description="la sauce")

    assert answer.headers["Location"] == PATH
    watch = kept(database)
    assert watch is not None
    assert (watch.query, watch.description, watch.made_by) == ("plastique", "la sauce", "Nadia")
    assert NAME in unescape(browser.get("/watches").text)
    assert "la sauce" in browser.get(PATH).text


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"name": "a/b", "q": "x"}, "no slash"),
        ({"name": " ", "q": "x"}, "no slash"),
        ({"name": "n" * 101, "q": "x"}, "no slash"),
        ({"name": NAME, "q": "x"}, "has this name already"),
        ({"name": "autre", "q": "kind:nonsense"}, "from column 6 on"),
    ],
)
def test_what_is_wrong_is_told_at_its_place_and_the_form_keeps_what_was_written(
    database: Database, browser: Browser, fields: dict[str, str], reason: str
) -> None:
    browser.post("/new-watch", name=NAME, q="plastique")

    answer = browser.post("/new-watch", **fields)

    assert answer.status_code == 422
    assert reason in answer.text
    assert f'value="{fields["q"]}"' in answer.text
    watch = kept(database)
    assert watch is not None
    assert watch.query == "plastique"


def test_a_watch_is_renamed_changed_archived_and_restored(browser: Browser) -> None:
    browser.post("/new-watch", name=NAME, q="plastique")

    browser.post(f"{PATH}/edit", name="sauce", q="sauce")
    page = browser.get("/watches/sauce").text
    assert "plastique" in page
    assert browser.get(PATH).status_code == 404

    browser.post("/watches/sauce/archive")
    assert "/watches/sauce" not in browser.get("/watches").text
    assert "/watches/sauce" in browser.get("/watches", archived="true").text
    assert browser.post("/watches/sauce/edit", name="sauce", q="x").status_code == 422
    browser.post("/watches/sauce/restore")
    assert "/watches/sauce" in browser.get("/watches").text


def test_a_trial_says_how_often_and_when_it_would_have_told(database: Database) -> None:
    person_in(database, Role.VIEWER)
    newest = next(iter(every_mention(database, Scope(may_read_private=True), EVERYTHING)))
    browser = Browser(pages_of(database, clock=Clock(at=newest.happened_at.replace(hour=23))))
    browser.sign_in()

    page = browser.get("/backtest", q="plastique", condition="count", at_least="2", days="7").text
    assert "It would have told you 1 time in 7 days" in page
    assert "2 mentions matched" in page
    assert "0 times" in browser.get("/backtest", q="plastique", condition="count", at_least="3").text
    assert "from column 6 on" in browser.get("/backtest", q="kind:nonsense").text


@pytest.mark.attack
def test_a_viewer_reads_watches_and_changes_none(database: Database, browser: Browser) -> None:
    browser.post("/new-watch", name=NAME, q="plastique")
    person_in(database, Role.VIEWER, name="Vera")
    viewer = Browser(pages_of(database))
    viewer.sign_in("Vera")

    assert viewer.get(PATH).status_code == 200
    for path in ("/new-watch", f"{PATH}/edit", f"{PATH}/archive", f"{PATH}/restore"):
        assert viewer.post(path, name="x", q="y").status_code == 403
        assert f'action="{path}"' not in viewer.get(PATH).text
    assert "/new-watch" not in viewer.get("/watches").text
