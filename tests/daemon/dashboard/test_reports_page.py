"""Reports on their page: made with words and a logo, refused with a reason, scheduled and ended."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import httpx
import pytest

from tests.daemon.dashboard.visiting import Browser, Clock, pages_of, person_in
from veilleur.model.delivery import ReceiverKind
from veilleur.model.people import Role
from veilleur.model.scope import Scope
from veilleur.model.watch import WatchDraft
from veilleur.query.expression import EVERYTHING
from veilleur.store.database import Database
from veilleur.store.mentions import every_mention
from veilleur.store.projects import save_project
from veilleur.store.receivers import add_receiver
from veilleur.store.report_additions import kept_logo, list_kept_words
from veilleur.store.report_schedules import list_schedules
from veilleur.store.sealing import Seal
from veilleur.store.watches import save_watch

ALL = Scope(may_read_private=True)
LOGO = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) + b"\r\n--x\r\n"


@pytest.fixture
def browser(database: Database) -> Browser:
    """Give the browser of an administrator on the day after the story, with a watch."""
    person_in(database)
    newest = next(iter(every_mention(database, ALL, EVERYTHING)))
    clock = Clock(at=newest.happened_at + timedelta(days=1))
    draft = WatchDraft("plastique", "UTC", None)
    save_watch(database, ALL, "Plastique", draft, by="Nadia", now=clock.at)
    browser = Browser(pages_of(database, clock=clock))
    browser.sign_in()
    browser.get("/reports")
    return browser


def ask(browser: Browser, logo: bytes = b"", /, **fields: str) -> str:
    """Send the form as a browser does, and return the page."""
    parts = [
        f'--x9\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in ({"csrf": browser.csrf, "period": "7d"} | fields).items()
    ]
    file = b'--x9\r\nContent-Disposition: form-data; name="logo"; filename="logo.png"\r\n\r\n' + logo + b"\r\n"
    body = b"".join([*parts, file, b"--x9--\r\n"])
    return browser.upload("/reports/page", "multipart/form-data; boundary=x9", body).text


def test_a_report_holds_the_words_and_the_logo_that_were_sent(browser: Browser) -> None:
    page = ask(browser, LOGO, watch="Plastique", words="Semaine calme.\r\n\r\n<b>À suivre</b>", language="fr")

    assert "<p>Semaine calme." in page
    assert "&lt;b&gt;À suivre&lt;/b&gt;" in page
    assert 'src="data:image/png;base64,' in page
    assert '<html lang="fr">' in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"watch": "Plastique", "period": "someday"}, "This period cannot be read:"),
        ({"watch": "Nobody"}, "There is no such watch."),
        ({"watch": ""}, "Choose a watch, or give a query or a title."),
        ({"q": "kind:nonsense"}, "This query cannot be read:"),
    ],
)
def test_what_cannot_be_made_is_told_beside_its_field(browser: Browser, fields: dict[str, str], said: str) -> None:
    page = ask(browser, **fields)

    assert said in page
    assert 'enctype="multipart/form-data"' in page


def test_a_logo_that_runs_something_is_refused(browser: Browser) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'

    assert "This logo cannot be taken:" in ask(browser, svg, watch="Plastique")


def test_a_form_of_another_site_is_refused(browser: Browser) -> None:
    assert "lang" in ask(browser, csrf="0" * 64, watch="Plastique")
    assert "<header>" not in ask(browser, csrf="0" * 64, watch="Plastique")


def test_private_mentions_are_told_to_those_who_read_them_alone(database: Database, browser: Browser) -> None:
    person_in(database, Role.ANALYST, reads_private=False, name="Zoé")
    other = Browser(browser.app)
    other.sign_in("Zoé")
    other.get("/reports")

    assert "read:private" in ask(other, q="plastique", private="on")


def add_direction(database: Database) -> None:
    add_receiver(
        database,
        ALL,
        Seal(lambda: "a key of this test"),
        name="direction",
        kind=ReceiverKind.WEBHOOK,
        address="https://hooks.example.org/v",
        masked="https://hooks.example.org/…",
        by="Nadia",
        now=Clock().at,
    )


def test_a_report_is_scheduled_and_ended(database: Database, browser: Browser) -> None:
    from_page = {"kind": "report", "every": "week", "at": "08:30", "language": "fr"}
    refused = browser.post("/reports/schedules", watch="Plastique", **from_page)
    assert refused.status_code == 422
    assert "veilleur receiver add" in refused.text
    add_direction(database)
    browser.get("/reports")

    browser.post("/reports/schedules", {}, watch="Plastique", **from_page, **{"receiver:direction": "on"})
    (schedule,) = list_schedules(database, ALL)
    assert (schedule.draft.watch, schedule.draft.at_minute, schedule.draft.receivers) == (
        "Plastique",
        510,
        ("direction",),
    )
    page = browser.get("/reports").text
    assert f"/watches/{quote('Plastique')}" in page
    assert "each Monday, 08:30" in page
    browser.post(f"/reports/schedules/{schedule.id}/removal")
    assert list_schedules(database, ALL) == ()


def keep_logo(browser: Browser, logo: bytes) -> httpx.Response:
    """Send the form that keeps a logo as a browser does."""
    body = (
        f'--x9\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{browser.csrf}\r\n--x9\r\n'
        'Content-Disposition: form-data; name="logo"; filename="logo.png"\r\n\r\n'
    ).encode()
    return browser.upload("/reports/logo", "multipart/form-data; boundary=x9", body + logo + b"\r\n--x9--\r\n")


def test_words_and_a_logo_that_are_kept_stand_in_the_next_report_until_they_are_changed_or_removed(
    browser: Browser,
) -> None:
    """Broken line: `_presentation` asked for no kept words; it reported a report without `Gardé.`."""
    assert keep_logo(browser, LOGO).status_code == 303
    assert browser.post("/reports/words", watch="Plastique", words="Gardé.").status_code == 303
    assert "Gardé." in browser.get("/reports").text
    assert browser.get("/reports/logo").content == LOGO

    page = ask(browser, watch="Plastique")
    assert "<p>Gardé." in page
    assert 'src="data:image/png;base64,' in page
    assert "Gardé." not in ask(browser, watch="Plastique", words="Autre.")
    bare = ask(browser, watch="Plastique", bare="on")
    assert "Gardé." not in bare
    assert 'src="data:' not in bare
    assert "Gardé." not in ask(browser, q="plastique")

    browser.post("/reports/words", watch="Plastique", words="Mieux.")
    assert "<p>Mieux." in ask(browser, watch="Plastique")
    browser.post("/reports/words", watch="Plastique", words=" ")
    browser.post("/reports/logo/removal")
    page = ask(browser, watch="Plastique")
    assert "Mieux." not in page
    assert 'src="data:' not in page
    assert browser.get("/reports/logo").status_code == 404


@pytest.mark.attack
def test_what_cannot_be_kept_is_told_and_a_logo_runs_nothing(browser: Browser) -> None:
    """Broken line: the picture without headers of its own; it reported no Content-Security-Policy at all."""
    runs = keep_logo(browser, b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
    assert (runs.status_code, "This logo cannot be taken:" in runs.text) == (422, True)
    assert "There is no such watch." in browser.post("/reports/words", watch="Nobody", words="x").text
    assert "These words are too long." in browser.post("/reports/words", watch="Plastique", words="x" * 20_001).text
    keep_logo(browser, b'<svg xmlns="http://www.w3.org/2000/svg"/>')
    shown = browser.get("/reports/logo")
    assert shown.headers["Content-Type"] == "image/svg+xml"
    assert "sandbox" in shown.headers["Content-Security-Policy"]


def test_a_viewer_keeps_nothing_and_another_project_sees_nothing_of_it(database: Database, browser: Browser) -> None:
    """Broken line: a logo read without its project; it reported the first project's logo in the other."""
    keep_logo(browser, LOGO)
    browser.post("/reports/words", watch="Plastique", words="Gardé.")
    save_project(database, "dupont", "Dupont", now=Clock().at)
    assert (kept_logo(database, Scope("dupont")), list_kept_words(database, Scope("dupont"))) == (None, ())
    person_in(database, Role.VIEWER, name="Zoé")
    viewer = Browser(browser.app)
    viewer.sign_in("Zoé")
    page = viewer.get("/reports").text

    assert "Gardé." in page
    assert 'action="/reports/words"' not in page
    for path in ("/reports/words", "/reports/logo/removal"):
        assert viewer.post(path, watch="Plastique", words="x").status_code == 403


@pytest.mark.attack
def test_words_of_a_watch_of_which_somebody_may_not_know_are_neither_shown_nor_changed(
    database: Database, browser: Browser
) -> None:
    """Broken line: watches sought by their project alone; it reported the private watch's words on the page."""
    browser.post("/reports/words", watch="Plastique", words="Gardé.")
    person_in(database, Role.ANALYST, name="Zoé", reads_private=False)
    other = Browser(browser.app)
    other.sign_in("Zoé")

    page = other.get("/reports").text
    assert ("Gardé." in page, "Plastique" in page) == (False, False)
    assert "There is no such watch." in other.post("/reports/words", watch="Plastique", words="Autre.").text
    assert [one.words for one in list_kept_words(database, ALL)] == ["Gardé."]
