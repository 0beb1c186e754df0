"""Records as API, CLI and republishing write them: one set of names, one form of time, one line of JSON."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final, get_args

import msgspec
from msgspec import Raw, Struct

from veilleur.model.alarms import Alarm
from veilleur.model.alert import Alert, AlertRule, AlertRuleVersion, RuleTrial
from veilleur.model.campaign import Campaign, CampaignProposal
from veilleur.model.changes import Change
from veilleur.model.condition import BacktestResult, Telling
from veilleur.model.counts import Bucket, Count, FacetCounts, Timeline
from veilleur.model.coverage import Completeness, CoverageInterval
from veilleur.model.delivery import Delivery, Receiver, Subscription
from veilleur.model.device_health import DeviceHealth
from veilleur.model.drift import ParseRate
from veilleur.model.feed import MadeFeed, WatchFeed
from veilleur.model.listing import DeadLetter, Device, NotificationDetail, NotificationRow, Token
from veilleur.model.mention import Mention
from veilleur.model.people import Person
from veilleur.model.plan import PlanStanding
from veilleur.model.project import LetIn, Project
from veilleur.model.qualification import JournalEntry, Qualification, QualificationAct
from veilleur.model.report import Report, ReportAdditions
from veilleur.model.report_schedule import ReportSchedule
from veilleur.model.rules import QualificationRule
from veilleur.model.trends import Community, Crossing, Forward, KeptBurst, NamedCommunity, Trend
from veilleur.model.watch import Watch, WatchOverview, WatchVersion

# Legal inside JSON strings, but programs that read lines (or terminals) take them for line ends or commands.
_UNSAFE: Final = re.compile(rb"\x7f|\xc2[\x80-\x9f]|\xe2\x80[\xa8\xa9]")
_UTC_OFFSET_SIGNS: Final = len("+00:00")
_BEGINS_UNSAFE: Final = (b"\x7f", b"\xc2", b"\xe2\x80")


def mention_fields(mention: Mention) -> dict[str, Any]:
    """Return a mention's fields in their fixed order, nested, unknown ones None."""
    fields = _fields(mention)
    if mention.qualification is not None:
        fields["qualification"] = qualification_fields(mention.qualification)
    return fields


def qualification_fields(qualification: Qualification) -> dict[str, Any]:
    """Return what is said of a mention."""
    return _fields(qualification)


def act_fields(act: QualificationAct) -> dict[str, Any]:
    """Return an act's fields; of its change those that it says."""
    return _fields(act)


def plan_fields(standing: PlanStanding) -> dict[str, Any]:
    """Return an entry of the plan, and what was heard of it."""
    return _fields(standing)


def rule_fields(rule: QualificationRule) -> dict[str, Any]:
    """Return a rule's fields."""
    return _fields(rule)


def alert_rule_fields(rule: AlertRule) -> dict[str, Any]:
    """Return an alert rule's fields."""
    return _fields(rule)


def rule_trial_fields(trial: RuleTrial) -> dict[str, Any]:
    """Return the fields of how a test of a rule went at one receiver."""
    return _fields(trial)


def alert_rule_version_fields(version: AlertRuleVersion) -> dict[str, Any]:
    """Return the fields of what an alert rule was."""
    return _fields(version)


def alert_fields(alert: Alert) -> dict[str, Any]:
    """Return an alert's fields; of its mentions the ids alone."""
    return _fields(alert) | {"reason": _fields(alert.reason)}


def trend_fields(trend: Trend) -> dict[str, Any]:
    """Return the fields of what is on the rise; its key as `kind` and `value`."""
    return _keyed(_fields(trend))


def burst_fields(kept: KeptBurst) -> dict[str, Any]:
    """Return the fields of a burst, and of what gave it away."""
    own = _fields(kept)
    del own["burst"]
    return own | _keyed(_fields(kept.burst))


def community_fields(community: Community) -> dict[str, Any]:
    """Return a community's fields."""
    return _fields(community)


def named_community_fields(named: NamedCommunity) -> dict[str, Any]:
    """Return the fields of a name that somebody gave."""
    return _fields(named)


def forward_fields(forward: Forward) -> dict[str, Any]:
    """Return the fields of a message that went round."""
    return _fields(forward)


