"""Who gets in: by the first link, a password or a token; who does not; and what no other site can send."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.daemon.dashboard.visiting import NAME, PASSWORD, Browser, Clock, pages_of, person_in
from veilleur.model.people import Role
from veilleur.model.scope import Scope, TokenScope
from veilleur.store.database import Database
from veilleur.store.invitations import invite_first, invite_person
from veilleur.store.people import list_people, remove_person
from veilleur.store.tokens import create_token, revoke_token

NOW = Clock().at


def test_whoever_opens_the_first_link_becomes_the_administrator_and_the_link_ends(database: Database) -> None:
    browser = Browser(pages_of(database))
    path = f"/welcome/{invite_first(database, Scope(), now=NOW)}"
    assert "you become the first administrator" in browser.get(path).text

    answer = browser.post(path, name="Nadia", password=PASSWORD)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert browser.get("/").status_code == 200
    (person,) = list_people(database, Scope())
    assert (person.name, person.standing.role, person.standing.may_read_private) == ("Nadia", Role.ADMIN, True)
    assert Browser(browser.app).get(path).status_code == 404
    assert Browser(browser.app).post(path, name="Eve", password=PASSWORD).status_code == 404


def test_a_link_ends_after_three_days_and_when_another_is_made(database: Database) -> None:
    clock = Clock()
    browser = Browser(pages_of(database, clock=clock))
    first = invite_first(database, Scope(), now=NOW)
    second = invite_first(database, Scope(), now=NOW)

    assert browser.get(f"/welcome/{first}").status_code == 404
    assert browser.get(f"/welcome/{second}").status_code == 200
    clock.at += timedelta(days=3)
    assert browser.get(f"/welcome/{second}").status_code == 404


@pytest.mark.parametrize(
    ("name", "password", "said"),
    [
        ("Nadia", "short", "at least 10 characters"),
        ("Nadia", "x" * 257, "at least 10 characters"),
        ("", PASSWORD, "choose another one"),
        ("x" * 65, PASSWORD, "choose another one"),
        ("a\x00b", PASSWORD, "choose another one"),
        ("TAKEN", PASSWORD, "choose another one"),
    ],
)
def test_a_name_or_password_that_cannot_be_leaves_the_link_as_it_is(
    database: Database, name: str, password: str, said: str
) -> None:
    browser = Browser(pages_of(database))
    person_in(database, name="taken")
    path = f"/welcome/{invite_first(database, Scope(), now=NOW)}"

    answer = browser.post(path, name=name, password=password)

    assert answer.status_code == 422
    assert said in answer.text
    assert browser.get(path).status_code == 200


def test_a_new_password_ends_the_sessions_of_the_one_before(database: Database) -> None:
    person_in(database)
    browser = Browser(pages_of(database))
    browser.sign_in()
    secret = invite_person(database, Scope(), NAME, now=NOW)

    Browser(browser.app).post(f"/welcome/{secret}", password="another of my passwords")

    assert browser.get("/").headers["Location"] == "/sign-in"
    assert browser.post("/sign-in", name=NAME, password=PASSWORD).status_code == 401


@pytest.mark.attack
def test_a_wrong_password_an_unknown_name_and_a_wrong_token_are_told_alike(database: Database) -> None:
    person_in(database)
    browser = Browser(pages_of(database))

    answers = [browser.post("/sign-in", name=name, password="veil_wrong wrong") for name in (NAME, "Eve", "", "x\x00")]

    assert [answer.status_code for answer in answers] == [401] * 4
    assert len({re.sub('value="[^"]*"', "", answer.text) for answer in answers}) == 1
    assert "veilleur_session" not in browser.cookies


@pytest.mark.attack
def test_after_five_failures_the_next_must_wait_even_with_the_right_password(database: Database) -> None:
    person_in(database)
    clock = Clock()
    browser = Browser(pages_of(database, clock=clock))
    failures = [browser.post("/sign-in", name=NAME.upper(), password="wrong wrong").status_code for _ in range(5)]

    answer = browser.post("/sign-in", name=NAME, password=PASSWORD)

    assert failures == [401] * 5
    assert answer.status_code == 429
    assert "wait 15 minutes" in answer.text
    clock.seconds = 15 * 60
    assert browser.post("/sign-in", name=NAME, password=PASSWORD).status_code == 303


@pytest.mark.attack
def test_many_names_tried_from_one_place_must_wait_too(database: Database) -> None:
    browser = Browser(pages_of(database))

    statuses = [browser.post("/sign-in", name=f"n{number}", password="wrong").status_code for number in range(21)]

    assert statuses == [401] * 20 + [429]


def test_a_token_signs_in_for_as_long_as_it_is_valid(database: Database) -> None:
    token, secret = create_token(database, Scope(), "wall", [TokenScope.READ_MENTIONS], now=NOW)
    browser = Browser(pages_of(database))

    assert browser.sign_in("", secret).status_code == 303
    assert browser.get("/").status_code == 200
    revoke_token(database, Scope(), token.id, now=NOW)
    assert browser.get("/").status_code == 303


def test_whoever_is_removed_or_signs_out_is_out_at_once(database: Database) -> None:
    person_in(database)
    person_in(database, name="Ilan")
    app = pages_of(database)
    nadia, ilan = Browser(app), Browser(app)
    nadia.sign_in()
    ilan.sign_in("ilan")

    ilan.post("/sign-out")
    remove_person(database, Scope(), NAME)

    assert nadia.get("/").status_code == ilan.get("/").status_code == 303


def test_a_session_ends_after_thirty_days(database: Database) -> None:
    person_in(database)
    clock = Clock()
    browser = Browser(pages_of(database, clock=clock))
    browser.sign_in()

    clock.at += timedelta(days=30)

    assert browser.get("/").status_code == 303


@pytest.mark.parametrize("asked", ["/mentions/x?y=1", "//evil.test", "/\\evil.test", "https://evil.test", "/a\r\nb"])
def test_after_signing_in_only_a_page_of_this_site_is_led_to(database: Database, asked: str) -> None:
    person_in(database)
    browser = Browser(pages_of(database))

    answer = browser.post("/sign-in", name=NAME, password=PASSWORD, next=asked)

    assert answer.headers["Location"] == (asked if asked.startswith("/m") else "/")


@pytest.mark.attack
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://veilleur.test"},
    ],
)
def test_a_form_that_another_site_sends_is_refused(database: Database, headers: dict[str, str]) -> None:
    person_in(database)
    browser = Browser(pages_of(database))
    browser.sign_in()

    assert browser.post("/sign-out", headers).status_code == 403
    assert browser.get("/").status_code == 200
    assert Browser(browser.app).post("/sign-in", headers, name=NAME, password=PASSWORD).status_code == 403


@pytest.mark.attack
@pytest.mark.parametrize("csrf", ["", "0" * 64, "\ud800"])
def test_a_form_without_what_its_page_held_is_refused(database: Database, csrf: str) -> None:
    person_in(database)
    browser = Browser(pages_of(database))
    browser.sign_in()
    browser.csrf = csrf.encode("utf-8", "surrogatepass").decode("latin-1")

    for path in ("/sign-out", "/preferences"):
        assert browser.post(path).status_code == 403
    assert browser.get("/").status_code == 200


@pytest.mark.attack
def test_a_form_that_is_too_long_is_refused(database: Database) -> None:
    assert Browser(pages_of(database)).post("/sign-in", name="x" * 70_000).status_code == 403


@pytest.mark.parametrize(("base_url", "is_secure"), [("http://127.0.0.1", False), ("https://veilleur.test", True)])
def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    database: Database, base_url: str, is_secure: bool
) -> None:
    person_in(database)
    browser = Browser(pages_of(database), base_url=base_url)

    cookie = browser.post("/sign-in", name=NAME, password=PASSWORD).headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert ("Secure" in cookie) is is_secure


def test_whoever_is_not_signed_in_is_led_to_the_form_and_back(database: Database) -> None:
    browser = Browser(pages_of(database))

    assert browser.get("/conversations", a="b").headers["Location"] == "/sign-in?next=%2Fconversations%3Fa%3Db"
    part = browser.get_part("/stream/page")
    assert (part.status_code, part.headers["HX-Redirect"]) == (204, "/sign-in")
