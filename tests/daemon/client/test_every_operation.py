"""The typed client reaches every operation of the API, on a real server that holds the sample."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import httpx
import pytest

from tests.daemon.api.sample_server import sample_database
from tests.servers.ports import free_port
from veilleur.api.description import Document, operations_of
from veilleur.api.examples import response_examples
from veilleur.app.serving import running_server
from veilleur.app.settings import load_settings
from veilleur.client import Client
from veilleur.client.errors import WrongQuery
from veilleur.model.alert import AlertRuleDraft, AlertTrigger, QuietHours
from veilleur.model.campaign import CampaignKind
from veilleur.model.condition import Condition
from veilleur.model.counts import Facet, Grain
from veilleur.model.coverage import CoverageFilter
from veilleur.model.delivery import AttemptOutcome, DeliveryState, ReceiverDraft, ReceiverKind, SubscriptionDraft
from veilleur.model.errors import AlertRuleError, PlanError, ProjectRefused, QualificationError, ReceiverRefused
from veilleur.model.export import Dialect, ExportFormat
from veilleur.model.identity import MentionId
from veilleur.model.people import Standing
from veilleur.model.plan import PlanEntry, PlanKind, checked_entry
from veilleur.model.qualification import QualificationChange, Tone
from veilleur.model.report import ReportAdditions
from veilleur.model.report_schedule import Every, ReportScheduleDraft
from veilleur.model.scope import Scope, TokenScope
from veilleur.model.watch import WatchDraft
from veilleur.store.tokens import create_token

OTHERWISE_READ = {"/api/v1/quarantine": "`notifications.page(outcome=QUARANTINED)` is the same"}
FOLLOWED_OTHERWISE = {"/api/v1/stream": "an endless answer: `changes.page` tells the same"}
HOOK = "https://hooks.invalid/veilleur"
"""A name that is nowhere (RFC 2606)."""
PARIS = ZoneInfo("Europe/Paris")
MENTION = MentionId(response_examples()["read_mention"]["mention"]["id"])


class Listening(httpx.BaseTransport):
    """Passes requests on, and remembers method and path."""

    def __init__(self) -> None:
        self.asked: set[tuple[str, str]] = set()
        self._onward = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.add((request.method.lower(), request.url.raw_path.decode().partition("?")[0]))
        return self._onward.handle_request(request)

    def close(self) -> None:
        self._onward.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Give address and token of a server on which everything is allowed."""
    with sample_database(tmp_path_factory.mktemp("sample")) as database:
        _, token = create_token(database, Scope(), "client", frozenset(TokenScope), now=datetime.now(UTC))
        with running_server(load_settings(http_port=free_port()), database, tuple) as address:
            yield address, token


def test_every_operation_is_reached_and_its_answer_is_a_record(server: tuple[str, str]) -> None:
    """Broken line: `Losses.coverage` that asks `/alarms`; then nothing was said to be missing."""
    listening = Listening()
    address, token = server
    document: Document = httpx.get(f"{address}/openapi.json", timeout=60).json()
    with Client(address, token, transport=listening) as client:
        ask_about_mentions(client)
        ask_about_what_was_lost(client)
        ask_about_devices(client)
        say_something(client)
        make_rules(client)
        plan(client)
        change_campaigns(client)
        watch(client)
        make_feeds(client)
        look_at_trends(client)
        report(client)
        send(client)
        make_alert_rules(client)
        follow_changes(client)
        fill_a_project(client)
        export(client)

    operations = {
        (method, path)
        for path, method, _ in operations_of(document)
        if path.startswith("/api/v1") and path not in OTHERWISE_READ | FOLLOWED_OTHERWISE
    }
    assert {one for one in operations if not any(fits(one, asked) for asked in listening.asked)} == set()


def fits(operation: tuple[str, str], asked: tuple[str, str]) -> bool:
    """Return whether a request was for this operation."""
    pattern = re.sub(r"\{[^}]*\}", "[^/]+", operation[1])
    return operation[0] == asked[0] and re.fullmatch(pattern, asked[1]) is not None


