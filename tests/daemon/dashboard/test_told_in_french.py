"""What code below the pages told in English, and perhaps stored so, on the pages of somebody who reads French."""

from __future__ import annotations

import re
import sys
from html import unescape

import pytest
from msgspec.structs import replace

from tests.daemon.dashboard.visiting import Browser, Clock, RecordedOperations, pages_of, person_in
from tests.daemon.delivery.outgoing import outgoing_with
from tests.daemon.store.arrivals import NOON_MS, arrival, dead
from veilleur.model.alarms import AlarmCode
from veilleur.model.alert import AlertRuleDraft, AlertTrigger
from veilleur.model.kinds import OutcomeKind
from veilleur.model.readiness import PartState, Readiness
from veilleur.model.scope import Scope
from veilleur.store.alarms import raise_alarm
from veilleur.store.alert_rules import save_rule
from veilleur.store.commit import commit_batch
from veilleur.store.database import Database

RECEIVERS = "/settings/receivers"
NOT_READY = Readiness(
    is_ready=False,
    parts=(
        PartState("database", is_ok=True),
        PartState("source", is_ok=False, detail="no broker answers at mqtt://h:1883: [Errno 111] Connection refused"),
        PartState("ingest", is_ok=False, detail="something of a later release"),
    ),
)
_TAG = re.compile(r"<[^>]+>")


def shown(page: str) -> str:
    """Return a page's words, with every space an ordinary one."""
    return re.sub(r"\s+", " ", unescape(_TAG.sub(" ", page)))


def french_browser(
    database: Database, *, refusal: str | None = None, readiness: Readiness = NOT_READY, signs_in: bool = True
) -> Browser:
    """Return the browser of an administrator who reads French."""
    person_in(database)
    operations = RecordedOperations(refusal=refusal)
    app = pages_of(database, operations=operations, readiness=readiness, outgoing=outgoing_with())
    browser = Browser(app, headers={"Accept-Language": "fr"})
    if signs_in:
        browser.sign_in()
    return browser


@pytest.mark.parametrize(
    ("code", "detail", "told"),
    [
        (
            AlarmCode.DEVICE_SILENT,
            "no status since 2026-11-20 08:30 UTC: is it charged, on, and in its network?",
            "aucun état depuis le 20 nov. 2026, 08:30 UTC : est-il chargé, allumé et dans son réseau ?",
        ),
        (AlarmCode.DEVICE_PROBLEM, "clock_wrong, spool_at_cap", "horloge fausse, sa réserve est pleine"),
        (
            AlarmCode.CONFIG_REFUSED,
            "it refused its configuration: the newest config cannot be read (12 bytes)",
            "il a refusé sa configuration : la dernière configuration ne peut pas être lue (12 octets)",
        ),
    ],
)
def test_what_an_alarm_says_is_told_in_french_where_a_row_holds_english(
    database: Database, code: AlarmCode, detail: str, told: str
) -> None:
    """Broken line: `{{ alarm.detail }}` in the pages of the state and of a device; it reported each in English."""
    raise_alarm(database, code, "salle-1", detail, Clock().at)
    browser = french_browser(database)

    for path in ("/state", "/devices/salle-1"):
        assert told in shown(browser.get(path).text), path


def test_an_alarm_of_a_former_release_stays_and_is_marked_as_english(database: Database) -> None:
    """Broken line: `retold` gives nothing for what is not translated; it reported a page without the alarm's words."""
    raise_alarm(database, AlarmCode.GAP, "salle-1", "12 things went <astray>", Clock().at)

    assert '<span lang="en">12 things went &lt;astray&gt;</span>' in french_browser(database).get("/state").text


def test_why_something_could_not_be_read_is_told_in_french(database: Database) -> None:
    """Broken line: `{{ one.reason }}` and `{{ row.reason }}` in the page of the state; it reported the codes."""
    unread = replace(
        dead(b"{", seq=72), reason="bad_field", detail="Expected `str`, got `int` - at `$.notification.title`"
    )
    unknown = arrival(71, outcome=OutcomeKind.QUARANTINED)
    unknown = replace(unknown, reading=replace(unknown.reading, reason="unknown_wording"))
    commit_batch(database, [unknown, unread], now_ms=NOON_MS)

    page = shown(french_browser(database).get("/state").text)

    assert "champ incorrect : `str` attendu, et non `int`, à `$.notification.title`" in page
    assert "libellé inconnu" in page
    assert "bad_field" not in page


@pytest.mark.parametrize("signs_in", [True, False])
def test_what_is_not_ready_is_told_in_french_and_the_rest_marked(database: Database, signs_in: bool) -> None:
    """Broken line: `{{ part.detail }}` on both pages; it reported each in English."""
    page = french_browser(database, signs_in=signs_in).get("/state" if signs_in else "/sign-in").text

    assert "aucun courtier ne répond à mqtt://h:1883 : connexion refusée" in shown(page)
    assert '<span lang="en">something of a later release</span>' in page


@pytest.mark.parametrize(
    ("path", "refusal", "told"),
    [
        (
            "/devices",
            "another process holds /srv/broker.lock: end it, then start again",
            "Aucun code n’a été créé : un autre processus tient /srv/broker.lock : arrêtez-le",
        ),
        (
            "/devices",
            "the account does not work: the connection broke: run `veilleur doctor`",
            "lancez `veilleur doctor`",
        ),
        ("/start/sample", "it did not end within 300 s", "cela n’a pas pris fin en 300 s"),
        (
            "/state/patterns",
            "fr.toml, line 3: the example does not match the pattern",
            "l’exemple ne convient pas au modèle",
        ),
    ],
)
def test_why_it_was_not_done_is_told_in_french(database: Database, path: str, refusal: str, told: str) -> None:
    """Broken line: `{{ refusal }}` of each page; it reported each in English."""
    answer = french_browser(database, refusal=refusal).post(path, device="salon-1", key="k1")

    assert answer.status_code == 422
    assert told in shown(answer.text)
    assert f"{refusal}<" not in unescape(answer.text)


def test_why_no_file_was_made_is_told_in_french(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken line: `{{ refusal }}` of the page of exports; it reported the English sentence."""
    monkeypatch.delitem(sys.modules, "veilleur.exports.parquet", raising=False)
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    page = french_browser(database).get("/export/file", q="", format="parquet").text

    assert "parquet a besoin de pyarrow, qui n’est pas installé : pip install 'veilleur[parquet]'" in shown(page)


def test_why_a_receiver_was_not_told_is_told_in_french_at_once_and_later(database: Database) -> None:
    """Broken line: `{{ answer.detail }}`, then `{{ attempt.error }}`; it reported the page that told it in English."""
    browser = french_browser(database)
    browser.post(RECEIVERS, name="équipe", address="http://127.0.0.1:1/")
    rule = AlertRuleDraft(trigger=AlertTrigger.APP_SILENT)
    save_rule(database, Scope(may_read_private=True), "panne", rule, by="Nadia", now=Clock().at)

    at_once = browser.post(f"{RECEIVERS}/équipe/test")
    later = browser.get("/alert-rules/panne/test", since="0")

    for page in (at_once.text, later.text):
        assert "le destinataire n’a pas été joint" in shown(page)
        assert "pas de connexion (ConnectionRefusedError)" in shown(page)
        assert '<span lang="en">' not in page
