"""The feeds of a watch on its page: the link once, another one, and none any more."""

from __future__ import annotations

import re

import pytest

from tests.daemon.dashboard.visiting import Browser, Clock, pages_of, person_in
from veilleur.model.people import Role
from veilleur.model.scope import Scope
from veilleur.model.watch import WatchDraft
from veilleur.store.database import Database
from veilleur.store.feeds import open_feed, page_feeds
from veilleur.store.watches import save_watch

ALL = Scope(may_read_private=True)
PATH = "/watches/Plastique/feeds"
LINK = re.compile(r'value="http://veilleur\.test/feeds/([\w-]+)\.atom"')


@pytest.fixture
def browser(database: Database) -> Browser:
    """Give the browser of an administrator, with two watches."""
    person_in(database)
    for name in ("Plastique", "Autre"):
        save_watch(database, ALL, name, WatchDraft("plastique"), by="Nadia", now=Clock().at)
    browser = Browser(pages_of(database))
    browser.sign_in()
    browser.get(PATH)
    return browser


def secret_in(page: str) -> str:
    found = LINK.search(page)
    assert found is not None
    return found[1]


def test_a_link_is_shown_once_and_opens_the_feed(database: Database, browser: Browser) -> None:
    secret = secret_in(browser.post(PATH, private="on").text)
    opened = open_feed(database, secret)

    assert opened is not None
    assert (opened.feed.watch, opened.feed.may_read_private) == ("Plastique", True)
    assert secret not in browser.get(PATH).text
    assert "Feed 1" in browser.get(PATH).text
    assert "Feed 1" not in browser.get("/watches/Autre/feeds").text


def test_a_renewed_link_takes_the_place_of_the_one_before(database: Database, browser: Browser) -> None:
    first = secret_in(browser.post(PATH).text)
    second = secret_in(browser.post(f"{PATH}/1/renewal").text)

    assert open_feed(database, first) is None
    assert open_feed(database, second) is not None


def test_a_revoked_feed_is_closed_for_ever(database: Database, browser: Browser) -> None:
    browser.post(PATH)
    assert browser.post(f"{PATH}/1/revocation").status_code == 303

    (feed,) = page_feeds(database, ALL, limit=10).feeds
    assert feed.revoked_by == "Nadia"
    assert browser.post(f"{PATH}/1/renewal").status_code == 404
    assert "revoked" in browser.get(PATH).text


def test_who_may_not_read_private_mentions_makes_no_feed_of_them(database: Database, browser: Browser) -> None:
    person_in(database, Role.ANALYST, reads_private=False, name="Zoé")
    analyst = Browser(browser.app)
    analyst.sign_in("Zoé")
    save_watch(database, Scope(), "Publique", WatchDraft("plastique"), by="Zoé", now=Clock().at)

    analyst.get("/watches/Publique/feeds")
    assert analyst.post("/watches/Publique/feeds", private="on").status_code == 403
    assert analyst.post("/watches/Publique/feeds").status_code == 200
