"""Why something cannot be as asked, on the pages of somebody who reads French: no word of it in English."""

from __future__ import annotations

import re
from html import unescape

import httpx
import pytest

from tests.daemon.dashboard.visiting import Browser, pages_of, person_in
from tests.daemon.delivery.outgoing import outgoing_with
from veilleur.store.database import Database

CAPTURE = "/devices/salle-1/capture"
RECEIVERS = "/settings/receivers"
SVG = '<svg xmlns="http://www.w3.org/2000/svg">'
_ALERT = re.compile(r'<(\w+)[^>]* role="alert">(.*?)</\1>', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


@pytest.fixture
def browser(database: Database) -> Browser:
    """Give the browser of an administrator who reads French and has a device and a receiver."""
    person_in(database)
    browser = Browser(pages_of(database, outgoing=outgoing_with()))
    browser.sign_in()
    browser.headers["Accept-Language"] = "fr"
    browser.post(RECEIVERS, name="équipe", address="https://hooks.example.org/veilleur")
    return browser


def told(page: str) -> str:
    """Return what a page tells at once, without its marks; nothing of it may be said to be English."""
    found = [alert[2] for alert in _ALERT.finditer(page)]
    assert found, page
    assert 'lang="en"' not in "".join(found), found
    return unescape(_TAG.sub("", " ".join(found))).replace("\u00a0", " ")


def sent(browser: Browser, path: str, fields: dict[str, str]) -> httpx.Response:
    """Send a form that may hold a file, as a browser does."""
    parts = ({"csrf": browser.csrf} | fields).items()
    body = "".join(f'--x9\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in parts)
    return browser.upload(path, "multipart/form-data; boundary=x9", f"{body}--x9--\r\n".encode())


@pytest.mark.parametrize(
    ("path", "fields", "said"),
    [
        (f"{CAPTURE}/choices", {"revision": "7"}, "la révision 0 est venue entre-temps"),
        (f"{CAPTURE}/choices", {"clear": "from_count", "from_count": "99"}, "« 99 » n’est pas une façon d’effacer"),
        (f"{CAPTURE}/org.example/removal", {}, "org.example n’est pas dans la liste des applications"),
        (RECEIVERS, {"name": "équipe", "address": "https://hooks.example.org/"}, "il y a déjà un destinataire équipe"),
        (RECEIVERS, {"name": "là", "address": "http://192.168.1.7/"}, "elle mène au réseau interne"),
        (RECEIVERS, {"name": "là", "address": "http://é.example/"}, "l’adresse d’un webhook est http://…"),
        (RECEIVERS, {"name": "là", "address": "nulle-part"}, "aucun service n’est joint par cette adresse"),
        ("/plan", {"kind": "account", "target": "@lou"}, "appareil : choisissez celui qui suit ce compte"),
        ("/plan", {"kind": "hashtag", "target": "lou"}, "écrivez un hashtag comme #brunch"),
        ("/plan", {"kind": "feed", "target": "x", "note": "y" * 501}, "note : écrivez de 1 à 500 caractères"),
        ("/qualify", {"q": "", "add_tags": "y" * 300}, "une étiquette est un seul mot"),
        ("/qualify", {"q": ""}, "dites quelque chose : une tonalité"),
    ],
)
def test_a_french_reader_is_told_in_french_why_not(
    browser: Browser, path: str, fields: dict[str, str], said: str
) -> None:
    """Broken line: `{{ refusal | refusal_text }}` of each page as `{{ refusal }}`; it reported each in English."""
    answer = browser.post(path, **fields)

    assert answer.status_code == 422
    assert said in told(answer.text)


@pytest.mark.parametrize(
    ("logo", "said"),
    [
        (f"{SVG}<script/></svg>", "ce SVG exécute ou va chercher quelque chose"),
        ("x" * 310_000, "un logo a au plus 300 ko : celui-ci en a 310"),
        ("<html/>", "ceci est un autre genre de XML"),
    ],
)
def test_a_french_reader_is_told_in_french_what_is_wrong_with_a_logo(browser: Browser, logo: str, said: str) -> None:
    """Broken line: the page showed `str(why)`; it reported each in English."""
    answer = sent(browser, "/reports/logo", {'logo"; filename="logo': logo})

    assert answer.status_code == 422
    assert said in told(answer.text)


def test_a_french_reader_is_told_in_french_that_a_report_s_period_cannot_be_read(browser: Browser) -> None:
    """Broken line: the page showed `why.expected`; it reported `a period such as 7d`."""
    answer = sent(browser, "/reports/page", {"title": "Essai", "period": "bientôt"})

    assert "une période comme 7d, 24h" in told(answer.text)
