"""Alert rules, and the alerts that they opened: what people are told, when, and who took it on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final, NewType

from msgspec import Struct

from veilleur.model.alarms import AlarmCode
from veilleur.model.delivery import AttemptOutcome, Severity
from veilleur.model.identity import MentionId

LONGEST_RULE_NAME: Final = 100
MOST_RULES: Final = 200
MOST_RECEIVERS: Final = 20
MOST_EVIDENCE: Final = 20
"""So many mentions of an alert are remembered, the newest."""

AlertRuleId = NewType("AlertRuleId", int)
AlertId = NewType("AlertId", int)


class AlertTrigger(StrEnum):
    """What a rule waits for; the last four are about no watch, and `burst` may be."""

    EVERY = "every"
    COUNT = "count"
    SILENCE = "silence"
    NEW_ACTOR = "new_actor"
    NEGATIVE = "negative"
    SPILLWAY = "spillway"
    BURST = "burst"
    APP_SILENT = "app_silent"
    DEVICE_OFFLINE = "device_offline"
    PARSER_DRIFT = "parser_drift"


OF_ALARMS: Final[Mapping[AlertTrigger, frozenset[AlarmCode]]] = {
    AlertTrigger.APP_SILENT: frozenset({AlarmCode.APP_SILENT}),
    AlertTrigger.DEVICE_OFFLINE: frozenset({AlarmCode.DEVICE_SILENT, AlarmCode.LISTENER_DEAD}),
    AlertTrigger.PARSER_DRIFT: frozenset({AlarmCode.PARSER_DRIFT, AlarmCode.QUARANTINE_BURST}),
}
"""Which alarms each of the triggers tells that are about Veilleur itself."""

WITHOUT_WATCH: Final = frozenset(OF_ALARMS)
"""Triggers that take no watch; `BURST` without one is about every hashtag, actor, conversation and word."""


class Digest(StrEnum):
    """Whether alerts are told one by one, or together at each full hour, or once a day."""

    NONE = "none"
    HOURLY = "hourly"
    DAILY = "daily"


class QuietHours(Struct, frozen=True):
    """A time of each day in which nobody is told, in minutes after the zone's midnight; it may span that."""

    from_minute: int
    until_minute: int


class AlertRuleDraft(Struct, frozen=True, kw_only=True):
    """A rule as a person writes it.

    `words`: only mentions in which one of them stands. `window_minutes`, `at_least` and `cool_down_minutes` are those
    of a condition; for `spillway` the window is how long a complaint may wait for an answer. What comes within
    `group_minutes` of an alert's first mention is told with it. `receivers` are names, nobody meaning every receiver
    of the project; with `escalate_minutes` they are an on-call list, the next told where nobody took it on.
    They are told in `language`.
    """

    trigger: AlertTrigger
    watch: str | None = None
    words: tuple[str, ...] = ()
    severity: Severity = Severity.WARNING
    at_least: int = 1
    window_minutes: int = 60
    cool_down_minutes: int = 0
    group_minutes: int = 0
    digest: Digest = Digest.NONE
    digest_minute: int = 8 * 60
    quiet: QuietHours | None = None
    zone: str = "UTC"
    receivers: tuple[str, ...] = ()
    escalate_minutes: int | None = None
    language: str = "en"


class AlertRule(Struct, frozen=True, kw_only=True):
    """A rule under a name that is unique in its project; an archived one waits for nothing and can be restored.

    It sees what its maker sees, and its alerts are shown to whoever sees as much. `version` counts what it was.
    """

    id: AlertRuleId
    name: str
    project: str
    draft: AlertRuleDraft
    may_read_private: bool
    version: int
    made_by: str
    created_at: datetime
    changed_by: str
    changed_at: datetime
    archived_by: str | None
    archived_at: datetime | None


class AlertRuleVersion(Struct, frozen=True, kw_only=True):
    """What a rule was, from `changed_at` until the next version."""

    version: int
    name: str
    draft: AlertRuleDraft
    changed_by: str
    changed_at: datetime


class Reason(Struct, frozen=True, kw_only=True):
    """Why an alert was opened, in numbers: never a mention's words.

    `subject` is what of several it is about: a device, an app, a key of a burst. `usual` is what is usual there:
    mentions in the window of a burst, seconds between two arrivals of an app. `sign`: what a public mention has in
    common with a private complaint (`handle`, `link`, `words`).
    """

    trigger: AlertTrigger
    watch: str | None = None
    subject: str | None = None
    detail: str | None = None
    count: int = 0
    window_s: int | None = None
    usual: float | None = None
    sign: str | None = None
    since_at: datetime | None = None


class Finding(Struct, frozen=True, kw_only=True):
    """What a rule found; with `is_new` false it belongs to the newest alert of the rule."""

    at: datetime
    reason: Reason
    mention_ids: tuple[MentionId, ...] = ()
    is_new: bool = True


class Alert(Struct, frozen=True, kw_only=True):
    """Something a rule found worth telling; `match_count` and `mention_ids` grow until it was told.

    `told_count`: so many times receivers were told. `tell_at`: when they are told next, None where no more.
    """

    id: AlertId
    rule: str
    project: str
    severity: Severity
    title: str
    reason: Reason
    match_count: int
    mention_ids: tuple[MentionId, ...]
    opened_at: datetime
    last_at: datetime
    tell_at: datetime | None
    told_count: int
    told_at: datetime | None
    acknowledged_by: str | None
    acknowledged_at: datetime | None


class AlertPage(Struct, frozen=True):
    """Alerts, the newest first; None: the last page."""

    alerts: tuple[Alert, ...]
    next_cursor: str | None


class RuleSaved(StrEnum):
    """What became of an attempt to write a rule."""

    SAVED = "saved"
    NAME_TAKEN = "name_taken"
    ARCHIVED = "archived"
    NO_WATCH = "no_watch"


WHY_UNSAVED: Final[Mapping[RuleSaved, str]] = {
    RuleSaved.NAME_TAKEN: "another alert rule has this name already",
    RuleSaved.ARCHIVED: "this alert rule rests: restore it first",
    RuleSaved.NO_WATCH: "there is no watch of this name: make it first",
}


class RuleTrial(Struct, frozen=True):
    """How a test of a rule went at one of its receivers; `detail` says why it failed."""

    receiver: str
    outcome: AttemptOutcome
    detail: str | None
