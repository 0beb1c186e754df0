"""Pages of hashtags and actors, trends and communities: what they hold, for whom, and where each row leads."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from tests.daemon.dashboard.visiting import Browser, Clock, pages_of, person_in
from veilleur.model.people import Role
from veilleur.model.scope import Scope
from veilleur.model.trends import Burst, FoundBurst, TrendKey, TrendKind
from veilleur.query.expression import EVERYTHING
from veilleur.store.community_names import community_names
from veilleur.store.database import Database
from veilleur.store.mentions import every_mention
from veilleur.store.trend_bursts import keep_bursts

ALL = Scope(may_read_private=True)
TAG = "pouletrose"


@pytest.fixture
def browser(database: Database) -> Browser:
    """Give the browser of an administrator on the evening of the story's day."""
    person_in(database)
    newest = next(iter(every_mention(database, ALL, EVERYTHING)))
    browser = Browser(pages_of(database, clock=Clock(at=newest.happened_at.replace(hour=22, minute=0))))
    browser.sign_in()
    return browser


def keep_burst(database: Database, value: str, *, is_private: bool = False) -> None:
    mention = next(one for one in every_mention(database, ALL, EVERYTHING) if TAG in one.hashtags)
    burst = Burst(
        key=TrendKey(TrendKind.HASHTAG, value),
        window_s=600,
        count=12,
        usual=0.25,
        most_before=2,
        chance=1e-9,
        began_at=mention.happened_at - timedelta(minutes=9),
        seen_at=mention.happened_at,
    )
    found = FoundBurst(project="default", is_private=is_private, burst=burst, mention_ids=(mention.id,))
    with database.writing() as connection:
        keep_bursts(connection, [found])


def test_a_row_leads_to_its_hashtag_and_the_hashtag_tells_who_where_and_what(browser: Browser) -> None:
    address = re.search(r'href="(/hashtags/[^"]+)"', browser.get("/").text)
    assert address is not None
    page = unescape(browser.get(address[1]).text)

    assert address[1] == f"/hashtags/{TAG}"
    for heading in ("What", "Where", "With whom", "Mentions"):
        assert f">{heading}</h2>" in page
    assert 'hx-get="/stream/timeline?q=%23pouletrose"' in page
    assert "No device has told its state" in page or "Not seen in this span" in page or "Nothing is known" in page
    assert browser.get("/hashtags/%23PouletRose").status_code == 200


def test_a_row_leads_to_its_actor_and_a_name_is_asked_for_by_its_words(browser: Browser) -> None:
    address = re.search(r'class="by" href="(/accounts[^"]+)"', browser.get("/?q=%23pouletrose").text)
    assert address is not None
    page = browser.get(unescape(address[1])).text

    assert 'class="mention' in page
    assert "No mention matches" in browser.get("/accounts", platform="tiktok", who="Personne Ici").text
    for hostile in ('" OR kind:like', "<b>(", "))", '"'):
        assert browser.get("/accounts", platform="tiktok", who=hostile).status_code in {200, 404}


def test_a_burst_is_marked_where_the_query_holds_a_mention_of_it(database: Database, browser: Browser) -> None:
    keep_burst(database, TAG)

    assert "12 in 10 minutes, usually 0.25" in browser.get("/stream/timeline", q="").text
    assert "12 in 10 minutes" in browser.get("/stream/timeline", q=f"#{TAG}").text
    assert "12 in 10 minutes" not in browser.get("/stream/timeline", q="kind:direct_message").text
    assert "12 in 10 minutes" in browser.get("/trends", span="30d").text


def test_bursts_of_private_mentions_exist_for_those_who_read_them_alone(database: Database, browser: Browser) -> None:
    keep_burst(database, "secret", is_private=True)
    person_in(database, Role.ANALYST, reads_private=False, name="Zoé")
    other = Browser(browser.app)
    other.sign_in("Zoé")

    assert "secret" in browser.get("/trends", span="30d").text
    assert "secret" not in other.get("/trends", span="30d").text
    assert "secret" not in other.get("/stream/timeline", q="").text


def test_parts_of_trends_say_so_where_there_is_nothing(browser: Browser) -> None:
    assert "No burst in this time" in browser.get("/trends").text
    assert "Nothing came three times" in browser.get_part("/trends/rising?kind=hashtag&span=1d").text
    assert "No message went" in browser.get_part("/trends/forwards").text
    assert "No handle and no link" in browser.get_part("/trends/crossings").text
    assert "No community in this time" in browser.get_part("/trends/communities/found").text
    assert browser.get("/trends", span="9d").status_code == 422


def test_a_community_is_named_and_its_name_taken_back(database: Database, browser: Browser) -> None:
    browser.get("/trends/communities")
    path = "/trends/communities/names"
    assert browser.post(path, name="Nos plats", hashtags="a b c", span="7d").headers["Location"].endswith("?span=7d")
    assert [(one.name, one.hashtags) for one in community_names(database, ALL)] == [("Nos plats", ("a", "b", "c"))]

    browser.post(path, name="Plats", before="Nos plats", hashtags="a b c")
    assert [one.name for one in community_names(database, ALL)] == ["Plats"]
    assert browser.post(path, name="a/b", hashtags="a").status_code == 422
    browser.post(f"{path}/removal", name="Plats")
    assert community_names(database, ALL) == ()


def test_a_viewer_names_nothing(database: Database, browser: Browser) -> None:
    person_in(database, Role.VIEWER, name="Zoé")
    viewer = Browser(browser.app)
    viewer.sign_in("Zoé")

    viewer.get("/trends/communities")
    assert viewer.post("/trends/communities/names", name="x", hashtags="a").status_code == 403