def ask_about_mentions(client: Client) -> None:
    told = client.mentions.find(MENTION)
    assert told is not None
    assert told.notification is not None
    assert told.mention in list(client.mentions.every("#pouletrose"))
    assert client.mentions.total() == len(list(client.mentions.every()))
    assert client.mentions.explain("kind:comment", language="fr")
    assert client.mentions.facets(by=[Facet.KIND, Facet.PLATFORM])[1].counts
    assert client.mentions.timeline("#pouletrose", grain=Grain.DAY).buckets
    notification = client.notifications.find(told.mention.notification_id)
    assert notification is not None
    assert notification.row in list(client.notifications.every())


def ask_about_what_was_lost(client: Client) -> None:
    assert client.losses.coverage(CoverageFilter(device="salle-1")).intervals
    assert client.losses.alarms(is_open=True)
    [dead] = client.losses.dead_letters()
    assert client.losses.dead_payload(dead.id) == b"no envelope"
    assert client.losses.parse_rates(package="com.zhiliaoapp.musically")


def ask_about_devices(client: Client) -> None:
    name = client.devices.every()[0].name
    before, now = client.devices.config_before(name), client.devices.config(name)
    assert client.devices.is_known(name)
    assert before is not None
    assert now is not None
    asked = client.devices.ask(name, now)
    assert asked is not None
    assert asked.revision == now.revision + 1


def say_something(client: Client) -> None:
    said = client.qualifications.say(MENTION, QualificationChange(tone=Tone.NEGATIVE, add_tags=("plastique",)))
    assert said.act is not None
    assert said.qualification is not None
    assert client.qualifications.say_of_all("#pouletrose", QualificationChange(is_treated=True)).mention_count
    assert client.qualifications.say_of([MENTION], QualificationChange(is_treated=False)).mention_count == 1
    assert client.qualifications.journal(MENTION)
    assert said.act.id in [act.id for act in client.qualifications.acts()]
    assert client.qualifications.undo(said.act.id)


def make_rules(client: Client) -> None:
    tagging = QualificationChange(add_tags=("poule",))
    assert client.rules.make("Fête & été", tagging, query="#pouletrose") is True
    assert client.rules.make("Fête & été", tagging, words=["poule"]) is False
    with pytest.raises(QualificationError):
        client.rules.make("nothing", QualificationChange(), query="#pouletrose")
    assert "Fête & été" in [rule.name for rule in client.rules.every()]
    counted = client.rules.apply("Fête & été", is_dry_run=True)
    applied = client.rules.apply("Fête & été")
    assert counted is not None
    assert applied is not None
    assert (counted.act, counted.mention_count > 0, applied.act is not None) == (None, True, True)
    assert client.rules.remove("Fête & été") is True
    assert client.rules.remove("Fête & été") is False
    assert client.rules.apply("Fête & été") is None


def plan(client: Client) -> None:
    entry = checked_entry(PlanEntry(kind=PlanKind.HASHTAG, target="#brunch", platform="tiktok"))
    assert client.plan.save([entry]) == (1, 0)
    assert client.plan.save([entry]) == (0, 0)
    assert entry in [one.entry for one in client.plan.standing()]
    with pytest.raises(PlanError):
        client.plan.save([PlanEntry(kind=PlanKind.GROUP, target="VIP", platform="whatsapp", device="salle-1")])
    assert client.plan.remove([entry]) == 1
    assert client.plan.remove([entry]) == 0


def change_campaigns(client: Client) -> None:
    assert client.campaigns.save("Fête & été", CampaignKind.QR, ["Bonjour"]) is True
    assert client.campaigns.save("brunch", CampaignKind.QR, ["Bonjour"], new_name="Fête & été") is False
    assert client.campaigns.find("Fête & été") in client.campaigns.every()
    assert client.campaigns.remove("Fête & été")
    assert client.campaigns.propose(at_least=1_000_000) == ()


