"""What an administrator sets going from a page, what nobody else may, and what a page says where it was refused."""

from __future__ import annotations

import pytest

from tests.daemon.dashboard.visiting import Browser, RecordedOperations, pages_of, person_in
from veilleur.dashboard.operations import ProposedPattern
from veilleur.model.people import Role
from veilleur.store.database import Database

PROPOSAL = ProposedPattern(
    key="k1", app="tiktok", language="fr", pattern="{actor} a <b>tapoté</b>", kind="like", example="Lou a…", count=3
)
FORMS = [
    ("/devices", {"device": "salon-1", "reach": "usb"}, ("pair", "default", "salon-1", True, False)),
    ("/devices", {"device": "Salon-1", "reach": "network", "opens": "on"}, ("pair", "default", "salon-1", False, True)),
    ("/start/pairing", {"device": "Salon-1", "reach": "usb"}, ("pair", "default", "salon-1", True, False)),
    ("/start/sample", {}, ("play_sample",)),
    ("/state/patterns", {"key": "k1"}, ("accept_pattern", "default", "k1")),
]


def signed_in(database: Database, operations: RecordedOperations, role: Role = Role.ADMIN) -> Browser:
    person_in(database, role)
    browser = Browser(pages_of(database, operations=operations))
    browser.sign_in()
    return browser


@pytest.mark.parametrize(("path", "fields", "done"), FORMS)
def test_an_administrator_s_form_is_done_once(
    database: Database, path: str, fields: dict[str, str], done: tuple[object, ...]
) -> None:
    operations = RecordedOperations()

    answer = signed_in(database, operations).post(path, **fields)

    assert answer.status_code == 303
    assert operations.done == [done]


@pytest.mark.attack
@pytest.mark.parametrize("role", [Role.VIEWER, Role.ANALYST])
@pytest.mark.parametrize(("path", "fields", "_done"), FORMS)
def test_nobody_else_may(
    database: Database, path: str, fields: dict[str, str], _done: tuple[object, ...], role: Role
) -> None:
    operations = RecordedOperations()
    browser = signed_in(database, operations, role)

    assert browser.post(path, **fields).status_code == 403
    assert operations.done == []
    assert 'action="/devices"' not in browser.get("/devices").text


@pytest.mark.attack
@pytest.mark.parametrize(("path", "fields", "_done"), FORMS)
def test_no_other_site_may_for_them(
    database: Database, path: str, fields: dict[str, str], _done: tuple[object, ...]
) -> None:
    operations = RecordedOperations()
    browser = signed_in(database, operations)

    assert browser.post(path, {"Sec-Fetch-Site": "cross-site"}, **fields).status_code == 403
    browser.csrf = ""
    assert browser.post(path, **fields).status_code == 403
    assert operations.done == []


@pytest.mark.parametrize(("path", "fields", "_done"), FORMS)
def test_a_refusal_is_told(database: Database, path: str, fields: dict[str, str], _done: tuple[object, ...]) -> None:
    """One that nobody has translated is marked as English on a French page.

    Broken line: without `is none`, in `retold.html`; it reported the French pages without the refusal.
    """
    browser = signed_in(database, RecordedOperations(refusal="not <now>"))

    english, french = (browser.post(path, {"Accept-Language": language}, **fields) for language in ("en", "fr"))

    assert (english.status_code, french.status_code) == (422, 422)
    assert "not &lt;now&gt;" in english.text
    assert '<span lang="en">not &lt;now&gt;</span>' in french.text


@pytest.mark.parametrize("name", ["", "a b", "../x", "é", "x" * 65])
def test_a_name_that_no_device_can_have_is_told(database: Database, name: str) -> None:
    operations = RecordedOperations()

    answer = signed_in(database, operations).post("/devices", device=name)

    assert answer.status_code == 422
    assert "lower-case letters" in answer.text
    assert operations.done == []


def test_the_broker_is_opened_to_the_network_only_where_that_is_ticked(database: Database) -> None:
    page = signed_in(database, RecordedOperations()).get("/devices").text

    assert '<input type="checkbox" name="opens" aria-describedby="opens-hint">' in page
    assert "other machines can reach the broker" in page


def test_a_proposed_pattern_is_shown_as_text(database: Database) -> None:
    page = signed_in(database, RecordedOperations(proposals=[PROPOSAL])).get("/state/patterns").text

    assert "{actor} a &lt;b&gt;tapoté&lt;/b&gt;" in page
    assert 'value="k1"' in page