def crossing_fields(crossing: Crossing) -> dict[str, Any]:
    """Return the fields of what reached another platform."""
    reached = [instant_text(at) for at in crossing.first_seen_at]
    fields: dict[str, Any] = msgspec.to_builtins(crossing, builtin_types=(datetime,))
    return fields | {"first_seen_at": reached}


def journal_fields(entry: JournalEntry) -> dict[str, Any]:
    """Return the fields of one thing that was said."""
    return _fields(entry)


def notification_fields(row: NotificationRow) -> dict[str, Any]:
    """Return the fields of a raw notification's row."""
    return _fields(row)


def notification_detail_fields(detail: NotificationDetail) -> dict[str, Any]:
    """Return the row's fields, then `sha256` (of the stored bytes), `changed`, and `payload` as JSON."""
    payload = Raw(msgspec.json.format(detail.payload, indent=-1))
    own = {"sha256": detail.sha256, "changed": list(detail.changed), "payload": payload}
    return notification_fields(detail.row) | own


def token_fields(token: Token) -> dict[str, Any]:
    """Return a token's fields; its secret is not among them."""
    return _fields(token)


def project_fields(project: Project) -> dict[str, Any]:
    """Return a project's fields, with its people."""
    return _fields(project) | {"people": [person_fields(one) for one in project.people]}


def person_fields(person: Person) -> dict[str, Any]:
    """Return a person's fields, nested."""
    return _fields(person)


def let_in_fields(let_in: LetIn) -> dict[str, Any]:
    """Return who was let in, and by what they choose a password."""
    return _fields(let_in) | {"person": person_fields(let_in.person)}


def device_fields(device: Device) -> dict[str, Any]:
    """Return a device's fields."""
    return _fields(device)


def count_fields(count: Count) -> dict[str, Any]:
    """Return one count's fields."""
    return _fields(count)


def facet_fields(facet: FacetCounts) -> dict[str, Any]:
    """Return one facet's fields."""
    return _fields(facet)


def bucket_fields(bucket: Bucket) -> dict[str, Any]:
    """Return the fields of one bucket of a timeline."""
    return _fields(bucket)


def timeline_fields(timeline: Timeline) -> dict[str, Any]:
    """Return a timeline's fields."""
    return _fields(timeline) | {"buckets": [bucket_fields(bucket) for bucket in timeline.buckets]}


def campaign_fields(campaign: Campaign) -> dict[str, Any]:
    """Return a campaign's fields."""
    return _fields(campaign)


def proposal_fields(proposal: CampaignProposal) -> dict[str, Any]:
    """Return the fields of an opening that may be a campaign's."""
    return _fields(proposal)


def receiver_fields(receiver: Receiver) -> dict[str, Any]:
    """Return a receiver's fields, its address masked."""
    return _fields(receiver)


def subscription_fields(subscription: Subscription) -> dict[str, Any]:
    """Return a subscription's fields."""
    return _fields(subscription)


def delivery_fields(delivery: Delivery) -> dict[str, Any]:
    """Return a delivery's fields, with its attempts."""
    return _fields(delivery)


def change_fields(change: Change) -> dict[str, Any]:
    """Return one change's fields, with its mention as everywhere."""
    mention = None if change.mention is None else mention_fields(change.mention)
    about = (change.op, change.mention_id, change.project, change.is_replayed, change.is_said)
    names = ("op", "mention_id", "project", "is_replayed", "is_said")
    return dict(zip(names, about, strict=True)) | {"mention": mention}


def watch_fields(watch: Watch) -> dict[str, Any]:
    """Return a watch's fields."""
    return _fields(watch)


def watch_version_fields(version: WatchVersion) -> dict[str, Any]:
    """Return the fields of what a watch asked."""
    return _fields(version)


def feed_fields(feed: WatchFeed) -> dict[str, Any]:
    """Return a feed's fields; its link is not among them."""
    return _fields(feed)


def made_feed_fields(made: MadeFeed) -> dict[str, Any]:
    """Return a feed and its link."""
    return {"feed": feed_fields(made.feed), "link": made.link}


def watch_overview_fields(overview: WatchOverview) -> dict[str, Any]:
    """Return a watch in a list."""
    own = {"problem": overview.problem, "unread": _fields(overview.unread)}
    return {"watch": watch_fields(overview.watch)} | own