def watch(client: Client) -> None:
    assert client.watches.save("Fête & été", WatchDraft("#pouletrose"))
    assert client.watches.save("Fête & été", WatchDraft("#pouletrose", "Europe/Paris"), new_name="fête ?")
    assert client.watches.save("other", WatchDraft("x"), new_name="fête ?") is False
    found = client.watches.find("fête ?")
    assert found is not None
    assert found in client.watches.every()
    assert [version.version for version in client.watches.history("fête ?")] == [2, 1]
    assert MENTION in [mention.id for mention in client.watches.mentions("fête ?")]
    new = client.watches.new("fête ?")
    assert new is not None
    client.watches.mark_seen("fête ?", new.next_cursor)
    trial = client.watches.backtest("fête ?", Condition())
    assert trial is not None
    assert trial.match_count == client.mentions.backtest("#pouletrose", Condition()).match_count
    assert client.watches.archive("fête ?")
    assert client.watches.restore("fête ?")
    assert client.watches.restore("none") is False
    assert client.watches.find("none") is None


def make_feeds(client: Client) -> None:
    made = client.feeds.make("fête ?")
    assert made is not None
    assert made.feed in list(client.feeds.every())
    renewed = client.feeds.renew(made.feed.id)
    assert renewed is not None
    assert httpx.get(made.link, timeout=60).status_code == 404
    assert httpx.get(renewed.link, timeout=60).headers["Content-Type"].startswith("application/atom+xml")
    revoked = client.feeds.revoke(made.feed.id)
    assert revoked is not None
    assert revoked.revoked_by == "client"
    assert client.feeds.revoke(made.feed.id) is None
    assert client.feeds.renew(made.feed.id) is None
    assert client.feeds.make("none") is None


def look_at_trends(client: Client) -> None:
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    assert "pouletrose" in [one.key.value for one in client.trends.rising(since_at=long_ago)]
    assert client.trends.bursts(since_at=long_ago) == ()
    assert isinstance(client.trends.communities(since_at=long_ago), tuple)
    named = client.trends.name_community("Fête & été", ["#pouletrose", "brunch"])
    assert named.hashtags == ("pouletrose", "brunch")
    assert client.trends.name_community("fête ?", named.hashtags, instead_of="Fête & été").name == "fête ?"
    assert [one.name for one in client.trends.named()] == ["fête ?"]
    assert client.trends.forget_name("fête ?")
    assert not client.trends.forget_name("fête ?")
    assert isinstance(client.trends.forwards(since_at=long_ago), tuple)
    assert isinstance(client.trends.crossings(since_at=long_ago), tuple)
    assert client.trends.unseen(long_ago).known


def report(client: Client) -> None:
    assert client.watches.save("reported", WatchDraft("since:2020-01-01", "Europe/Paris"))

    told = client.reports.of_watch("reported", "2026-W46", zone="Europe/Paris", with_private=True)
    asked = client.reports.of_query("platform:tiktok", "2026-W46", title="TikTok", zone=PARIS)

    assert told is not None
    assert told.volume.count == told.timeline.total > asked.volume.count == asked.timeline.total > 0
    assert told.notable
    assert asked.title == "TikTok"
    assert client.reports.of_watch("nobody made it") is None
    made = client.reports.schedule(ReportScheduleDraft(watch="reported", every=Every.DAY, receivers=("direction",)))
    assert made is not None
    assert client.reports.schedules() == [made]
    assert client.reports.schedule(ReportScheduleDraft(watch="reported", receivers=("nobody",))) is None
    assert client.reports.remove_schedule(made.id)
    assert not client.reports.remove_schedule(made.id)
    assert "Revue de veille" in client.reports.page_of_watch("reported", "2026-W46", language="fr")
    assert "Media watch" in client.reports.page_of_query("platform:tiktok", "2026-W46")
    assert client.reports.additions("reported") == ReportAdditions()


def send(client: Client) -> None:
    """Nothing is sent here: the host of the address does not exist."""
    added = client.receivers.add(ReceiverDraft(name="tableau", kind=ReceiverKind.WEBHOOK, address=HOOK))
    assert added.secret is not None
    assert added.receiver in client.receivers.every()
    with pytest.raises(ReceiverRefused):
        client.receivers.add(ReceiverDraft(name="tableau", kind=ReceiverKind.WEBHOOK, address=HOOK))
    told = client.receivers.try_out("tableau")
    assert told is not None
    assert told.outcome is AttemptOutcome.UNREACHED
    assert client.receivers.try_out("nobody") is None
    made = client.receivers.subscribe("tableau", SubscriptionDraft(query="kind:comment"))
    assert made in client.receivers.subscriptions()
    with pytest.raises(ReceiverRefused):
        client.receivers.subscribe("nobody", SubscriptionDraft(query="kind:comment"))
    assert client.receivers.unsubscribe(made.id)
    assert not client.receivers.unsubscribe(made.id)
    assert list(client.deliveries.every(state=DeliveryState.QUEUED, receiver="tableau")) == []
    assert client.deliveries.retry() == 0
    assert client.receivers.remove("tableau")
    assert not client.receivers.remove("tableau")


