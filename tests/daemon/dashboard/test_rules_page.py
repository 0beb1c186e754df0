"""Alert rules and receivers on their pages: kept as written, refused in words, and nobody else's to change."""

from __future__ import annotations

import pytest

from tests.daemon.dashboard.visiting import Browser, Clock, pages_of, person_in
from veilleur.delivery.channel import Channel, Message
from veilleur.delivery.keeping import Outgoing
from veilleur.model.alert import AlertRule, AlertTrigger, Digest, QuietHours
from veilleur.model.delivery import Answer, AttemptOutcome, ReceiverKind
from veilleur.model.errors import ReceiverRefused
from veilleur.model.people import Role
from veilleur.model.scope import Scope
from veilleur.model.watch import Saved, WatchDraft
from veilleur.store.alert_rules import get_alert_rule
from veilleur.store.database import Database
from veilleur.store.receivers import list_receivers
from veilleur.store.sealing import Seal
from veilleur.store.watches import save_watch

ALL = Scope(may_read_private=True)
RULE = {"trigger": "count", "watch": "plastique", "at_least": "2", "window_minutes": "30", "cool_down_minutes": "5"}


class RecordingChannel:
    """Takes whatever is sent; refuses addresses that say so."""

    def masked(self, address: str) -> str:
        if "refuse" in address:
            raise ReceiverRefused("no <such> place")
        return "…"

    def send(self, address: str, message: Message) -> Answer:
        del address, message
        return Answer(AttemptOutcome.DELIVERED)


def channel_of(kind: ReceiverKind) -> Channel:
    del kind
    return RecordingChannel()


def signed_in(database: Database, role: Role = Role.ADMIN) -> Browser:
    person_in(database, role)
    draft = WatchDraft("plastique", "Europe/Paris", None)
    assert save_watch(database, ALL, "plastique", draft, by="Nadia", now=Clock().at) is Saved.SAVED
    browser = Browser(pages_of(database, outgoing=Outgoing(Seal(lambda: "0" * 64), channel_of)))
    browser.sign_in()
    return browser


def rule(database: Database, name: str) -> AlertRule | None:
    return get_alert_rule(database, ALL, name)


def test_a_rule_is_kept_as_it_was_written_and_shown_again(database: Database) -> None:
    browser = signed_in(database)
    browser.post("/settings/receivers", name="équipe", address="https://hooks.example.org/x")
    more = {"words": "sauce, film", "quiet_from": "22:00", "quiet_until": "07:30", "digest": "daily"}

    answer = browser.post("/new-alert-rule", name="plastique en nombre", **{"receiver:équipe": "on"}, **RULE, **more)

    assert answer.status_code == 303
    kept = rule(database, "plastique en nombre")
    assert kept is not None
    assert (kept.draft.trigger, kept.draft.at_least, kept.draft.window_minutes) == (AlertTrigger.COUNT, 2, 30)
    assert (kept.draft.words, kept.draft.receivers) == (("sauce", "film"), ("équipe",))
    assert (kept.draft.quiet, kept.draft.digest) == (QuietHours(22 * 60, 7 * 60 + 30), Digest.DAILY)
    form = browser.get("/alert-rules/plastique%20en%20nombre/edit").text
    for shown in ('value="sauce, film"', 'name="quiet_from" value="22:00"', 'name="receiver:équipe" checked'):
        assert shown in form
    assert "plastique en nombre" in browser.get("/alert-rules").text


def test_a_rule_rests_goes_on_and_takes_another_name(database: Database) -> None:
    browser = signed_in(database)
    browser.post("/new-alert-rule", name="r", **RULE)

    browser.post("/alert-rules/r/archive")
    resting = rule(database, "r")
    assert resting is not None
    assert resting.archived_by == "Nadia"
    assert "Let it go on" in browser.get("/alert-rules/r").text
    browser.post("/alert-rules/r/restore")
    browser.post("/alert-rules/r/edit", name="r2", **RULE)

    assert rule(database, "r") is None
    renamed = rule(database, "r2")
    assert renamed is not None
    assert (renamed.version, renamed.archived_at) == (2, None)