def backtest_fields(result: BacktestResult) -> dict[str, Any]:
    """Return what a condition would have told."""
    return _fields(result) | {"tellings": [telling_fields(telling) for telling in result.tellings]}


def report_addition_fields(additions: ReportAdditions) -> dict[str, Any]:
    """Return the fields of what is kept for reports."""
    return _fields(additions)


def report_fields(report: Report) -> dict[str, Any]:
    """Return a report's fields, its mentions as everywhere."""
    notable = [_fields(one) | {"mention": mention_fields(one.mention)} for one in report.notable]
    own: dict[str, Any] = {
        "timeline": timeline_fields(report.timeline),
        "facets": [facet_fields(one) for one in report.facets],
    }
    own |= {"period": _fields(report.period)}
    if report.alerts is not None:
        own["alerts"] = [_fields(one) for one in report.alerts]
    return _fields(report) | own | {"notable": notable, "completeness": completeness_fields(report.completeness)}


def report_schedule_fields(schedule: ReportSchedule) -> dict[str, Any]:
    """Return a schedule's fields, what it sends beside who made it."""
    fields = {name: value for name, value in _fields(schedule).items() if name not in {"draft", "receiver_ids"}}
    return fields | _fields(schedule.draft)


def telling_fields(telling: Telling) -> dict[str, Any]:
    """Return when somebody is told, and of what."""
    return _fields(telling)


def coverage_fields(interval: CoverageInterval) -> dict[str, Any]:
    """Return the fields of one interval that was not seen."""
    return _fields(interval)


def completeness_fields(completeness: Completeness) -> dict[str, Any]:
    """Return what an answer could not see."""
    return {
        "known": completeness.known,
        "intervals": [coverage_fields(interval) for interval in completeness.intervals],
        "omitted": completeness.omitted,
        "shortfalls": [_fields(shortfall) for shortfall in completeness.shortfalls],
    }


def dead_letter_fields(dead: DeadLetter) -> dict[str, Any]:
    """Return a dead letter's fields."""
    return _fields(dead)


def parse_rate_fields(rate: ParseRate) -> dict[str, Any]:
    """Return the fields of a parse rate."""
    return _fields(rate)


def alarm_fields(alarm: Alarm) -> dict[str, Any]:
    """Return an alarm's fields."""
    return _fields(alarm)


def health_fields(health: DeviceHealth) -> dict[str, Any]:
    """Return how a device is: its own fields, then what its status, its config and the alarms say."""
    nested = {"device", "spool", "config", "alarms"}
    plain = {name: value for name, value in _fields(health).items() if name not in nested}
    parts = {
        "spool": None if health.spool is None else _fields(health.spool),
        "config": _fields(health.config),
        "alarms": [alarm_fields(alarm) for alarm in health.alarms],
    }
    return _fields(health.device) | plain | parts


def instant_text(at: datetime) -> str:
    """Return an aware datetime as RFC 3339 in UTC with milliseconds: `2026-11-20T18:00:00.123Z`."""
    utc = at if at.tzinfo is UTC else at.astimezone(UTC)
    return f"{utc.isoformat(timespec='milliseconds')[:-_UTC_OFFSET_SIGNS]}Z"


def dump_line(fields: object) -> bytes:
    """Return compact JSON in one line, without a line end; C1 controls, DEL, U+2028 and U+2029 are escaped."""
    line = msgspec.json.encode(fields)
    # To look for what begins such a sign takes a tenth of the time.
    return _UNSAFE.sub(_escaped, line) if any(sign in line for sign in _BEGINS_UNSAFE) else line


def _fields(record: Struct) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.to_builtins(record, builtin_types=(datetime,))
    for name in _instants_of(type(record)):
        if (at := fields[name]) is not None:
            fields[name] = instant_text(at)
    return fields


@cache
def _instants_of(kind: type[Struct]) -> tuple[str, ...]:
    """Return the fields of a record that hold instants."""
    return tuple(one.encode_name for one in msgspec.structs.fields(kind) if _is_instant(one.type))


def _is_instant(kind: object) -> bool:
    return kind is datetime or datetime in get_args(kind)


def _keyed(fields: dict[str, Any]) -> dict[str, Any]:
    key = fields.pop("key")
    return {"kind": key["kind"], "value": key["value"], **fields}


def _escaped(match: re.Match[bytes]) -> bytes:
    return f"\\u{ord(match[0].decode()):04x}".encode()
