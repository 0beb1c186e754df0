"""People, tokens and the watch plan on their pages: shown once what is secret, asked before what cannot be undone."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from tests.daemon.dashboard.visiting import Browser, Clock, pages_of, person_in
from veilleur.model.people import Person, Role, Standing
from veilleur.model.scope import Scope, TokenScope
from veilleur.store.database import Database
from veilleur.store.people import list_people
from veilleur.store.plan import list_plan
from veilleur.store.tokens import authenticate

ALL = Scope(may_read_private=True)


@pytest.fixture
def browser(database: Database) -> Browser:
    """Give the browser of an administrator."""
    person_in(database)
    browser = Browser(pages_of(database))
    browser.sign_in()
    return browser


def person(database: Database, name: str) -> Person | None:
    return next((one for one in list_people(database, ALL) if one.name == name), None)


def test_a_person_is_added_with_a_link_that_lets_them_in(database: Database, browser: Browser) -> None:
    page = browser.post("/settings/people", name="Zoé L.", role="analyst", private="on").text

    found = re.search(r'value="http://veilleur.test(/welcome/[^"]+)"', page)
    assert found is not None
    added = person(database, "Zoé L.")
    assert added is not None
    assert (added.standing, added.has_password) == (Standing(Role.ANALYST, may_read_private=True), False)
    assert found[1] not in browser.get("/settings").text
    stranger = Browser(browser.app)
    stranger.get(found[1])
    stranger.post(found[1], name="Zoé L.", password="quatre mots bien choisis")
    assert stranger.get("/").status_code == 200


def test_a_role_is_changed_and_a_person_removed(database: Database, browser: Browser) -> None:
    browser.post("/settings/people", name="Zoé", role="viewer")

    browser.post("/settings/people/Zo%C3%A9/standing", role="admin")
    changed = person(database, "Zoé")
    assert changed is not None
    assert changed.standing == Standing(Role.ADMIN)
    assert "Remove Zoé" in browser.get("/settings").text
    browser.post("/settings/people/Zo%C3%A9/removal")
    assert person(database, "Zoé") is None


def test_nobody_takes_their_own_role_or_removes_themselves(database: Database, browser: Browser) -> None:
    for path in ("standing", "removal"):
        answer = browser.post(f"/settings/people/Nadia/{path}", role="viewer")
        assert answer.status_code == 422
        assert "ask another administrator" in answer.text
    assert browser.get("/settings").status_code == 200
    assert person(database, "Nadia") is not None


def test_a_name_that_cannot_be_is_refused_beside_its_field(browser: Browser) -> None:
    answer = browser.post("/settings/people", name="nadia", role="viewer")

    assert answer.status_code == 422
    assert "somebody has this name already" in answer.text
    assert 'value="nadia"' in answer.text


def test_a_token_is_shown_once_works_and_is_revoked(database: Database, browser: Browser) -> None:
    page = browser.post("/settings/tokens", name="tableur", days="30", **{"read:mentions": "on"}).text
    found = re.search(r'value="(veil_[^"]+)"', page)
    assert found is not None
    now = Clock().at
    token = authenticate(database, found[1], now=now)
    assert token is not None
    assert (token.scopes, token.expires_at) == ((TokenScope.READ_MENTIONS,), now + timedelta(days=30))
    listed = browser.get("/settings/tokens").text
    assert found[1] not in listed
    assert "tableur" in listed

    browser.post(f"/settings/tokens/{token.id}/revocation")

    assert authenticate(database, found[1], now=now) is None
    assert browser.post(f"/settings/tokens/{token.id}/revocation").status_code == 404


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"name": "", "read:mentions": "on"}, "needs a name"),
        ({"name": "x"}, "at least one right"),
        ({"name": "x", "device": "on"}, "at least one right"),
        ({"name": "pris", "read:mentions": "on"}, "has this name"),
    ],
)
def test_a_token_without_name_or_right_or_with_another_s_name_is_not_made(
    browser: Browser, fields: dict[str, str], reason: str
) -> None:
    browser.post("/settings/tokens", name="pris", **{"read:mentions": "on"})

    answer = browser.post("/settings/tokens", **fields)

    assert answer.status_code == 422
    assert reason in answer.text
    assert "veil_" not in answer.text


def test_the_plan_is_entered_held_against_what_came_and_taken_out(database: Database, browser: Browser) -> None:
    browser.post("/plan", kind="account", target="@tibo", device="salle-1")
    browser.post("/plan", kind="hashtag", target="#pouletrose")

    page = unescape(browser.get("/plan").text)
    assert "last arrived" in page
    assert "https://www.tiktok.com/tag/pouletrose" in page
    wrong = browser.post("/plan", kind="group", target="Clients VIP", device="salle-1")
    assert wrong.status_code == 422
    assert "who authorised" in wrong.text
    assert 'value="Clients VIP"' in wrong.text
    browser.post("/plan/removal", kind="account", target="@tibo", platform="tiktok", device="salle-1")
    assert [entry.target for entry in list_plan(database, ALL)] == ["#pouletrose"]


@pytest.mark.attack
@pytest.mark.parametrize("role", [Role.VIEWER, Role.ANALYST])
def test_only_an_administrator_reaches_the_settings(database: Database, browser: Browser, role: Role) -> None:
    person_in(database, role, name="Vera")
    other = Browser(browser.app)
    other.sign_in("Vera")

    for path in ("/settings", "/settings/tokens"):
        assert other.get(path).status_code == 403
    for path in (
        "/settings/people",
        "/settings/people/Nadia/link",
        "/settings/people/Nadia/removal",
        "/settings/tokens",
    ):
        assert other.post(path, name="x", role="admin", admin="on").status_code == 403
    assert 'href="/settings"' not in other.get("/").text
    entered = other.post("/plan", kind="hashtag", target="#x")
    assert entered.status_code == (303 if role is Role.ANALYST else 403)


def test_the_wall_shows_the_newest_and_how_many_came(browser: Browser) -> None:
    page = browser.get("/wall", q="plastique").text
    assert 'data-query="plastique"' in page
    assert page.count('class="mention"') == 2
    figures = browser.get("/wall/figures").text
    assert "in the last hour" in figures
    assert "All is well" in figures or "alarm" in figures