def test_what_no_rule_can_be_is_told_beside_what_was_written(database: Database) -> None:
    browser = signed_in(database)
    browser.post("/new-alert-rule", name="r", **RULE)
    for fields, said in (
        (RULE | {"name": "r"}, "has this name already"),
        (RULE | {"name": "x", "watch": ""}, "needs a watch"),
        (RULE | {"name": "x", "at_least": "many"}, "many is no number"),
        (RULE | {"name": "x", "quiet_from": "x", "quiet_until": "07:00"}, "x is no hour"),
        (RULE | {"name": "x", "receiver:nobody": "on"}, "there is no receiver nobody"),
    ):
        answer = browser.post("/new-alert-rule", **fields)
        assert answer.status_code == 422
        assert said in answer.text
    assert rule(database, "x") is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"at_least": "viele"}, "viele n’est pas un nombre de mentions ou de minutes"),
        (
            {"quiet_from": "nuit", "quiet_until": "07:30"},
            "nuit n’est pas une heure du jour\u00a0: écrivez-la comme 22:00",
        ),
        ({"name": "a/b"}, "le nom d’une règle a de 1 à 100 caractères, sans /"),
        ({"trigger": "app_silent"}, "une règle «\u00a0quand une application devient muette\u00a0» ne porte sur aucune"),
    ],
)
def test_a_french_reader_is_told_in_french_what_no_rule_can_be(
    database: Database, wrong: dict[str, str], said: str
) -> None:
    """Broken line: the page showed the error as it is raised; it reported each of them in English."""
    browser = signed_in(database)
    browser.headers["Accept-Language"] = "fr"
    answer = browser.post("/new-alert-rule", **({"name": "x"} | RULE | wrong))

    assert answer.status_code == 422
    assert said in answer.text


def test_a_rule_is_tried_on_the_past_with_its_words(database: Database) -> None:
    browser = signed_in(database)

    every = browser.get("/new-alert-rule/backtest", **(RULE | {"trigger": "every", "cool_down_minutes": "0"})).text
    none = browser.get(
        "/new-alert-rule/backtest", **(RULE | {"trigger": "every", "words": "introuvable, #nullepart"})
    ).text

    assert "It would have told you" in every
    assert "0 mentions matched" in none
    assert "cannot be tried on the past" in browser.get("/new-alert-rule/backtest", trigger="burst").text
    assert "Choose a watch first" in browser.get("/new-alert-rule/backtest", trigger="every").text


def test_whoever_makes_the_first_rule_is_led_back(database: Database) -> None:
    answer = signed_in(database).post("/new-alert-rule", name="r", first="first", **RULE)

    assert answer.headers["Location"] == "/start"


def test_a_receiver_is_made_tried_and_removed(database: Database) -> None:
    browser = signed_in(database)

    page = browser.post("/settings/receivers", name="table", address="https://hooks.example.org/secret").text
    assert "whsec_" in page
    assert "hooks.example.org/secret" not in browser.get("/settings/receivers").text
    assert "it has arrived" in browser.post("/settings/receivers/table/test").text
    browser.post("/settings/receivers/table/removal")

    assert list_receivers(database, ALL) == ()
    refused = browser.post("/settings/receivers", name="x", address="ntfys://refuse.example.org/x")
    assert refused.status_code == 422
    assert "no &lt;such&gt; place" in refused.text
    assert browser.post("/settings/receivers", name="a/b", address="x").status_code == 422
    assert browser.post("/settings/receivers", name="x", address=" ").status_code == 422


@pytest.mark.attack
@pytest.mark.parametrize("role", [Role.VIEWER, Role.ANALYST])
def test_nobody_does_what_their_role_does_not_hold(database: Database, role: Role) -> None:
    browser = signed_in(database, role)
    for path in ("/settings/receivers", "/settings/receivers/x/test", "/settings/receivers/x/removal"):
        assert browser.post(path, name="x", address="https://hooks.example.org/x").status_code == 403
    for path in ("/new-alert-rule", "/alert-rules/r/archive", "/alert-rules/r/test", "/alert-rules/r/edit"):
        status = browser.post(path, name="r", **RULE).status_code
        assert status == 403 if role is Role.VIEWER else status in {303, 422}
    assert list_receivers(database, ALL) == ()
    assert (rule(database, "r") is None) is (role is Role.VIEWER)
