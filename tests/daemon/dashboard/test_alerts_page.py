"""Alerts on their page, and behind the link that receivers are sent: looking takes nothing on."""

from __future__ import annotations

from tests.daemon.alerts.alerting_house import ADDRESS, House, notices
from tests.daemon.dashboard.visiting import Browser, pages_of, person_in
from veilleur.model.alert import AlertRuleDraft, AlertTrigger
from veilleur.model.people import Role
from veilleur.store.database import Database


def test_without_a_rule_it_says_how_one_is_made(database: Database) -> None:
    person_in(database, Role.VIEWER)
    browser = Browser(pages_of(database))
    browser.sign_in()

    page = browser.get("/alerts").text

    assert "No alert rule yet" in page
    assert browser.get("/alerts", cursor="0" * 32).status_code == 404


def test_an_unknown_link_or_alert_leads_nowhere(database: Database) -> None:
    person_in(database, Role.ANALYST)
    stranger = Browser(pages_of(database))

    assert stranger.get("/alerts/link/nothing").status_code == 404
    assert stranger.post("/alerts/link/nothing").status_code == 404
    browser = Browser(stranger.app)
    browser.sign_in()
    assert browser.post("/alerts/1/acknowledgement").status_code == 404


def test_an_alert_is_listed_and_taken_on_by_a_link_that_looking_does_not_use(database: Database) -> None:
    house = House(database, seq=100)
    house.receiver("phone")
    house.rule("greve", AlertRuleDraft(trigger=AlertTrigger.EVERY, watch="strike", escalate_minutes=15))
    house.say("a strike")
    house.follow()
    house.after(minutes=1)
    path = (notices(house)[-1].url or "").removeprefix(ADDRESS)
    person_in(database, Role.ANALYST)
    browser, stranger = Browser(pages_of(database)), Browser(pages_of(database))
    browser.sign_in()
    assert "I am on it" in browser.get("/alerts").text

    assert "I am on it" in stranger.get(path).text
    assert "Nobody further is told" not in stranger.get(path).text
    assert "Nobody further is told" in stranger.post(path).text

    page = browser.get("/alerts").text
    assert "Taken on by" in page
    assert "phone" in page
    assert "No alert<" in browser.get("/alerts", open="true").text


def test_an_analyst_takes_an_alert_on_and_a_viewer_does_not(database: Database) -> None:
    house = House(database, seq=100)
    house.rule("greve", AlertRuleDraft(trigger=AlertTrigger.EVERY, watch="strike"))
    house.say("a strike")
    house.follow()
    alert = house.alerts()[0]
    person_in(database, Role.VIEWER, name="Vera")
    viewer = Browser(pages_of(database))
    viewer.sign_in("Vera")
    assert viewer.post(f"/alerts/{alert.id}/acknowledgement").status_code == 403
    assert "Nobody has taken it on yet" in viewer.get("/alerts").text

    person_in(database, Role.ANALYST)
    analyst = Browser(viewer.app)
    analyst.sign_in()
    analyst.post(f"/alerts/{alert.id}/acknowledgement")

    assert house.alerts()[0].acknowledged_by == "Nadia"
