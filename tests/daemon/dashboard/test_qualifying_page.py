"""What is said of mentions from the pages: one by one, of a whole query after a question, and taken back."""

from __future__ import annotations

import re

import pytest

from tests.daemon.api.story import PUBLIC_WORDS
from tests.daemon.dashboard.visiting import Browser, pages_of, person_in
from veilleur.model.mention import Mention
from veilleur.model.people import Role
from veilleur.model.qualification import Qualification
from veilleur.model.scope import Scope
from veilleur.query.expression import EVERYTHING
from veilleur.store.database import Database
from veilleur.store.mentions import every_mention

ALL = Scope(may_read_private=True)
PART = {"HX-Request": "true"}


@pytest.fixture
def browser(database: Database) -> Browser:
    """Give the browser of an analyst who reads private mentions."""
    person_in(database, Role.ANALYST)
    browser = Browser(pages_of(database))
    browser.sign_in()
    return browser


def public_mention(database: Database) -> Mention:
    return next(one for one in every_mention(database, ALL, EVERYTHING) if one.body == PUBLIC_WORDS)


def said(database: Database) -> Qualification:
    return public_mention(database).qualification or Qualification()


def test_the_same_key_again_takes_back_what_it_said(database: Database, browser: Browser) -> None:
    path = f"/mentions/{public_mention(database).id}/qualification"

    row = browser.post(path, PART, say="negative").text
    assert 'class="note is-said tone-negative"' in row
    browser.post(path, PART, say="off_topic")
    browser.post(path, PART, say="treated")
    browser.post(path, PART, say="negative")

    now = said(database)
    assert (now.tone, now.is_off_topic, now.treated_by) == (None, True, "Nadia")


def test_the_tags_of_the_field_are_all_that_stand(database: Database, browser: Browser) -> None:
    path = f"/mentions/{public_mention(database).id}/qualification"

    browser.post(path, PART, tags="plainte #urgent")
    browser.post(path, PART, tags="urgent presse")

    assert set(said(database).tags) == {"urgent", "presse"}


def test_an_act_is_undone_by_the_number_that_came_with_its_answer(database: Database, browser: Browser) -> None:
    path = f"/mentions/{public_mention(database).id}/qualification"
    act = browser.post(path, PART, say="positive").headers["X-Veilleur-Act"]

    row = browser.post(f"{path}/{act}/undo", PART)

    assert row.status_code == 200
    assert said(database) == Qualification()


def test_what_cannot_be_said_is_refused_with_the_reason(database: Database, browser: Browser) -> None:
    path = f"/mentions/{public_mention(database).id}/qualification"

    answer = browser.post(path, PART, tags="a,b")

    assert answer.status_code == 422
    assert "a tag is one word" in answer.text
    assert browser.post(path, PART, say="shouting").status_code == 422


def test_without_a_script_the_page_of_the_mention_comes_back(database: Database, browser: Browser) -> None:
    mention = public_mention(database)

    answer = browser.post(f"/mentions/{mention.id}/qualification", say="mixed")

    assert answer.headers["Location"] == f"/mentions/{mention.id}"
    page = browser.get(f"/mentions/{mention.id}").text
    assert re.search(r'value="mixed" aria-pressed="true"', page)
    assert "Who said what" in page


def test_a_whole_query_is_qualified_after_a_question_and_undone(database: Database, browser: Browser) -> None:
    browser.get("/qualify", q="plastique")
    asked = browser.post("/qualify", q="plastique", tone="negative", add_tags="sauce")
    assert "Say this of 2 mentions?" in asked.text
    assert said(database) == Qualification()

    done = browser.post("/qualify", q="plastique", tone="negative", add_tags="sauce", sure="yes")
    assert (said(database).tone, said(database).tags) == ("negative", ("sauce",))
    assert "Said of 2 mentions" in browser.get(done.headers["Location"]).text

    browser.post(f"{done.headers['Location']}/undo")
    assert said(database) == Qualification()
    assert "Undone by" in browser.get(done.headers["Location"]).text


def test_what_stands_of_all_already_is_not_said_again(browser: Browser) -> None:
    browser.post("/qualify", q="plastique", off_topic="yes", sure="yes")

    again = browser.post("/qualify", q="plastique", off_topic="yes", sure="yes")

    assert again.status_code == 422
    assert "nothing was changed" in again.text
    assert browser.post("/qualify", q="plastique").status_code == 422


@pytest.mark.attack
def test_a_viewer_says_nothing_and_is_offered_nothing(database: Database) -> None:
    person_in(database, Role.VIEWER)
    browser = Browser(pages_of(database))
    browser.sign_in()
    mention = public_mention(database)

    assert browser.post(f"/mentions/{mention.id}/qualification", say="negative").status_code == 403
    assert browser.get("/qualify").status_code == 403
    assert browser.post("/qualify", q="", off_topic="yes", sure="yes").status_code == 403
    assert said(database) == Qualification()
    for path in ("/", f"/mentions/{mention.id}"):
        assert "say-open" not in browser.get(path).text
        assert '"/qualify' not in browser.get(path).text
        assert "/qualification" not in browser.get(path).text


@pytest.mark.privacy
def test_nobody_qualifies_what_they_may_not_read(database: Database) -> None:
    person_in(database, Role.ANALYST, reads_private=False)
    browser = Browser(pages_of(database))
    browser.sign_in()
    private = next(one for one in every_mention(database, ALL, EVERYTHING) if one.visibility == "private")

    assert browser.post(f"/mentions/{private.id}/qualification", say="negative").status_code == 404
    browser.post("/qualify", q="plastique", off_topic="yes", sure="yes")

    assert said(database).is_off_topic
    left = next(one for one in every_mention(database, ALL, EVERYTHING) if one.id == private.id)
    assert left.qualification is None