def fill_a_project(client: Client) -> None:
    made = client.projects.save("fleur-de-sel", "Fleur de sel")
    assert made in client.projects.every()
    assert client.projects.find("fleur-de-sel") == made
    with pytest.raises(ProjectRefused, match="another project has this name"):
        client.projects.save("autre", "Fleur de sel")
    let_in = client.projects.let_in("fleur-de-sel", "Zoé & fils", Standing())
    assert let_in is not None
    assert let_in.invitation is not None
    with pytest.raises(ProjectRefused):
        client.projects.remove("fleur-de-sel")
    assert client.projects.let_go("fleur-de-sel", "Zoé & fils")
    assert not client.projects.let_go("fleur-de-sel", "nobody")
    assert not client.projects.take("fleur-de-sel", "nowhere")
    assert client.projects.let_in("nowhere", "Zoé", Standing()) is None
    assert client.projects.remove("fleur-de-sel")
    assert not client.projects.remove("fleur-de-sel")


def make_alert_rules(client: Client) -> None:
    assert client.watches.save("alerted", WatchDraft("#pouletrose"))
    draft = AlertRuleDraft(trigger=AlertTrigger.COUNT, watch="alerted", at_least=5, quiet=QuietHours(1_320, 420))
    client.alert_rules.save("Fête & été", draft)
    client.alert_rules.save("Fête & été", draft, new_name="fête ?")
    with pytest.raises(AlertRuleError, match="no watch"):
        client.alert_rules.save("other", AlertRuleDraft(trigger=AlertTrigger.EVERY, watch="nobody made it"))
    with pytest.raises(AlertRuleError, match="takes no watch"):
        client.alert_rules.save("other", AlertRuleDraft(trigger=AlertTrigger.PARSER_DRIFT, watch="alerted"))
    found = client.alert_rules.find("fête ?")
    assert found is not None
    assert found.draft == draft
    assert found in client.alert_rules.every()
    assert [version.version for version in client.alert_rules.history("fête ?")] == [2, 1]
    tried = client.alert_rules.try_out("fête ?")
    assert tried is not None
    assert all(one.receiver for one in tried)
    assert client.alert_rules.archive("fête ?")
    assert client.alert_rules.restore("fête ?")
    assert client.alert_rules.find("none") is None
    assert client.alert_rules.try_out("none") is None
    assert client.alert_rules.restore("none") is False
    first = next(client.alerts.every())
    told = client.alerts.find(first.id)
    assert told is not None
    assert told.alert == first
    taken = client.alerts.acknowledge(first.id)
    assert taken is not None
    assert taken.acknowledged_at is not None
    assert client.alerts.acknowledge(10**9) is None


def follow_changes(client: Client) -> None:
    assert MENTION in [change.mention_id for change in client.changes.so_far()]
    assert client.changes.page(client.changes.newest_cursor()).changes == ()


def export(client: Client) -> None:
    ids = [mention.id for mention in client.mentions.every("#pouletrose")]
    lines = b"".join(client.exports.mentions("#pouletrose", format=ExportFormat.JSONL)).splitlines()
    assert [json.loads(line)["id"] for line in lines] == ids
    french = b"".join(client.exports.mentions("#pouletrose", PARIS, dialect=Dialect.EXCEL_FR))
    assert french.decode("utf-8-sig").startswith("id;")
    for packed in (ExportFormat.XLSX, ExportFormat.PARQUET):
        assert b"".join(client.exports.mentions("", PARIS, packed))[:2] in {b"PK", b"PA"}
    with pytest.raises(WrongQuery):
        next(client.exports.mentions("a AND"))
